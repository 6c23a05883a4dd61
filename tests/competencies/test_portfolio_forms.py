"""Forms of entries: what they take, what they ask about, and that nothing odd breaks them."""

import datetime
import uuid

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competencies.actions.portfolio import NamedProvider
from competencies.enums import EntryKind
from competencies.forms.by_kind import FORMS
from competencies.forms.evidence import DOCUMENT_TYPES
from competencies.forms.filters import FilterForm
from competencies.forms.hours import PARTS
from competencies.models import Competency
from competencies.queries.portfolio import Filters
from tests.factories.competencies import (
    EducationFactory,
    ProfessionalLicenseFactory,
    SupervisionFactory,
    TrainingFactory,
    WorkFactory,
)
from tests.fuzzing import FUZZ_EXAMPLES

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 5, 12)
GOOD = {
    EntryKind.EDUCATION: {"level": "master", "institution": "Prairie State", "awarded_on": "2015-05-20"},
    EntryKind.LICENSE: {
        "name": "LCSW",
        "license_kind": "mental_health",
        "region": "us-mo",
        "starts_on": "2016-01-01",
    },
    EntryKind.WORK: {"title": "Home visitor", "starts_on": "2019-01-01", "roles": ["direct_service"], "paid": "on"},
    EntryKind.TRAINING: {"title": "Reading the baby", "on": "2026-05-12", "minutes": "3 h"},
    EntryKind.SUPERVISION: {
        "on": "2026-05-12",
        "minutes": "90",
        "provider": "new",
        "provider_name": "Tobias",
        "provider_email": "tobias@example.org",
        "format": "group",
        "group_size": "5",
        "mode": "distance",
    },
}


def post(data) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in data.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return query


def form_of(kind, person, **changes):
    data = {name: value for name, value in {**GOOD[kind], **changes}.items() if value is not None}
    return FORMS[kind](post(data), person=person, today=TODAY)


def faults(form) -> dict[str, list[str]]:
    form.is_valid()
    return {name: [error.code or "" for error in errors.as_data()] for name, errors in form.errors.items()}


def test_tables_are_total():
    assert set(FORMS) == set(DOCUMENT_TYPES) == set(EntryKind) == set(GOOD)


@pytest.mark.parametrize("kind", list(EntryKind))
def test_the_short_part_is_enough(applicant, kind):
    form = form_of(kind, applicant)
    assert faults(form) == {}
    assert "seen_version" not in form.values()


def test_a_first_training_takes_four_fields_and_three_of_them_are_needed(applicant):
    form_class = FORMS[EntryKind.TRAINING]
    needed = [name for name, field in form_class.base_fields.items() if field.required]
    assert (form_class.short, needed) == (("title", "on", "minutes", "topics"), ["title", "on", "minutes"])


def test_training_values(applicant):
    form = form_of(
        EntryKind.TRAINING,
        applicant,
        topics=["dei", "core"],
        part_rsc="1:00",
        ages=["37-71"],
        competencies=[Competency.objects.order_by("pk")[0].code],
    )
    assert faults(form) == {}
    assert form.values() == {
        "title": "Reading the baby",
        "on": TODAY,
        "minutes": 180,
        "organizer": "",
        "topics": ["core", "dei"],
        "topic_minutes": {"rsc": 60},
        "ages": ["37-71"],
        "competencies": [Competency.objects.order_by("pk")[0].code],
    }


