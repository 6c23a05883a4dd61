"""Whole rows: entries, or every fault of the row by its place, its value and the way to mend it."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.enums import DayOrder, EntryKind, NumberUnit
from competencies.log_import import samples
from competencies.log_import.columns import Columns, guess
from competencies.log_import.duplicates import Duplicate, identity, identity_of, sort_out
from competencies.log_import.fields import FIELDS
from competencies.log_import.row_reader import Fault
from competencies.log_import.rows import ProviderName, SessionRow, TrainingRow
from endorsement_portal.sheets import writing
from endorsement_portal.sheets.delimited import read_delimited
from endorsement_portal.sheets.table import Cell, CellKind
from tests.competencies.log_import.sheets import reading, table

TRAINING, SESSION = EntryKind.TRAINING, EntryKind.SUPERVISION
MARCH_4 = datetime.date(2025, 3, 4)
TRAININGS = "Date|Course|Hours|About|Who offered it|Core hours|DEI hours|Ages|Competencies"
SESSIONS = "Date|Length|Provider|Email|Kind|Group size|Where|About the RSC I give|Ages"
SESSION_CELLS = ["2025-03-04", "1 h", "Tobias", "tobias@example.org", "group", "5", "online"]


def messages(kind, headings, *rows, columns=None):
    return [(fault.row, fault.column, fault.message) for fault in reading(kind, table(headings, *rows), columns).faults]


# --- Trainings ------------------------------------------------------------------------------------


def test_a_full_training():
    row = ["2025-03-04", "Reading  the baby", "6", "core", "PR", "", "1.5", "0-36", "Attachment, trauma"]
    assert reading(TRAINING, table(TRAININGS, row)).rows == (
        TrainingRow(
            number=2, on=MARCH_4, title="Reading the baby", minutes=360, organizer="PR", topics=("core",),
            topic_minutes=(("dei", 90),), ages=("0-36",), competencies=("TF.attachment_trauma",),
        ),
    )  # fmt: skip


def test_the_least_a_training_needs():
    (row,) = reading(TRAINING, table("Date|Course|Length", ["2025-03-04", "A", "90 min"])).rows
    assert row.values() == {
        "on": MARCH_4, "title": "A", "minutes": 90, "organizer": "", "topics": [], "topic_minutes": {}, "ages": [],
        "competencies": [],
    }  # fmt: skip


def test_every_fault_of_a_row_is_named_with_its_place_and_value():
    made = table(TRAININGS, ["someday", "", "abc", "babies", "x" * 201, "2", "1", "teens", "none such"])
    assert reading(TRAINING, made).faults == (
        Fault(2, "A", "Date", "someday", "Write the date as 2025-03-04, 3/4/2025 or March 4, 2025."),
        Fault(2, "B", "Course", "", "This is missing."),
        Fault(2, "C", "Hours", "abc", "Write the length as 1 h 30 min, 1:30, 1.5 h or 90 min."),
        Fault(2, "E", "Who offered it", "x" * 60 + "…", "It has 201 characters. The limit is 200."),
        Fault(2, "D", "About", "babies", "Write core, rsc or dei."),
        Fault(2, "H", "Ages", "teens", "Write 0-36, 37-71 or both."),
        Fault(
            2, "I", "Competencies", "none such",
            "Write codes or names of competencies, as in the matrix, with ; between them.",
        ),
    )  # fmt: skip


def test_parts_must_fit_the_whole():
    base = ["2025-03-04", "A", "2", "core", ""]
    found = messages(TRAINING, TRAININGS, [*base, "1", "3"], [*base, "0", "0.0"], [*base, "", "x"])
    assert found == [
        (2, "F", "The row says that all of it was about this. Keep one of the two."),
        (2, "G", "A part cannot be longer than the whole."),
        (4, "G", "Write the length as 1 h 30 min, 1:30, 1.5 h or 90 min."),
    ]


def test_a_part_of_a_length_that_cannot_be_read_is_only_read():
    assert messages(TRAINING, TRAININGS, ["2025-03-04", "A", "x", "", "", "", "3"]) == [
        (2, "C", "Write the length as 1 h 30 min, 1:30, 1.5 h or 90 min.")
    ]


@pytest.mark.parametrize("place", range(8))
def test_a_formula_in_any_chosen_column_is_a_fault(place):
    row: list[str | Cell] = ["2025-03-04", "A", "2", "core", "PR", "", "1", "0-36", "TF.attachment_trauma"]
    row[place] = Cell(CellKind.FORMULA, "")
    (fault,) = reading(TRAINING, table(TRAININGS, row)).faults
    assert (fault.row, fault.column, fault.value) == (2, "ABCDEFGH"[place], "=…")
    assert fault.message.startswith("This cell holds a formula.")


def test_columns_that_are_not_chosen_are_not_read():
    row = ["2025-03-04", "A", "2 h", Cell(CellKind.FORMULA, "")]
    assert len(reading(TRAINING, table("Date|Course|Length|Sum", row)).rows) == 1


def test_a_cell_without_a_heading_is_named_once():
    made = table("Date|Course|Length", ["2025-03-04", "A", "2 h", "", "and more", "x"])
    assert reading(TRAINING, made).faults == (
        Fault(
            2, "E", "", "and more",
            "This cell has no heading. A text that holds a separator needs quotation marks around it.",
        ),
    )  # fmt: skip


def test_a_column_without_a_heading_goes_by_the_name_of_what_it_holds():
    columns = Columns(places={"on": 0, "title": 1, "minutes": 2})
    (fault,) = reading(TRAINING, table("|Course|Length", ["x", "A", "2 h"]), columns).faults
    assert (fault.column, fault.heading) == ("A", "Date you finished")


def test_a_required_field_without_a_column_is_missing_in_each_row():
    columns = Columns(places={"on": 0, "title": 1})
    (fault,) = reading(TRAINING, table("Date|Course", ["2025-03-04", "A"]), columns).faults
    assert fault == Fault(2, "", "Length", "", "This is missing.")


# --- Sessions -------------------------------------------------------------------------------------


def test_a_full_session():
    row = [*SESSION_CELLS, "yes", "both"]
    assert reading(SESSION, table(SESSIONS, row)).rows == (
        SessionRow(
            number=2, on=MARCH_4, minutes=60, format="group", mode="distance",
            provider=ProviderName("tobias@example.org", "Tobias"), group_size=5, about_own_provision=True,
            ages=("0-36", "37-71"),
        ),
    )  # fmt: skip


def test_a_word_for_all_rows_stands_in_for_a_column():
    columns = Columns(
        places={"on": 0, "minutes": 1, "provider_email": 2}, for_all={"format": "individual", "mode": "in_person"}
    )
    (row,) = reading(SESSION, table("Date|Length|Email", ["2025-03-04", "1 h", "t@example.org"]), columns).rows
    assert row.values() == {
        "on": MARCH_4, "minutes": 60, "format": "individual", "group_size": None, "mode": "in_person",
        "about_own_provision": False, "ages": [], "competencies": [],
    }  # fmt: skip
    assert row.provider == ProviderName("t@example.org", "")


@pytest.mark.parametrize(
    ("name", "email", "form", "provider", "fault"),
    [
        ("Tobias Fernhollow", "", "individual", "tobias@example.org", ""),
        ("TOBIAS FERNHOLLOW", "", "individual", "tobias@example.org", ""),
        ("Somebody New", "new@example.org", "individual", "new@example.org", ""),
        ("", "", "group", None, ""),
        ("", "", "individual", None, "An individual session has a provider. Name the person."),
        ("Somebody New", "", "individual", None, "Write the provider's email too, so that they can confirm."),
        ("Ada Twin", "", "group", None, "You have two providers of this name. Write the provider's email."),
        ("Me", "maren@example.org", "individual", None, "You cannot be your own provider."),
        ("Tobias Fernhollow", "no address", "individual", None, "This is no email address."),
        ("x" * 201, "", "group", None, "It has 201 characters. The limit is 200."),
    ],
)
def test_who_gave_a_session(name, email, form, provider, fault):
    read = reading(SESSION, table(SESSIONS, ["2025-03-04", "1 h", name, email, form, "4", "online"]))
    if fault:
        assert ([one.message for one in read.faults], read.rows) == ([fault], ())
    else:
        (row,) = read.rows
        assert (row.provider.email if row.provider else None) == provider


def test_ones_own_name_is_refused_where_it_stands():
    read = messages(SESSION, "Date|Length|Provider|Kind|Where", ["2025-03-04", "1 h", "Ada Twin", "pairs", "moon"])
    assert read == [
        (2, "D", "Write individual or group."),
        (2, "E", "Write in person or online."),
        (2, "C", "You have two providers of this name. Write the provider's email."),
    ]


@pytest.mark.parametrize(
    ("form", "size", "kept", "fault"),
    [
        ("group", "5", 5, ""),
        ("individual", "5", None, ""),
        ("group", "", None, "Say how many of you were in the group."),
        ("group", "many", None, "Write how many people were in the group, from 2 to 500."),
    ],
)
def test_how_many_were_there(form, size, kept, fault):
    read = reading(SESSION, table(SESSIONS, ["2025-03-04", "1 h", "T", "t@example.org", form, size, "online"]))
    assert [one.message for one in read.faults] == ([fault] if fault else [])
    assert [row.group_size for row in read.rows] == ([] if fault else [kept])


def test_a_session_is_no_longer_than_a_day_and_a_training_may_be():
    assert messages(SESSION, SESSIONS, ["2025-03-04", "25 h", *SESSION_CELLS[2:]])[0][1:] == (
        "B", "That is more than 24 h. Check the number.",
    )  # fmt: skip
    assert reading(TRAINING, table("Date|Course|Length", ["2025-03-04", "A", "2000 h"])).rows[0].minutes == 120_000


# --- Properties -----------------------------------------------------------------------------------

anything = st.one_of(
    st.text(max_size=30).map(lambda text: Cell(CellKind.TEXT, text)),
    st.builds(
        Cell, st.sampled_from(CellKind), st.sampled_from(["", "1:30", "2025-03-04", "90", "1.5", "3/4/2025", "x"])
    ),
)


@given(st.sampled_from([TRAINING, SESSION]), st.lists(st.lists(anything, max_size=10), max_size=6), st.data())
def test_every_row_is_an_entry_or_a_fault_and_never_both(kind, rows, data):
    made = table(TRAININGS if kind is TRAINING else SESSIONS, *rows)
    columns = guess(FIELDS[kind], made)
    unit, order = data.draw(st.sampled_from([*NumberUnit, None])), data.draw(st.sampled_from([*DayOrder, None]))
    read = reading(kind, made, Columns(places=columns.places, unit=unit, order=order))
    good, bad = [row.number for row in read.rows], {fault.row for fault in read.faults}
    assert sorted([*good, *bad]) == [row.number for row in made.rows]
    assert all(fault.message and fault.row for fault in read.faults)
    assert all(row.minutes > 0 for row in read.rows)


@pytest.mark.parametrize("kind", [TRAINING, SESSION])
def test_the_sample_is_read_without_a_fault_in_both_files(kind, tmp_path):
    from endorsement_portal.sheets.workbook import read_workbook

    headings, rows = samples.HEADINGS[kind], samples.ROWS[kind]
    path = tmp_path / "source"
    path.write_bytes(writing.xlsx_bytes(headings, rows, sheet="Log"))
    from_csv, from_xlsx = read_delimited(writing.csv_bytes(headings, rows)), read_workbook(path)
    assert reading(kind, from_csv) == reading(kind, from_xlsx)
    assert (len(reading(kind, from_csv).rows), reading(kind, from_csv).faults) == (3, ())


trainings = st.builds(
    TrainingRow,
    number=st.just(2),
    on=st.dates(datetime.date(1940, 1, 1), datetime.date(2026, 5, 12)),
    title=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30),
    minutes=st.integers(1, 6000),
)


@given(trainings)
def test_what_is_written_is_read_back(row):
    content = writing.csv_bytes(["Date", "Course", "Minutes"], [[row.on, row.title, row.minutes]])
    assert reading(TRAINING, read_delimited(content)).rows == (row,)


# --- Duplicates -----------------------------------------------------------------------------------


def training(number: int, title: str = "A", minutes: int = 60) -> TrainingRow:
    return TrainingRow(number, MARCH_4, title, minutes)


def test_a_row_is_left_out_when_the_portfolio_or_an_earlier_row_has_it():
    rows = [training(2), training(3, " a "), training(4, "B"), training(5, "A", 61)]
    found = sort_out(rows, {identity(MARCH_4, "b", 60)})
    assert found.new == (rows[0], rows[3])
    assert found.duplicates == (Duplicate(rows[1], 2), Duplicate(rows[2], None))


def test_a_session_is_the_same_by_day_provider_and_minutes():
    one = SessionRow(2, MARCH_4, 60, "group", "distance", ProviderName("t@example.org", "T"))
    other = SessionRow(3, MARCH_4, 60, "individual", "in_person", ProviderName("t@example.org", "Tobias"))
    peers = SessionRow(4, MARCH_4, 60, "group", "distance")
    assert identity_of(one) == identity_of(other) == identity(MARCH_4, "t@example.org", 60)
    assert identity_of(peers) == identity(MARCH_4, "", 60)


@given(
    st.lists(st.builds(training, st.integers(2, 99), st.sampled_from("AaB"), st.sampled_from([60, 90])), max_size=12)
)
def test_importing_again_adds_nothing(rows):
    first = sort_out(rows, frozenset())
    again = sort_out(rows, {identity_of(row) for row in first.new})
    assert (again.new, len(again.duplicates)) == ((), len(rows))
    assert len(first.new) + len(first.duplicates) == len(rows)
    assert len({identity_of(row) for row in first.new}) == len(first.new)
