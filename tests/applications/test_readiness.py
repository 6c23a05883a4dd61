"""Readiness: each kind's evaluator at its boundaries, groups, cautions and outcomes. No database."""

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import evaluators, outcomes, readiness
from applications.enums import Outcome, ReferenceState, Slot, TextKind
from applications.facts import ExamFacts, HouseFacts, RatingFacts, SignatureFacts
from applications.matching import best_match
from applications.ratings_counted import SlotRule, match, rule_of, slot_names
from competencies import assessment
from competencies.enums import RequirementKind, Stage
from competencies.facts import PortfolioFacts, StandingFact
from competencies.specs import AssessmentSettings
from tests.applications import samples
from tests.applications.samples import RATERS, facts, reference, rule

DAY = datetime.timedelta(days=1)


def finding_of(key, found):
    return next(finding for finding in found if finding.requirement == key)


def judged(key, given_facts):
    return finding_of(key, readiness.findings(given_facts))


def test_each_kind_has_exactly_one_evaluator():
    assert set(evaluators.EVALUATORS) | set(assessment.EVALUATORS) == set(RequirementKind)
    assert set(evaluators.EVALUATORS) & set(assessment.EVALUATORS) == set()


def test_nothing_is_missing():
    ready = facts()
    assert [finding.requirement for finding in readiness.findings(ready)] == [
        "training", "references", "membership", "ethics", "agreement", "exam",
    ]  # fmt: skip
    assert all(finding.met for finding in readiness.findings(ready))
    assert readiness.blockers(ready) == ()
    assert readiness.warnings(ready) == ()


def test_findings_of_one_stage():
    mentor = facts(samples.MENTOR)
    assert [finding.requirement for finding in readiness.findings(mentor, Stage.AWARD)] == ["exam"]
    assert "exam" not in [finding.requirement for finding in readiness.findings(mentor, Stage.SUBMISSION)]


def test_without_an_application():
    prospect = facts(samples.MENTOR, without_application=True)
    unmet = {finding.requirement: finding.message for finding in readiness.findings(prospect) if not finding.met}
    assert unmet == dict.fromkeys(["references", "ethics", "agreement", "exam"], "No application yet")
    assert judged("membership", prospect).met
    assert readiness.cautions(prospect) == ()


# --- References -------------------------------------------------------------------------------------


def references(*raters):
    return judged("references", facts(application={"references": raters}))


def test_count_of_ratings():
    found = references(*RATERS[:2])
    assert (found.met, found.message, found.fix) == (False, "2 of 3 ratings received", "Ask one more person.")
    assert references().fix == "Ask 3 more people."


def test_somebody_has_been_asked():
    asked = reference("colleague", "Adaeze", state=ReferenceState.ASKED)
    assert references(*RATERS[:2], asked).fix == "See who has been asked, and send a reminder or ask somebody else."


def test_one_rater_fills_one_slot():
    twice = replace(RATERS[1], rater="Ines")
    found = references(RATERS[0], twice, RATERS[2])
    assert (found.met, found.message) == (False, "2 of 3 ratings received")


def test_each_slot_has_to_be_filled():
    found = references(RATERS[0], RATERS[1], reference("trainer", "Adaeze"))
    assert not found.met
    assert found.fix == "Still missing: a rating from one of these: Current supervisor, Colleague, Teacher."


@pytest.mark.parametrize(
    ("slot", "words"),
    [
        (SlotRule(frozenset({"colleague"})), "Still missing: a rating from one of these: Colleague."),
        (SlotRule(frozenset({"colleague"}), True), "One rater has to be endorsed. Ask a person who is"),
        (SlotRule(frozenset({"colleague"}), True, True), "One rater has to be endorsed, or vetted by a coordinator."),
    ],
)
def test_an_open_slot_says_whom_it_waits_for(slot, words):
    assert evaluators.slot_wanted(slot).startswith(words)


def test_a_rating_goes_where_it_is_needed():
    supervisors = (RATERS[0], RATERS[1], reference("current_supervisor", "Odile"))
    assert references(*supervisors).met


def test_one_rater_has_to_be_endorsed():
    plain = replace(RATERS[1], standings=())
    found = references(RATERS[0], plain, RATERS[2])
    assert (found.met, found.message) == (False, "3 of 3 ratings received")
    assert "has to be endorsed" in found.fix