@pytest.mark.parametrize(
    ("kind", "changes", "expected"),
    [
        (EntryKind.TRAINING, {"minutes": "6"}, {"minutes": ["ambiguous"]}),
        (EntryKind.TRAINING, {"minutes": "2001 h"}, {"minutes": ["too_long"]}),
        (EntryKind.TRAINING, {"on": "2026-05-13"}, {"on": ["future"]}),
        (EntryKind.TRAINING, {"on": "1926-05-13"}, {"on": ["year"]}),
        (EntryKind.TRAINING, {"on": "yesterday"}, {"on": ["invalid"]}),
        (EntryKind.TRAINING, {"title": " "}, {"title": ["required"]}),
        (EntryKind.TRAINING, {"title": "a\x00b"}, {"title": ["null_characters_not_allowed"]}),
        (EntryKind.TRAINING, {"title": "x" * 201}, {"title": ["max_length"]}),
        (EntryKind.TRAINING, {"topics": ["magic"]}, {"topics": ["invalid_choice"]}),
        (EntryKind.TRAINING, {"topics": ["dei"], "part_dei": "1 h"}, {"part_dei": [""]}),
        (EntryKind.TRAINING, {"part_dei": "4 h"}, {"part_dei": [""]}),
        (EntryKind.TRAINING, {"competencies": ["XX.none"]}, {"competencies": ["invalid_choice"]}),
        (EntryKind.TRAINING, {"seen_version": "9" * 30}, {"seen_version": ["max_value"]}),
        (EntryKind.SUPERVISION, {"minutes": "24 h 1 min"}, {"minutes": ["too_long"]}),
        (EntryKind.SUPERVISION, {"provider": ""}, {"provider": ["required"]}),
        (EntryKind.SUPERVISION, {"provider": str(uuid.uuid4())}, {"provider": ["invalid_choice"]}),
        (EntryKind.SUPERVISION, {"provider_name": ""}, {"provider_name": [""]}),
        (EntryKind.SUPERVISION, {"provider_email": ""}, {"provider_email": [""]}),
        (EntryKind.SUPERVISION, {"provider_email": "tobias"}, {"provider_email": ["invalid"]}),
        (EntryKind.SUPERVISION, {"group_size": ""}, {"group_size": [""]}),
        (EntryKind.SUPERVISION, {"group_size": "1"}, {"group_size": ["min_value"]}),
        (EntryKind.SUPERVISION, {"format": "crowd"}, {"format": ["invalid_choice"]}),
        (EntryKind.SUPERVISION, {"format": "individual", "provider": "none"}, {"provider": [""]}),
        (EntryKind.EDUCATION, {"level": ""}, {"level": ["required"]}),
        (EntryKind.EDUCATION, {"institution": ""}, {"institution": [""]}),
        (EntryKind.EDUCATION, {"awarded_on": ""}, {"awarded_on": [""]}),
        (EntryKind.EDUCATION, {"awarded_on": "2027-01-01"}, {"awarded_on": ["future"]}),
        (EntryKind.LICENSE, {"region": "Missouri"}, {"region": ["invalid"]}),
        (EntryKind.LICENSE, {"ends_on": "2015-01-01"}, {"ends_on": ["reversed"]}),
        (EntryKind.WORK, {"roles": []}, {"roles": ["required"]}),
        (EntryKind.WORK, {"ends_on": "2018-01-01"}, {"ends_on": ["reversed"]}),
        (EntryKind.WORK, {"ends_on": "2026-12-31"}, {"ends_on": ["future"]}),
        (EntryKind.WORK, {"hours_per_week": "0"}, {"hours_per_week": ["min_value"]}),
        (EntryKind.WORK, {"families_served": "1" * 400}, {"families_served": ["max_value"]}),
    ],
)
def test_each_fault_stands_by_its_field(applicant, kind, changes, expected):
    assert faults(form_of(kind, applicant, **changes)) == expected


def test_american_dates_are_read_too(applicant):
    form = form_of(EntryKind.TRAINING, applicant, on="05/09/2026")
    assert (faults(form), form.values()["on"]) == ({}, datetime.date(2026, 5, 9))


def test_no_degree_needs_no_day(applicant):
    form = form_of(EntryKind.EDUCATION, applicant, level="none", institution=None, awarded_on="2015-05-20")
    assert (faults(form), form.values()["awarded_on"]) == ({}, None)


def test_license_region_is_written_large(applicant):
    form = form_of(EntryKind.LICENSE, applicant)
    assert (faults(form), form.values()["region"]) == ({}, "US-MO")


def test_providers_named_before_stand_in_the_list(applicant):
    session = SupervisionFactory(person=applicant, provider__name="Tobias Fernhollow")
    form = form_of(EntryKind.SUPERVISION, applicant, provider=str(session.provider.uuid))
    assert (faults(form), form.values()["provider"]) == ({}, session.provider)


def test_a_typed_provider_is_left_to_the_action(applicant):
    form = form_of(EntryKind.SUPERVISION, applicant)
    assert (faults(form), form.values()["provider"]) == ({}, NamedProvider("Tobias", "tobias@example.org"))


def test_peer_meeting_has_no_provider(applicant):
    form = form_of(EntryKind.SUPERVISION, applicant, provider="none")
    assert (faults(form), form.values()["provider"]) == ({}, None)


def test_individual_session_has_no_group(applicant):
    form = form_of(EntryKind.SUPERVISION, applicant, format="individual")
    assert (faults(form), form.values()["group_size"]) == ({}, None)


