"""Lists and sums: by the database, one query each, only one's own."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser

from competencies.enums import EntryKind
from competencies.queries import entry_lists
from competencies.queries import portfolio as queries
from competencies.queries.portfolio import Filters, Totals
from tests.factories.competencies import (
    EducationFactory,
    ProfessionalLicenseFactory,
    SupervisionFactory,
    TrainingFactory,
    WorkFactory,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date
GONE = datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)
TRAINING, SUPERVISION = EntryKind.TRAINING, EntryKind.SUPERVISION


@pytest.fixture
def user(applicant):
    return applicant.user


def titles(user, **filters):
    return [row.title for row in queries.listed(user, TRAINING, Filters(**filters))]


def test_tables_are_total():
    assert (set(queries.DISPLAYED), len(queries.DISPLAYED)) == (set(EntryKind), len(EntryKind))
    for table in (queries.MODELS, queries.OWNER_FIELD, queries.SEARCHED, queries.DATED_BY, queries.NAMED_BY):
        assert set(table) == set(EntryKind)


def test_sums_of_every_kind_in_one_query(applicant, user, django_assert_num_queries):
    TrainingFactory(person=applicant, minutes=90)
    TrainingFactory(person=applicant, minutes=30)
    TrainingFactory(person=applicant, minutes=600, withdrawn_at=GONE)
    TrainingFactory(minutes=999)
    SupervisionFactory(person=applicant, minutes=60)
    SupervisionFactory(person=applicant, minutes=61, state="sent")
    SupervisionFactory(person=applicant, minutes=62, confirmed=True)
    SupervisionFactory(person=applicant, minutes=63, state="corrected", attested_on=DAY(2026, 5, 1))
    SupervisionFactory(person=applicant, minutes=64, state="declined")
    SupervisionFactory(person=applicant, minutes=65, confirmed=True, withdrawn_at=GONE)
    WorkFactory(person=applicant)
    with django_assert_num_queries(1):
        found = queries.totals(user)
    assert found == (
        Totals(TRAINING, 2, 1, minutes=120),
        Totals(SUPERVISION, 5, 1, minutes=310, confirmed_minutes=125, waiting_minutes=121, declined_minutes=64),
        Totals(EntryKind.WORK, 1, 0),
        Totals(EntryKind.EDUCATION, 0, 0),
        Totals(EntryKind.LICENSE, 0, 0),
    )
    assert [total.timed for total in found] == [True, True, False, False, False]
    assert queries.totals_of(user, TRAINING) == found[0]


def test_sums_of_a_selection(applicant, user):
    TrainingFactory(person=applicant, minutes=90, title="Grief")
    TrainingFactory(person=applicant, minutes=30)
    TrainingFactory(person=applicant, minutes=5, title="Grief", withdrawn_at=GONE)
    assert queries.totals_of(user, TRAINING, Filters(q="grief")) == Totals(TRAINING, 1, 0, minutes=90)
    assert queries.totals_of(user, TRAINING, Filters(q="nothing")) == Totals(TRAINING, 0, 0)


def test_a_stranger_has_no_portfolio(applicant):
    TrainingFactory(person=applicant)
    assert list(queries.listed(AnonymousUser(), TRAINING, Filters())) == []


def test_newest_first_and_withdrawn_apart(applicant, user):
    TrainingFactory(person=applicant, title="old", on=DAY(2024, 1, 1))
    TrainingFactory(person=applicant, title="new", on=DAY(2026, 1, 1))
    TrainingFactory(person=applicant, title="gone", withdrawn_at=GONE)
    assert (titles(user), titles(user, withdrawn=True)) == (["new", "old"], ["gone"])


def test_filters_of_trainings(applicant, user):
    TrainingFactory(person=applicant, title="a", on=DAY(2025, 3, 4), topics=["core"], ages=["0-36"])
    TrainingFactory(person=applicant, title="b", on=DAY(2024, 3, 4), topics=["rsc"], ages=["37-71"], organizer="Dei")
    TrainingFactory(person=applicant, title="c", on=DAY(2023, 3, 4), topics=[], topic_minutes={"dei": 30}, ages=[])
    assert titles(user, year=2024) == ["b"]
    assert (titles(user, topic="core"), titles(user, topic="dei")) == (["a"], ["c"])
    assert (titles(user, ages="0-36"), titles(user, ages="37-71")) == (["a"], ["b"])
    assert (titles(user, q="DEI"), titles(user, q="50%_")) == (["b"], [])
    assert entry_lists.years(user, TRAINING) == (2025, 2024, 2023)


def test_filters_of_sessions(applicant, user):
    first = SupervisionFactory(person=applicant, provider__name="Tobias", state="sent", ages=["0-36"])
    second = SupervisionFactory(person=applicant, provider=None, ages=[])
    filters = {
        Filters(q="tob"): [first],
        Filters(state="sent"): [first],
        Filters(state="logged"): [second],
        Filters(provider=first.provider.uuid): [first],
        Filters(ages="0-36"): [first],
        Filters(topic="core"): [first, second],
    }
    for given, expected in filters.items():
        assert set(queries.listed(user, SUPERVISION, given)) == set(expected)
        assert given.narrowing is True
    assert Filters(withdrawn=True).narrowing is False


def test_kinds_without_a_filter_ignore_it(applicant, user):
    education = EducationFactory(person=applicant)
    found = queries.listed(user, EntryKind.EDUCATION, Filters(ages="0-36", state="sent", topic="core"))
    assert list(found) == [education]


def test_undated_entries_stand_last(applicant, user):
    without = EducationFactory(person=applicant, awarded_on=None)
    dated = EducationFactory(person=applicant, awarded_on=DAY(2001, 1, 1))
    assert list(queries.listed(user, EntryKind.EDUCATION, Filters())) == [dated, without]
    assert entry_lists.years(user, EntryKind.EDUCATION) == (2001,)


def test_recent_over_all_kinds_in_one_query(applicant, user, django_assert_num_queries):
    entries = [
        EducationFactory(person=applicant),
        ProfessionalLicenseFactory(person=applicant),
        WorkFactory(person=applicant),
        TrainingFactory(person=applicant, title="Grief"),
        SupervisionFactory(person=applicant, provider=None),
    ]
    TrainingFactory(person=applicant, withdrawn_at=GONE)
    TrainingFactory()
    with django_assert_num_queries(1):
        recent = queries.recent(user, 4)
    assert [entry.uuid for entry in recent] == [entry.uuid for entry in reversed(entries[1:])]
    assert [(entry.kind, entry.name, entry.minutes) for entry in recent[:2]] == [
        (SUPERVISION, "", 60),
        (TRAINING, "Grief", 360),
    ]
    assert recent[1].on == entries[3].on


def test_last_entry_is_the_one_entered_last(applicant, user):
    SupervisionFactory(person=applicant, on=DAY(2026, 4, 1))
    last = SupervisionFactory(person=applicant, on=DAY(2020, 1, 1))
    SupervisionFactory(person=applicant, withdrawn_at=GONE)
    assert queries.last_entry(user, SUPERVISION) == last
    assert queries.last_entry(user, EntryKind.WORK) is None


def test_twins(applicant):
    first = TrainingFactory(person=applicant, on=DAY(2026, 1, 1), title="Grief", minutes=60)
    alone = queries.has_twin(first)
    TrainingFactory(person=applicant, on=DAY(2026, 1, 1), title="Grief", minutes=60)
    assert (alone, queries.has_twin(first), queries.has_twin(WorkFactory(person=applicant))) == (False, True, False)


def test_competencies_stand_under_their_areas():
    groups = queries.competency_choices()
    assert (len(groups) > 5, all(choices for _area, choices in groups)) == (True, True)