@pytest.mark.parametrize(
    ("standing", "met"),
    [
        (StandingFact("IMHM-C", "endorsed", samples.TODAY), True),
        (StandingFact("IMHM-C", "endorsed", samples.TODAY + DAY), False),
        (StandingFact("IMHM-C", "endorsed", datetime.date(2018, 1, 1), samples.TODAY), True),
        (StandingFact("IMHM-C", "endorsed", datetime.date(2018, 1, 1), samples.TODAY - DAY), False),
        (StandingFact("IFA", "endorsed", datetime.date(2018, 1, 1)), False),
        (StandingFact("IMHM-C", "vetted", datetime.date(2018, 1, 1)), False),
        (StandingFact("IMHM-C", "endorsed", datetime.date(2018, 1, 1), trusted=False), False),
    ],
)
def test_standing_on_the_day(standing, met):
    assert references(RATERS[0], replace(RATERS[1], standings=(standing,)), RATERS[2]).met is met


def rated(**values):
    rating = replace(RATERS[0].rating, **values)
    return references(replace(RATERS[0], rating=rating), *RATERS[1:])


@pytest.mark.parametrize(("not_enough", "met"), [(5, True), (6, False)])
def test_too_little_information_voids_a_rating(not_enough, met):
    assert rated(not_enough_information=not_enough).met is met


@pytest.mark.parametrize(
    ("until", "met"), [(samples.REVIEW_ENDS, True), (samples.REVIEW_ENDS - DAY, False), (None, True)]
)
def test_a_rating_lasts_through_the_review(until, met):
    found = rated(valid_until=until)
    assert found.met is met
    if not met:
        assert found.fix == "A rating that arrived cannot be counted for this application. Ask another person."


def test_validity_is_computed_where_none_is_stored():
    assert rated(valid_until=None, submitted_on=datetime.date(2025, 9, 18)).met
    assert not rated(valid_until=None, submitted_on=datetime.date(2025, 9, 17)).met


@pytest.mark.parametrize(
    ("known_since", "vetted", "met"),
    [
        (datetime.date(2025, 4, 20), False, True),
        (datetime.date(2025, 4, 21), False, False),
        (datetime.date(2025, 4, 21), True, True),
    ],
)
def test_a_rater_knows_the_person_for_a_year(known_since, vetted, met):
    assert references(replace(RATERS[0], known_since=known_since, vetted=vetted), *RATERS[1:]).met is met


def test_received_without_a_rating_counts_nothing():
    assert not references(replace(RATERS[0], rating=None), *RATERS[1:]).met


ASSOCIATE = {
    **samples.REFERENCES,
    "slots": [samples.SLOTS[0], {"who": ["colleague", "parent"], "endorsed_only": True, "vetted_ok": True}],
    "count": 2,
    "endorsed_categories": None,
    "vetted_ok": True,
}


def matched(params, *raters):
    return match(raters, rule_of(params), day=samples.TODAY, valid_on=samples.REVIEW_ENDS)


def test_a_slot_for_endorsed_or_vetted_people():
    plain = reference("parent", "Paula")
    assert len(matched(ASSOCIATE, RATERS[0], plain).open_slots) == 1
    assert matched(ASSOCIATE, RATERS[0], replace(plain, vetted=True)).open_slots == ()
    assert matched(ASSOCIATE, RATERS[0], reference("parent", "Pia", endorsed=True)).open_slots == ()
    assert matched(ASSOCIATE, RATERS[0], replace(plain, vetted=True)).from_endorsed == 1


def test_rule_without_limits():
    bare = rule_of({"count": 1, "slots": []})
    old = replace(RATERS[0], rating=RatingFacts(datetime.date(2001, 1, 1), None, 40))
    found = match([old], bare, day=samples.TODAY, valid_on=samples.REVIEW_ENDS)
    assert found.counted == (old,)
    assert slot_names(rule_of(samples.REFERENCES).slots[1]) == "Provider of RSC"


@given(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), max_size=6))
def test_matching_is_as_large_as_it_can_be(fits):
    """Compared with trying everything."""
    filled = best_match(fits, 4)
    assert len(set(filled.values())) == len(filled)
    assert all(fits[row][slot] for slot, row in filled.items())

    def most(row: int, free: frozenset[int]) -> int:
        if row == len(fits):
            return 0
        here = [1 + most(row + 1, free - {slot}) for slot in free if fits[row][slot]]
        return max([most(row + 1, free), *here])

    assert len(filled) == most(0, frozenset(range(4)))


