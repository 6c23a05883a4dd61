"""One cell, read strictly: what is taken, and the words for what is not."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.durations import typed_form
from competencies.enums import Ages, DayOrder, NumberUnit, SessionFormat, SessionMode, TrainingTopic
from competencies.log_import import values
from competencies.log_import.values import Unread
from endorsement_portal.sheets.table import Cell, CellKind
from tests.competencies.log_import.sheets import TODAY, cell

FORMULA = Cell(CellKind.FORMULA, "")
MARCH_4 = datetime.date(2025, 3, 4)
LONGEST = 24 * 60
NOT_WHOLE = "That is not a whole number of minutes. Write hours and minutes, as in 1 h 20 min."
PASTE_VALUES = "This cell holds a formula. Copy the column in your spreadsheet and paste it as values."


def day(value, order=None):
    return values.day(cell(value), order=order, today=TODAY)


def length(value, unit=None):
    return values.length(cell(value), unit=unit, longest=LONGEST)


def unread(call, *args) -> str:
    with pytest.raises(Unread) as raised:
        call(*args)
    return str(raised.value)


# --- Days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "2025-03-04", "2025-3-4", "2025-03-04 00:00:00", "2025-03-04T09:30", "March 4, 2025", "march 4 2025",
        "Mar. 4, 2025", "Mar 4th, 2025", "4 March 2025", "4th Mar 2025", " 2025-03-04 ",
        Cell(CellKind.DATE, "2025-03-04"),
    ],
)  # fmt: skip
def test_days_that_can_be_read_one_way_only(written):
    assert day(written) == MARCH_4


def test_slashes_are_read_as_the_person_says():
    assert day("3/4/2025", DayOrder.MONTH_FIRST) == MARCH_4
    assert day("03/04/2025", DayOrder.DAY_FIRST) == datetime.date(2025, 4, 3)
    assert day("4/4/2025") == datetime.date(2025, 4, 4)


def test_what_could_be_two_days_is_asked_about():
    assert unread(day, "3/4/2025").startswith("Is the month or the day first?")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("3/4/25", "Write the year with four digits."),
        ("2025-02-30", "There is no such day in the calendar."),
        ("13/12/2025", "There is no such day in the calendar."),
        ("Febtober 4, 2025", "Write the date as 2025-03-04, 3/4/2025 or March 4, 2025."),
        ("yesterday", "Write the date as 2025-03-04, 3/4/2025 or March 4, 2025."),
        ("3-4-2025", "Write the date as 2025-03-04, 3/4/2025 or March 4, 2025."),
        ("2026-05-13", "This day has not come yet."),
        ("1925-01-01", "Check the year."),
        ("9999-01-01", "Check the year."),
        (
            Cell(CellKind.NUMBER, "45720"),
            "This is no date. Format the column as a date in your spreadsheet, or write it as 2025-03-04.",
        ),
        (FORMULA, PASTE_VALUES),
        (Cell(CellKind.ERROR, "#REF!"), "Your spreadsheet shows an error here. Type the value."),
    ],
)
def test_days_that_are_none(written, words):
    assert unread(lambda: day(written, DayOrder.MONTH_FIRST)) == words


def test_today_is_a_day_that_has_come():
    assert day("2026-05-12") == TODAY


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_its_name(month):
    name = values.MONTH_NAMES[month - 1]
    assert day(f"{name} 2, 2025") == day(f"2 {name[:3]} 2025") == datetime.date(2025, month, 2)


def test_september_has_a_third_name():
    assert day("Sept 2, 2025") == datetime.date(2025, 9, 2)


@given(st.dates(datetime.date(1940, 1, 1), TODAY))
def test_every_day_of_the_past_comes_back(one):
    assert day(one.isoformat()) == one
    assert day(f"{one.month}/{one.day}/{one.year}", DayOrder.MONTH_FIRST) == one
    assert day(f"{one.day}/{one.month}/{one.year}", DayOrder.DAY_FIRST) == one
    assert day(f"{values.MONTH_NAMES[one.month - 1].title()} {one.day}, {one.year}") == one


# --- Lengths --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "unit", "minutes"),
    [
        ("1.5", NumberUnit.HOURS, 90),
        ("1,5", NumberUnit.HOURS, 90),
        ("1.50", NumberUnit.HOURS, 90),
        ("2", NumberUnit.HOURS, 120),
        ("2.0", NumberUnit.HOURS, 120),
        ("90", NumberUnit.MINUTES, 90),
        ("90.0", NumberUnit.MINUTES, 90),
        ("5", NumberUnit.MINUTES, 5),
        ("1:30", None, 90),
        ("1:30:00", None, 90),
        ("1 h 30 min", None, 90),
        ("90 min", None, 90),
        ("1.5 hours", NumberUnit.MINUTES, 90),
        (Cell(CellKind.NUMBER, "1.5"), NumberUnit.HOURS, 90),
        (Cell(CellKind.SPAN, "1:30"), NumberUnit.HOURS, 90),
        ("24:00", None, LONGEST),
    ],
)
def test_lengths_that_are_clear(written, unit, minutes):
    assert length(written, unit) == minutes


@pytest.mark.parametrize(
    ("written", "unit", "words"),
    [
        ("1.5", None, "Hours or minutes? Say so under Columns, or write 1.5 h or 90 min."),
        ("90", None, "Hours or minutes? Say so under Columns, or write 1.5 h or 90 min."),
        ("1.333", NumberUnit.HOURS, NOT_WHOLE),
        ("1.5", NumberUnit.MINUTES, "Write the length as 1 h 30 min, 1:30, 1.5 h or 90 min."),
        ("0", NumberUnit.HOURS, "The length must be at least one minute."),
        ("all day", NumberUnit.HOURS, "Write the length as 1 h 30 min, 1:30, 1.5 h or 90 min."),
        ("1:30:20", None, "Write the length as 1 h 30 min, 1:30, 1.5 h or 90 min."),
        ("24:01", None, "That is more than 24 h. Check the number."),
        (
            Cell(CellKind.DATE, "1900-01-01"), NumberUnit.HOURS,
            "This is no length. Write it as 1 h 30 min, 1:30, 1.5 h or 90 min.",
        ),
        (
            Cell(CellKind.CLOCK, "13:30"), NumberUnit.HOURS,
            "This is no length. Write it as 1 h 30 min, 1:30, 1.5 h or 90 min.",
        ),
        (FORMULA, NumberUnit.HOURS, PASTE_VALUES),
    ],
)  # fmt: skip
def test_lengths_that_are_not(written, unit, words):
    assert unread(length, written, unit) == words


def test_every_fault_of_a_length_has_words():
    assert set(values.LENGTH_FAULTS) == set(values.Fault)
    assert len({words() for words in values.LENGTH_FAULTS.values()}) == len(values.Fault)


@given(st.integers(1, LONGEST))
def test_every_length_comes_back_in_each_form(minutes):
    assert length(typed_form(minutes)) == minutes
    assert length(f"{minutes // 60}:{minutes % 60:02d}") == minutes
    assert length(str(minutes), NumberUnit.MINUTES) == minutes
    if minutes % 3 == 0:
        assert length(f"{minutes / 60:.2f}", NumberUnit.HOURS) == minutes


# --- Text and words -------------------------------------------------------------------------------


def test_a_text_is_one_visible_line():
    assert values.text(cell("  Reading\n the   baby "), longest=20) == "Reading the baby"
    assert values.text(cell("क\u200dष"), longest=20) == "क\u200dष"
    assert unread(lambda: values.text(cell("x" * 21), longest=20)) == "It has 21 characters. The limit is 20."
    for mark in "\x07\u202e\ud800\ufffe":
        words = unread(lambda mark=mark: values.text(cell(f"a{mark}b"), longest=20))
        assert words == "It holds a character that cannot be shown. Type the text again."


def test_a_value_in_a_message_is_short_and_on_one_line():
    assert values.shown("a\n b\u202e c") == "a b c"
    assert values.shown("x" * 100) == "x" * 60 + "…"


@pytest.mark.parametrize(
    ("written", "answer"), [("Yes", True), ("x", True), ("TRUE", True), ("no", False), ("0", False)]
)
def test_yes_and_no(written, answer):
    assert values.yes_or_no(cell(written)) is answer


def test_maybe_is_neither():
    assert unread(values.yes_or_no, cell("maybe")) == "Write yes or no."


@pytest.mark.parametrize(("written", "people"), [("2", 2), ("500", 500)])
def test_sizes_of_groups(written, people):
    assert values.size(cell(written)) == people


@pytest.mark.parametrize("written", ["1", "501", "five", "2.5", "1000", "-3"])
def test_what_is_no_size_of_a_group(written):
    assert unread(values.size, cell(written)) == "Write how many people were in the group, from 2 to 500."


def test_addresses():
    assert values.email(cell(" Tobias@Example.org ")) == "tobias@example.org"
    for wrong in ("tobias", "a@b", "a b@example.org", "a@example..org", "x" * 65 + "@example.org", "<a@example.org>"):
        assert unread(values.email, cell(wrong)) == "This is no email address."
    assert unread(values.email, cell("a@" + "b." * 130 + "org")) == "This is no email address."


def test_words_of_a_session():
    assert values.session_format(cell("Individual")) is SessionFormat.INDIVIDUAL
    assert values.session_format(cell("group  session")) is SessionFormat.GROUP
    assert unread(values.session_format, cell("pairs")) == "Write individual or group."
    assert values.session_mode(cell("In-Person")) is SessionMode.IN_PERSON
    assert values.session_mode(cell("Zoom")) is SessionMode.DISTANCE
    assert unread(values.session_mode, cell("at the lake")) == "Write in person or online."


@pytest.mark.parametrize(
    ("written", "topics"),
    [
        ("core", ("core",)),
        ("DEI; core", ("core", "dei")),
        ("rsc, dei", ("rsc", "dei")),
        ("Diversity, equity and inclusion", ("dei",)),
        ("Giving reflective supervision/consultation", ("rsc",)),
        ("", ()),
    ],
)
def test_topics(written, topics):
    assert values.topics(cell(written)) == topics


def test_other_topics_are_asked_about():
    assert unread(values.topics, cell("core; babies")) == "Write core, rsc or dei."


def test_every_label_of_a_choice_is_understood():
    """Whoever copies a word from a page into a spreadsheet is read."""
    assert [values.topics(cell(str(topic.label))) for topic in TrainingTopic] == [
        (topic.value,) for topic in TrainingTopic
    ]
    assert [values.ages(cell(str(age.label))) for age in Ages] == [(age.value,) for age in Ages]
    assert [values.session_format(cell(str(one.label))) for one in SessionFormat] == list(SessionFormat)
    assert [values.session_mode(cell(str(one.label))) for one in SessionMode] == list(SessionMode)


def test_ages():
    assert values.ages(cell("0-36")) == ("0-36",)
    assert values.ages(cell("birth to 3; 3 to 6")) == values.ages(cell("both")) == ("0-36", "37-71")
    assert values.ages(cell("all ages")) == ()
    assert unread(values.ages, cell("teens")) == "Write 0-36, 37-71 or both."


def test_competencies_by_code_or_name():
    known = {"a.one": "A.one", "first, and more": "A.one", "a.two": "A.two"}
    assert values.competencies(cell("A.two; a.ONE"), known) == ("A.one", "A.two")
    assert values.competencies(cell("First, and more"), known) == ("A.one",)
    assert "as in the matrix" in unread(values.competencies, cell("A.three"), known)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_words(written):
    readers = (
        lambda: day(written, DayOrder.MONTH_FIRST), lambda: day(written), lambda: length(written, NumberUnit.HOURS),
        lambda: length(written), lambda: values.text(cell(written), longest=200), lambda: values.email(cell(written)),
        lambda: values.size(cell(written)), lambda: values.yes_or_no(cell(written)),
        lambda: values.topics(cell(written)), lambda: values.ages(cell(written)),
        lambda: values.session_format(cell(written)), lambda: values.session_mode(cell(written)),
        lambda: values.competencies(cell(written), {}),
    )  # fmt: skip
    for reader in readers:
        try:
            reader()
        except Unread as refused:
            assert str(refused)  # noqa: PT017 - either answer is good, silence is not
