"""Lengths as people type them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.durations import Fault, UnclearDuration, minutes_of, typed_form


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1 h 30 min", 90),
        ("1h30", 90),
        ("1h30m", 90),
        ("1 hour and 30 minutes", 90),
        ("1 hr, 5 min", 65),
        ("1:30", 90),
        ("0:05", 5),
        ("12:00", 720),
        ("1.5 h", 90),
        ("1,5 h", 90),
        ("1.25 hours", 75),
        ("6 h", 360),
        ("6 hrs.", 360),
        ("90 min", 90),
        ("90 min.", 90),
        ("1 minute", 1),
        ("5 m", 5),
        ("90", 90),
        ("15", 15),
        ("  2  h ", 120),
        ("2 H", 120),
    ],
)
def test_understood(text, minutes):
    assert minutes_of(text) == minutes


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.UNREADABLE),
        ("a day", Fault.UNREADABLE),
        ("1:75", Fault.UNREADABLE),
        ("1 h 75", Fault.UNREADABLE),
        ("-90", Fault.UNREADABLE),
        ("1 h\x00", Fault.UNREADABLE),
        ("٩٠", Fault.UNREADABLE),
        ("9" * 41, Fault.UNREADABLE),
        ("6", Fault.AMBIGUOUS),
        ("14", Fault.AMBIGUOUS),
        ("1.5", Fault.UNIT_MISSING),
        ("90,0", Fault.UNIT_MISSING),
        ("1.51 h", Fault.NOT_WHOLE),
        ("0", Fault.ZERO),
        ("0 h 0 min", Fault.ZERO),
        ("0:00", Fault.ZERO),
    ],
)
def test_asked_about_and_never_guessed(text, fault):
    with pytest.raises(UnclearDuration) as caught:
        minutes_of(text)
    assert caught.value.fault == fault


@given(st.integers(min_value=1, max_value=500_000))
def test_what_stands_in_the_field_is_read_back(minutes):
    assert minutes_of(typed_form(minutes)) == minutes


@given(st.text(max_size=60))
def test_any_text_is_a_length_or_a_fault(text):
    with suppress(UnclearDuration):
        assert minutes_of(text) >= 1
