"""An edition with an association's settings equals the file with the settings written into it."""

import datetime
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.actions import overlays as actions
from competencies.assessment import assess
from competencies.models import Edition, Overlay
from competencies.overlays import merged, overlaid
from competencies.queries import standards as queries
from competencies.settings_words import settings_diff
from competencies.standards_files import Standards, read, schema_faults
from competencies.standards_specs import specs_of
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.workflow import LostRace, NotAllowed
from tests.competencies.test_recount import portfolio

FILES = read()
PLAIN = specs_of(FILES)
CODES = sorted(PLAIN)
hours = st.integers(0, 200).map(lambda value: {"value": value, "unit": "clock_hours"})
own_rules = st.fixed_dictionaries(
    {},
    optional={
        "training": st.fixed_dictionaries(
            {},
            optional={
                "params": st.fixed_dictionaries({}, optional={"min": hours}),
                "label": st.text("ab", min_size=1, max_size=9),
            },
        ),
        "rsc": st.fixed_dictionaries(
            {},
            optional={
                "params": st.fixed_dictionaries(
                    {}, optional={"min_received": hours, "max_group_size": st.integers(1, 9)}
                ),
                "required": st.booleans(),
            },
        ),
        "work": st.fixed_dictionaries(
            {}, optional={"params": st.fixed_dictionaries({}, optional={"months_min": st.integers(1, 60)})}
        ),
    },
)  # fmt: skip
settings = st.fixed_dictionaries(
    {},
    optional={
        "requirements": st.dictionaries(st.sampled_from(CODES), own_rules, max_size=4),
        "names": st.dictionaries(st.sampled_from(CODES), st.text("abc", min_size=1, max_size=9), max_size=3),
        "dei_minutes": st.dictionaries(st.sampled_from(CODES), st.integers(0, 600), max_size=4),
        "max_group_size": st.integers(1, 30),
        "rsc_window_months": st.integers(1, 90),
        "training_expiry_months": st.integers(1, 90),
        "vetted_until": st.dates().map(datetime.date.isoformat),
        "coverage": st.sampled_from(["warn", "block"]),
        "membership_through_review": st.booleans(),
    },
)


def in_the_file(data) -> dict:
    return specs_of(
        Standards(merged(FILES.categories, data), FILES.competencies, FILES.associations, FILES.renewal, FILES.fees)
    )


def rules_of(spec):
    return [
        (row.key, row.label, row.required, row.stage, row.params, row.rule, row.borrowed) for row in spec.requirements
    ]


@given(settings)
def test_the_edition_with_settings_equals_the_merged_file(data):
    assert list(schema_faults("overlay", data)) == []
    written = in_the_file(data)
    for code, spec in PLAIN.items():
        laid = overlaid(spec, data)
        assert (laid.name, rules_of(laid)) == (written[code].name, rules_of(written[code]))
    facts = portfolio(minutes=400)
    day = datetime.date(2026, 1, 15)
    for code in ("IFA", "IFS", "IMHM-C", "ERS-IMH"):
        assert assess(overlaid(PLAIN[code], data), facts, as_of=day) == assess(written[code], facts, as_of=day)


@given(settings)
def test_settings_leave_the_edition_as_it_is(data):
    before = json.dumps(FILES.content(), sort_keys=True)
    merged(FILES.categories, data)
    assert json.dumps(FILES.content(), sort_keys=True) == before
    assert specs_of(FILES) == PLAIN


def test_hours_on_dei_are_added_changed_and_taken_out():
    def parts(code, data):
        return {
            part.key: part.minutes for part in overlaid(PLAIN[code], data).requirement("training").rule.sub_minimums
        }

    assert parts("IFA", {}) == {}
    assert parts("IFA", {"dei_minutes": {"IFA": 180}}) == {"dei": 180}
    with_dei = next(code for code in CODES if "dei" in parts(code, {}))
    kept = {key: value for key, value in parts(with_dei, {}).items() if key != "dei"}
    assert parts(with_dei, {"dei_minutes": {with_dei: 0}}) == kept
    assert parts(with_dei, {"dei_minutes": {with_dei: 300}}) == {**kept, "dei": 300}


def test_specifications_of_the_files_equal_those_of_the_rows(db):
    assert queries.category_specs(Edition.objects.get()) == PLAIN