# --- Membership -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "met"),
    [
        ({"ends_on": samples.TODAY}, True),
        ({"ends_on": samples.TODAY - DAY}, False),
        ({"starts_on": samples.TODAY}, True),
        ({"starts_on": samples.TODAY + DAY}, False),
        ({"state": "pending"}, False),
        ({"kind": "organizational"}, False),
    ],
)
def test_membership_on_the_day(values, met):
    assert judged("membership", facts(memberships=(samples.membership(**values),))).met is met


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"state": "pending"}, "Your membership waits for a coordinator to confirm it"),
        ({"state": "pending", "kind": "organizational"}, "No confirmed individual membership on this day"),
        ({"state": "pending", "ends_on": samples.TODAY - DAY}, "No confirmed individual membership on this day"),
        ({"state": "refused"}, "No confirmed individual membership on this day"),
    ],
)
def test_a_membership_that_waits_is_not_asked_for_again(values, message):
    assert judged("membership", facts(memberships=(samples.membership(**values),))).message == message


@pytest.mark.parametrize(("blocks", "where"), [(False, "warnings"), (True, "blockers")])
def test_membership_that_ends_before_the_review(blocks, where):
    short = facts(
        memberships=(samples.membership(ends_on=samples.REVIEW_ENDS - DAY),),
        house=HouseFacts(membership_through_review=blocks),
    )
    found = {
        "warnings": [finding.requirement for finding in readiness.warnings(short)],
        "blockers": [finding.requirement for finding in readiness.blockers(short)],
    }
    assert found[where] == ["membership_through_review"]
    assert found[{"warnings": "blockers", "blockers": "warnings"}[where]] == []


def test_membership_to_the_last_day_of_the_review_is_enough():
    assert readiness.cautions(facts(memberships=(samples.membership(ends_on=samples.REVIEW_ENDS),))) == ()


def test_membership_that_no_rule_asks_for_warns_of_nothing():
    plain = replace(samples.CATEGORY, requirements=(samples.TRAINING,))
    assert readiness.cautions(facts(plain, memberships=(samples.membership(ends_on=samples.TODAY),))) == ()


# --- Signatures, exam, base -------------------------------------------------------------------------


def signed(*signatures):
    return facts(application={"signatures": signatures})


def test_not_signed():
    found = judged("ethics", signed())
    assert (found.met, found.message, found.where) == (False, "Not signed yet", "sign:ethics")


def test_a_newer_text_is_signed_again():
    old = replace(samples.SIGNATURES[0], current=False)
    assert judged("ethics", signed(old)).message == "The text has changed since you signed it"
    assert judged("ethics", signed(old, samples.SIGNATURES[0])).met


@pytest.mark.parametrize(("attested", "met"), [(True, True), (False, False), (None, False)])
def test_attestation(attested, met):
    assert judged("ethics", signed(replace(samples.SIGNATURES[0], not_sanctioned=attested))).met is met


def test_a_rule_without_attestation_asks_for_none():
    plain = replace(samples.CATEGORY, requirements=(rule("ethics", "ethics"),))
    unattested = SignatureFacts(TextKind.ETHICS, "1", samples.TODAY)
    assert judged("ethics", facts(plain, application={"signatures": (unattested,)})).met


@pytest.mark.parametrize(
    ("results", "met", "message"),
    [
        ((), False, "0 of 2 parts passed"),
        (((1, True),), False, "1 of 2 parts passed"),
        (((1, True), (2, False)), False, "1 of 2 parts passed"),
        (((1, True), (2, False), (2, True)), True, "Passed"),
    ],
)
def test_exam(results, met, message):
    exams = tuple(ExamFacts(part, samples.TODAY, passed) for part, passed in results)
    found = judged("exam", facts(samples.MENTOR, application={"exams": exams}))
    assert (found.met, found.message) == (met, message)


@pytest.mark.parametrize(("held", "met"), [(("IFS",), True), (("IMHS", "IFA"), True), (("IFA",), False), ((), False)])
def test_base_of_an_add_on(held, met):
    assert judged("base_endorsement", facts(samples.ADD_ON, held=held)).met is met


def test_base_named_by_the_category_alone():
    plain = replace(samples.ADD_ON, requirements=(rule("base_endorsement", "endorsement"),))
    assert judged("base_endorsement", facts(plain)).met


