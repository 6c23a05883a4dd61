"""Which raters are still wanted, and why. No database."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.enums import ReferenceState, Slot
from applications.raters_wanted import EXTRA_RATERS, Wanted, wanted
from applications.ratings_counted import ReferencesRule, SlotRule, match
from tests.applications.samples import reference

DAY = datetime.date(2026, 5, 12)
ALL = ("current_supervisor", "rsc_provider", "colleague", "teacher")
RULE = ReferencesRule(
    count=3,
    slots=(
        SlotRule(frozenset({"current_supervisor"})),
        SlotRule(frozenset({"rsc_provider"})),
        SlotRule(frozenset({"colleague", "teacher", "current_supervisor"})),
    ),
    min_from_endorsed=1,
)
SLOTS = ("current_supervisor", "rsc_provider", "colleague")
NOBODY = Wanted((), "You have named everybody who is asked for.")


def people(*slots, endorsed="", **values):
    return [reference(slot, f"rater {n}", endorsed=slot == endorsed, **values) for n, slot in enumerate(slots)]


def asked(references, rule=RULE):
    return wanted(references, rule, day=DAY, valid_on=DAY)


@pytest.mark.parametrize("state", [ReferenceState.RECEIVED, ReferenceState.ASKED, ReferenceState.NAMED])
def test_nobody_else_is_wanted_when_those_named_can_meet_the_rule(state):
    assert asked(people(*SLOTS, endorsed="rsc_provider", state=state)) == NOBODY


@pytest.mark.parametrize(
    ("slots", "roles"),
    [
        ((), ALL),
        (("current_supervisor",), ALL),
        (("current_supervisor", "current_supervisor"), ("rsc_provider",)),
        (("colleague",), ("current_supervisor", "rsc_provider")),
    ],
)
def test_fewer_than_asked_for_need_no_reason(slots, roles):
    assert asked(people(*slots)) == Wanted(tuple(role for role in Slot.values if role in roles), "")


def test_three_of_whom_none_is_endorsed_leave_every_role_open():
    found = asked(people(*SLOTS))
    assert set(found.roles) == set(ALL)
    assert found.reason == ("None of your raters holds an endorsement that counts here. Ask one more person who does.")


def test_where_vetting_stands_in_the_reason_names_it():
    rule = ReferencesRule(count=3, slots=RULE.slots, min_from_endorsed=1, vetted_ok=True)
    assert "ask your coordinator to vet one of those you named" in asked(people(*SLOTS), rule).reason
    assert asked(people(*SLOTS, vetted=True), rule) == NOBODY


def test_a_rating_that_cannot_be_counted_opens_its_role_again():
    old = reference("colleague", "Adaeze", rating=None)
    found = asked([*people("current_supervisor", "rsc_provider", endorsed="rsc_provider"), old])
    assert found == Wanted(
        tuple(role for role in Slot.values if role in {"current_supervisor", "colleague", "teacher"}),
        "A rating that arrived cannot be counted for this application. Ask another person.",
    )


def test_a_role_that_is_missing_among_enough_people_is_named():
    found = asked(people("current_supervisor", "colleague", "teacher", endorsed="teacher"))
    assert found.roles == ("rsc_provider",)
    assert found.reason.startswith("Still missing: a rating from one of these: ")


def test_more_ratings_than_slots_are_taken_in_any_role():
    rule = ReferencesRule(count=2, slots=(SlotRule(frozenset({"colleague"})),))
    assert asked(people("colleague"), rule) == Wanted(("colleague",), "")


def test_who_declined_or_was_canceled_does_not_stand():
    gone = people(*SLOTS, endorsed="rsc_provider", state=ReferenceState.DECLINED)
    assert set(asked(gone).roles) == set(ALL)


def test_so_many_and_no_more():
    crowd = people(*SLOTS, *["colleague"] * EXTRA_RATERS)
    assert asked(crowd[:-1]).roles != ()
    assert asked(crowd) == Wanted((), "You have named 6 raters, as many as we can ask for one application.")


@given(
    st.lists(
        st.tuples(st.sampled_from(Slot.values), st.booleans(), st.sampled_from(list(ReferenceState))),
        max_size=RULE.count + EXTRA_RATERS - 1,
    )
)
def test_while_the_rule_is_not_met_and_everybody_has_answered_somebody_can_be_named(drawn):
    """The way out never closes: no received, unmet requirement leaves the applicant without a role to name."""
    references = [
        reference(slot, f"rater {n}", endorsed=endorsed, state=state) for n, (slot, endorsed, state) in enumerate(drawn)
    ]
    found = match(references, RULE, day=DAY, valid_on=DAY)
    met = len(found.counted) >= RULE.count and not found.open_slots and found.from_endorsed >= 1
    outstanding = any(r.state not in ("received", "declined", "canceled") for r in references)
    if met:
        assert asked(references) == NOBODY
    elif not outstanding:
        assert asked(references).roles != ()
