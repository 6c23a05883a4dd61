"""What the database counts for the matrix is what a count of the entries, one after the other, finds."""

import datetime
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competencies.models import Category, Training
from competencies.queries.matrix import Looked, showing, tallies
from competencies.queries.standards import category_spec, edition_for
from tests.factories.competencies import (
    CourseVersionFactory,
    EducationFactory,
    SupervisionFactory,
    TrainingFactory,
    WorkFactory,
)
from tests.factories.members import PersonFactory

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 5, 12)
CODES = ["TF.pregnancy", "TF.attachment_trauma", "LRP.law", "REF.curiosity"]
FACTORIES = {"education": EducationFactory, "training": TrainingFactory, "work": WorkFactory, "rsc": SupervisionFactory}
DATED_BY = {"education": "awarded_on", "training": "on", "work": "starts_on", "rsc": "on"}
LISTS = {"education": "education", "training": "training", "work": "work", "rsc": "supervision"}

ENTRIES = st.lists(
    st.fixed_dictionaries(
        {
            "way": st.sampled_from(list(FACTORIES)),
            "competencies": st.lists(st.sampled_from(CODES), unique=True, max_size=3),
            "ages": st.sampled_from([[], ["0-36"], ["37-71"], ["0-36", "37-71"]]),
            "day": st.sampled_from([TODAY - datetime.timedelta(days=400), TODAY, TODAY + datetime.timedelta(days=1)]),
            "accepted": st.sampled_from([True, True, False]),
            "withdrawn": st.sampled_from([False, False, True]),
            "left_out": st.sampled_from([False, False, True]),
            "form": st.sampled_from(["", "", "training_series", "conference"]),
        }
    ),
    max_size=12,
)


def write(person, drawn):
    """The entry's way, its row and the form it weighs by."""
    way, form = drawn["way"], drawn["form"] if drawn["way"] == "training" else ""
    values = {"competencies": drawn["competencies"], "accepted": drawn["accepted"], DATED_BY[way]: drawn["day"]}
    if drawn["withdrawn"]:
        values["withdrawn_at"] = datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)
    if way != "education":
        values["ages"] = drawn["ages"]
    if form:
        values["course_version"] = CourseVersionFactory(form=form)
    return way, FACTORIES[way](person=person, **values), form


def recount(rows, shows):
    found = Counter()
    for way, row, form in rows:
        if row.withdrawn_at is None and shows(way, row):
            found.update((way, code, form) for code in row.competencies)
    return found


def counted(found):
    return {(tally.way, tally.competency, tally.form): tally.count for tally in found}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=ENTRIES, code=st.sampled_from(["IFS", "ECFS"]), selects=st.booleans())
def test_tallies_are_those_of_a_naive_recount(db, drawn, code, selects):
    person, band = PersonFactory(), {"IFS": "0-36", "ECFS": "37-71"}[code]
    rows = [write(person, one) for one in drawn]
    WorkFactory(competencies=CODES)  # somebody else's
    left_out = {}
    for one, (way, row, _form) in zip(drawn, rows, strict=True):
        if selects and one["left_out"]:
            left_out.setdefault(LISTS[way], []).append(row.key)

    def shows(way, row):
        ages = getattr(row, "ages", [])
        return (
            row.accepted
            and getattr(row, DATED_BY[way]) <= TODAY
            and row.key not in left_out.get(LISTS[way], [])
            and (not ages or band in ages)
        )

    looked = Looked(category_spec(Category.objects.get(code=code), edition_for(TODAY)), TODAY, left_out)
    expected = recount(rows, shows)
    assert counted(tallies(person, looked)) == expected
    assert counted(tallies(person)) == recount(rows, lambda way, row: True)
    for named in CODES:
        listed = showing(person, looked, named, ways=FACTORIES)
        assert len(listed) == sum(count for (_way, of, _form), count in expected.items() if of == named)


def test_thousands_of_entries_are_counted_in_one_query(applicant, django_assert_num_queries):
    Training.objects.bulk_create(
        TrainingFactory.build(person=applicant, competencies=CODES[: number % 5]) for number in range(1000)
    )
    looked = Looked(category_spec(Category.objects.get(code="IFS"), edition_for(TODAY)), TODAY)
    tallies(applicant, looked)
    with django_assert_num_queries(1):
        found = counted(tallies(applicant, looked))
    assert found == {("training", code, ""): 800 - 200 * place for place, code in enumerate(CODES)}