def test_no_field_asks_what_was_said():
    names = set(FORMS[EntryKind.SUPERVISION].base_fields)
    assert names & {"notes", "note", "description", "content", "comment", "topic"} == set()


FACTORIES = {
    EntryKind.EDUCATION: EducationFactory,
    EntryKind.LICENSE: ProfessionalLicenseFactory,
    EntryKind.WORK: WorkFactory,
    EntryKind.TRAINING: TrainingFactory,
    EntryKind.SUPERVISION: SupervisionFactory,
}


@pytest.mark.parametrize("kind", list(EntryKind))
def test_what_is_stored_is_read_back_unchanged(applicant, kind):
    """Opening an entry and saving it as it stands changes nothing."""
    more = {"topic_minutes": {"dei": 45}} if kind == EntryKind.TRAINING else {}
    entry = FACTORIES[kind](person=applicant, **more)
    entry.refresh_from_db()
    shown = FORMS[kind].read_back(entry, person=applicant, today=TODAY)
    data = QueryDict(mutable=True)
    for field in shown:
        value = field.value()
        if isinstance(value, list):
            data.setlist(field.html_name, value)
        elif value not in (None, "", False):
            data[field.html_name] = str(value)
    form = FORMS[kind](data, person=applicant, today=TODAY)
    assert faults(form) == {}
    assert {name: getattr(entry, name) for name in form.values()} == form.values()
    assert all(not line.differs for line in form.compared_with(shown))


def test_two_versions_side_by_side(applicant):
    entry = TrainingFactory(person=applicant, title="Stored", minutes=60, topics=["core"], ages=[])
    form = form_of(EntryKind.TRAINING, applicant, title="Typed", minutes="60", on=entry.on.isoformat())
    assert form.is_valid()
    lines = form.compared_with(FORMS[EntryKind.TRAINING].read_back(entry, person=applicant, today=TODAY))
    differing = {line.label: (line.stored, line.typed) for line in lines if line.differs}
    assert differing == {
        "Course": ("Stored", "Typed"),
        "All of it was about": ("Relationship-based infant and early childhood mental health", "-"),
        "Who offered it": ("Prairie Rivers Association", "-"),
        "Competencies": (Competency.objects.get(code="TF.attachment_trauma").name, "-"),
    }


def test_shown_lines_leave_out_what_is_empty(applicant):
    entry = WorkFactory(person=applicant, employer="", competencies=[])
    labels = [label for label, _words in FORMS[EntryKind.WORK].read_back(entry, person=applicant, today=TODAY).shown()]
    assert ("Employer" in labels, "Competencies" in labels, "Paid work" in labels) == (False, False, True)


def test_details_stand_open_when_they_hold_something(applicant):
    form_class = FORMS[EntryKind.TRAINING]
    empty = form_class(initial={}, person=applicant, today=TODAY)
    filled = form_class(initial={"organizer": "Hospital"}, person=applicant, today=TODAY)
    wrong = form_of(EntryKind.TRAINING, applicant, part_dei="9 h")
    wrong.is_valid()
    assert (empty.further_open, filled.further_open, wrong.further_open) == (False, True, True)


ODD = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", "\x00", "9" * 400, "-1", "0001-01-01", "9999-12-31", "2026-02-30", "1e400", "NaN", "☃" * 300]),
)


@pytest.mark.parametrize("kind", list(EntryKind))
@settings(max_examples=FUZZ_EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_odd_input_is_answered_never_broken(applicant, kind, data):
    names = list(FORMS[kind].base_fields)
    typed = data.draw(st.dictionaries(st.sampled_from(names), st.lists(ODD, max_size=3), max_size=len(names)))
    form = FORMS[kind](post({**GOOD[kind], **typed}), person=applicant, today=TODAY)
    if form.is_valid():
        assert form.values()
    else:
        assert form.errors
    assert form.as_div()


@settings(max_examples=FUZZ_EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.dictionaries(st.sampled_from(["q", "year", "topic", "ages", "state", "provider"]), ODD))
def test_filters_read_what_they_can(db, typed):
    for kind in EntryKind:
        assert isinstance(FilterForm(post(typed), kind=kind, years=(2026,)).filters(), Filters)


def test_filters_of_an_address():
    form = FilterForm(post({"year": "2026", "topic": "dei", "state": "sent"}), kind=EntryKind.TRAINING, years=(2026,))
    assert form.filters() == Filters(year=2026, topic="dei")
    assert set(PARTS) == {"part_core", "part_rsc", "part_dei"}