# --- Groups, coverage, category ---------------------------------------------------------------------


def grouped(*, training_minutes):
    either = (
        rule(
            "one.training",
            "training_hours",
            {"min": {"value": training_minutes, "unit": "minutes"}, "group": "one"},
            required=False,
            label="Training",
        ),
        rule("one.membership", "membership", {"group": "one"}, required=False, label="Membership"),
    )
    return facts(replace(samples.CATEGORY, requirements=either), memberships=())


def test_a_group_is_one_blocker():
    found = readiness.blockers(grouped(training_minutes=600))
    assert [(finding.requirement, finding.message) for finding in found] == [
        ("one", "One of these is enough: Training; Membership")
    ]
    assert readiness.blockers(grouped(training_minutes=60)) == ()


@pytest.mark.parametrize(("blocks", "where"), [(False, readiness.warnings), (True, readiness.blockers)])
def test_coverage_warns_or_blocks(blocks, where):
    empty = facts(
        replace(samples.CATEGORY, requirements=()),
        portfolio=PortfolioFacts(),
        house=HouseFacts(coverage_blocks=blocks),
    )
    assert [(finding.requirement, finding.message) for finding in where(empty)] == [
        ("coverage", "One competency has nothing in it yet: Attachment")
    ]


def test_many_names_are_shortened():
    assert readiness.shortened(("a", "b", "c")) == "a, b, c"
    assert readiness.shortened(("a", "b", "c", "d", "e")) == "a, b, c and 2 more"


def test_superseded_category_says_what_replaced_it():
    old = replace(samples.CATEGORY, name="IFRS", active=False, superseded_by="ERS-IMH")
    assert [f.message for f in readiness.category_open(old)] == [
        "IFRS takes no new applications. It was replaced by ERS-IMH."
    ]
    assert [f.met for f in readiness.category_open(replace(old, superseded_by=""))] == [False]
    assert [f.met for f in readiness.category_open(samples.CATEGORY)] == [True]


# --- Outcomes ---------------------------------------------------------------------------------------


def refused(outcome, category=samples.CATEGORY, **values):
    found = outcomes.outcome_possible(facts(category, **values), outcome)
    return [finding.requirement for finding in found if not finding.met]


def test_every_outcome_has_a_rule():
    assert set(outcomes.OUTCOME_RULES) == set(Outcome)


def test_outcomes():
    assert refused(Outcome.ENDORSED) == []
    assert refused(Outcome.ENDORSED, samples.MENTOR) == ["exam"]
    assert refused(Outcome.ENDORSED, samples.ADD_ON, held=()) == ["base_endorsement"]
    assert refused(Outcome.EMERGING) == ["emerging"]
    assert refused(Outcome.EMERGING, samples.ADD_ON) == []
    assert refused(Outcome.EMERGING, samples.ADD_ON, held=()) == ["base_endorsement"]
    assert refused(Outcome.EMERGING, replace(samples.ADD_ON, emerging_max_months=None)) == ["emerging"]
    assert refused(Outcome.APPROVED_FOR_EXAM) == ["exam"]
    assert refused(Outcome.APPROVED_FOR_EXAM, samples.MENTOR) == []
    assert refused(Outcome.DEFERRED) == []
    assert refused(Outcome.NOT_ENDORSED) == ["not_endorsed"]
    assert refused(Outcome.NOT_ENDORSED, house=HouseFacts(allow_not_endorsed=True)) == []


WAIVABLE = rule(
    "work.rsc_provided", "work", {"roles_any": ["rsc_provision"], "months_min": 12, "waivable_while": "emerging"}
)


def test_what_is_waived_for_emerging_cannot_be_endorsed():
    add_on = replace(samples.ADD_ON, requirements=(samples.BASE, WAIVABLE))
    emerging = AssessmentSettings(emerging=True)
    assert readiness.blockers(facts(add_on, assessment=emerging)) == ()
    assert [f.requirement for f in readiness.blockers(facts(add_on))] == ["work.rsc_provided"]
    assert outcomes.waived_rules(facts(add_on, assessment=emerging)) == ("work.rsc_provided",)
    assert refused(Outcome.ENDORSED, add_on, assessment=emerging) == ["emerging"]
    assert refused(Outcome.EMERGING, add_on, assessment=emerging) == []


def test_all_slots_have_names():
    assert {slot.value for slot in Slot} >= {who for slot in samples.SLOTS for who in slot["who"]}