def test_settings_in_words():
    old = {"fees": [{"fee": "exam", "amount": 100, "currency": "USD"}]}
    new = {"vetted_until": "2027-12-31", "coverage": "block", "membership_through_review": False,
           "rsc_confirmation_required": False}  # fmt: skip
    assert [(value.label, value.old, value.new, value.judges) for value in settings_diff(old, new)] == [
        ("Vetted providers count until", "never", "December 31, 2027", True),
        ("RSC minutes count", "once the provider has confirmed them", "as soon as they are logged", True),
        ("A competency with nothing in it", "as set for the association", "blocks a submission", True),
        ("Membership to the end of the review", "as set for the association", "a warning only", True),
        ("Fees", "Exam: 100 USD", "not asked", False),
    ]
    required = settings_diff({}, {"membership_through_review": True, "coverage": "warn"})
    assert [value.new for value in required] == ["warns", "required"]


@pytest.fixture
def edition(db):
    return Edition.objects.get()


def publish(association, edition, data, by, after=None):
    return actions.publish(association=association, edition=edition, data=data, by=by, after=after)


def test_each_publication_is_a_new_version(association, edition, coordinator):
    first = publish(association, edition, {"max_group_size": 8}, coordinator)
    second = publish(association, edition, {"max_group_size": 6}, coordinator, after=first)
    first.refresh_from_db()
    assert (first.version, first.data, second.version) == (1, {"max_group_size": 8}, 2)
    assert queries.current_overlay(association, edition) == second
    event = AuditEvent.objects.filter(verb="standards.settings_published").last()
    assert (event.chain, event.data) == ("XX-PR", {"edition": "iecmh-2025", "version": 2, "sha256": second.sha256})


def test_settings_are_refused_with_their_reason(association, edition, coordinator, other_coordinator):
    def refusal(data, by=coordinator, after=None):
        with pytest.raises(NotAllowed) as caught:
            publish(association, edition, data, by, after)
        return caught.value.findings[0].requirement

    assert refusal({"max_group_size": 8}, by=other_coordinator) == "coordinators_only"
    assert refusal({"max_group_size": "many"}) == "settings_do_not_fit"
    bad = {"requirements": {"IFS": {"training": {"params": {"min": 3}}}}}
    assert refusal(bad) == "settings_do_not_fit"
    publish(association, edition, {"max_group_size": 8}, coordinator)
    assert refusal({"max_group_size": 7}) == "settings_changed_meanwhile"
    assert Overlay.objects.count() == 1


def test_a_version_taken_by_another_at_the_same_instant_is_a_lost_race(association, edition, coordinator, monkeypatch):
    publish(association, edition, {"max_group_size": 8}, coordinator)
    monkeypatch.setattr(actions, "current_overlay", lambda *_args: None)
    monkeypatch.setattr(Overlay.objects, "filter", lambda **_given: Overlay.objects.none())
    with pytest.raises(LostRace):
        publish(association, edition, {"max_group_size": 7}, coordinator)


def test_settings_follow_to_editions_that_begin_later(association, edition, coordinator, operator):
    Edition.objects.filter(pk=edition.pk).update(content=FILES.content())
    later = Edition.objects.create(
        code="later", title="Later", effective_from=datetime.date(2030, 1, 1), status="published",
        published_at=edition.published_at, sha256="0" * 64, content=FILES.content(),
    )  # fmt: skip
    first = publish(association, edition, {"max_group_size": 8}, coordinator)
    assert queries.current_overlay(association, later).data == {"max_group_size": 8}
    latest = Edition.objects.create(
        code="latest", title="Latest", effective_from=datetime.date(2029, 1, 1), status="published",
        published_at=edition.published_at, sha256="1" * 64, content=FILES.content(),
    )  # fmt: skip
    carried = actions.carry(edition=latest, by=operator)
    assert [(row.edition, row.data) for row in carried] == [(latest, first.data)]
    stale = Overlay.objects.create(
        association=association,
        edition=edition,
        version=9,
        data={"max_group_size": -1},
        sha256="",
        published_at=edition.published_at,
    )
    newest = Edition.objects.create(
        code="newest", title="Newest", effective_from=datetime.date(2028, 1, 1), status="published",
        published_at=edition.published_at, sha256="2" * 64, content=FILES.content(),
    )  # fmt: skip
    assert actions.carry(edition=newest, by=operator) == []
    left = AuditEvent.objects.get(verb="standards.settings_left_behind")
    assert (left.object_id, left.data) == (str(stale.uuid), {"to": "newest", "version": 9})


def test_an_association_without_settings_on_the_replaced_edition_has_nothing_to_carry(association, edition, operator):
    earlier = Edition.objects.create(
        code="earlier", title="Earlier", effective_from=datetime.date(2020, 1, 1), status="published",
        published_at=edition.published_at, sha256="3" * 64, content=FILES.content(),
    )  # fmt: skip
    Overlay.objects.create(
        association=association, edition=edition, version=1, data={}, sha256="", published_at=edition.published_at
    )
    assert actions.carry(edition=earlier, by=operator) == []
