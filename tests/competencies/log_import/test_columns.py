"""Which column means what: guessed from headings, proved by values, asked about where neither tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.enums import DayOrder, EntryKind, NumberUnit
from competencies.log_import import columns as cols
from competencies.log_import import samples
from competencies.log_import.columns import Columns
from competencies.log_import.fields import FIELDS, KINDS, field
from endorsement_portal.sheets.table import Cell, CellKind
from tests.competencies.log_import.sheets import table

TRAINING, SESSION = EntryKind.TRAINING, EntryKind.SUPERVISION


def guessed(kind, headings, *rows, remembered=None):
    made = table(headings, *rows)
    return {
        name: headings.split("|")[place] for name, place in cols.guess(FIELDS[kind], made, remembered).places.items()
    }


@pytest.mark.parametrize(
    ("headings", "found"),
    [
        ("Date|Course|Hours", {"on": "Date", "title": "Course", "minutes": "Hours"}),
        (
            "Training Title|Date Completed|Clock Hours|Sponsor",
            {"title": "Training Title", "on": "Date Completed", "minutes": "Clock Hours", "organizer": "Sponsor"},
        ),
        (
            "DATE (mm/dd/yyyy)|Name of the training attended|Length in minutes",
            {"on": "DATE (mm/dd/yyyy)", "title": "Name of the training attended", "minutes": "Length in minutes"},
        ),
        ("Notes|Color|Room", {}),
        ("Date|Date|Course|Hours", {"title": "Course", "minutes": "Hours"}),
    ],
)
def test_trainings_by_their_headings(headings, found):
    assert guessed(TRAINING, headings) == found


def test_sessions_by_their_headings():
    found = guessed(
        SESSION, "Session date|Minutes|Supervisor|Supervisor's e-mail|Individual/Group|Group size|In person or online"
    )
    assert found == {
        "on": "Session date",
        "minutes": "Minutes",
        "provider": "Supervisor",
        "format": "Individual/Group",
        "group_size": "Group size",
        "mode": "In person or online",
        "provider_email": "Supervisor's e-mail",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_the_sample_is_understood_without_a_word(kind):
    made = table("|".join(samples.HEADINGS[kind]))
    columns = cols.guess(FIELDS[kind], made)
    assert cols.missing(FIELDS[kind], columns) == ()
    assert sorted(columns.places.values()) == list(range(len(made.headings)))


@given(st.sampled_from(KINDS), st.lists(st.text("abcdehiorstu -", max_size=12), max_size=8))
def test_no_column_is_used_twice(kind, headings):
    places = cols.guess(FIELDS[kind], table("|".join(headings))).places
    assert len(set(places.values())) == len(places)


def test_what_was_remembered_goes_before_the_guess():
    remembered = {"what": "title", "date": "on", "gone": "organizer", "other": "no such field"}
    found = guessed(TRAINING, "What|Course|Date|Hours|Other", remembered=remembered)
    assert found == {"title": "What", "on": "Date", "minutes": "Hours"}


def test_what_is_remembered_are_headings_that_say_one_thing():
    made = table("Date|A|A||Hours")
    columns = Columns(places={"on": 0, "title": 1, "organizer": 3, "minutes": 4})
    assert cols.remembered_of(made, columns) == {"date": "on", "hours": "minutes"}


def test_headings_are_compared_without_signs_and_accents():
    assert cols.plain(" Prôvider\u2019s  E-Mail! ") == "providers e mail"


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("Hours", NumberUnit.HOURS), ("Hrs.", NumberUnit.HOURS), ("Length (h)", NumberUnit.HOURS),
        ("Minutes", NumberUnit.MINUTES), ("Mins", NumberUnit.MINUTES), ("Length", None), ("Hours and minutes", None),
    ],
)  # fmt: skip
def test_the_unit_a_heading_says(heading, unit):
    assert cols.said_unit(heading) == unit
    assert cols.guess_unit(table(f"Date|Course|{heading}"), {"minutes": 2}) == unit


def test_a_part_may_say_its_own_unit_and_the_length_goes_by_the_persons_answer():
    made = table("Date|Course|Hours|DEI minutes|Core")
    columns = Columns(places={"minutes": 2, "part_dei": 3, "part_core": 4}, unit=NumberUnit.MINUTES)
    units = [cols.unit_of(name, made, columns) for name in ("minutes", "part_dei", "part_core")]
    assert units == [NumberUnit.MINUTES, NumberUnit.MINUTES, NumberUnit.MINUTES]
    other = Columns(places=columns.places, unit=NumberUnit.HOURS)
    assert cols.unit_of("part_dei", made, other) == NumberUnit.MINUTES


@pytest.mark.parametrize(
    ("lengths", "asks"),
    [
        (["1:30", "2 h"], False),
        (["1:30", "1.5"], True),
        ([Cell(CellKind.NUMBER, "90")], True),
        ([Cell(CellKind.SPAN, "9")], False),
    ],
)
def test_a_plain_number_under_a_plain_heading_is_asked_about(lengths, asks):
    made = table("Date|Course|Length", *[["", "", value] for value in lengths])
    assert cols.asks_for_unit(FIELDS[TRAINING], made, {"minutes": 2}) is asks


def test_nothing_is_asked_about_a_column_that_is_not_chosen():
    made = table("Date|Length", ["3/4/2025", "90"])
    assert (cols.asks_for_unit(FIELDS[TRAINING], made, {}), cols.asks_for_order(made, {})) == (False, False)
    assert (cols.guess_order(made, {}), cols.guess_unit(made, {})) == (None, None)


@pytest.mark.parametrize(
    ("dates", "proved", "asks"),
    [
        (["2025-03-04"], None, False),
        (["3/4/2025", "5/6/2025"], None, True),
        (["3/4/2025", "5/16/2025"], DayOrder.MONTH_FIRST, True),
        (["3/4/2025", "16/5/2025"], DayOrder.DAY_FIRST, True),
        (["5/16/2025", "16/5/2025"], None, False),
        (["5/16/2025"], DayOrder.MONTH_FIRST, False),
        (["4/4/2025"], None, False),
        ([Cell(CellKind.DATE, "2025-03-04")], None, False),
    ],
)
def test_dates_prove_their_order_or_are_asked_about(dates, proved, asks):
    made = table("Date", *[[value] for value in dates])
    assert (cols.guess_order(made, {"on": 0}), cols.asks_for_order(made, {"on": 0})) == (proved, asks)


def test_what_is_missing_is_what_neither_a_column_nor_a_word_for_all_rows_says():
    assert cols.missing(FIELDS[SESSION], Columns(places={"on": 0, "minutes": 1}, for_all={"format": "group"})) == (
        "mode",
    )


@given(
    st.dictionaries(st.sampled_from(["on", "title"]), st.integers(0, 50)),
    st.sampled_from([*NumberUnit, None]),
    st.sampled_from([*DayOrder, None]),
)
def test_columns_are_stored_and_come_back(places, unit, order):
    columns = Columns(places=places, for_all={"mode": "distance"}, unit=unit, order=order)
    assert cols.from_data(columns.as_data()) == columns


def test_every_kind_has_its_fields_and_no_word_stands_for_two_of_them_first():
    for kind in KINDS:
        first = [known.words[0] for known in FIELDS[kind]]
        assert len(set(first)) == len(first)
        assert {known.name for known in FIELDS[kind] if known.required} >= {"on", "minutes"}
    assert field(TRAINING, "title").required is True
