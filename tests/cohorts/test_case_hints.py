"""A question before posting: what looks as if it points to a family, and what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts import case_hints
from cohorts.case_hints import Hint


def hints(text: str) -> list[Hint]:
    return [found.hint for found in case_hints.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the grandmother of J., born 3/14/24, asked me", [Hint.NAME, Hint.BIRTH_DATE]),
        ("baby Emma sleeps badly", [Hint.NAME]),
        ("a boy named Tom cried", [Hint.NAME]),
        ("my client, Zoë Núñez, came late", [Hint.NAME]),
        ("DOB 2024-03-14", [Hint.BIRTH_DATE]),
        ("She was born on March 14, 2024.", [Hint.BIRTH_DATE]),
        ("the toddler's birthday is 14 March 2024", [Hint.BIRTH_DATE]),
        ("call her at (573) 555-0134", [Hint.PHONE]),
        ("call her at +1 573-555-0134 please", [Hint.PHONE]),
        ("write to mother.of.two@example.org", [Hint.EMAIL]),
        ("born 3.14.24, 573 555 0134, a@b.org", [Hint.BIRTH_DATE, Hint.PHONE, Hint.EMAIL]),
    ],
)
def test_what_is_asked_about(text, expected):
    assert hints(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The next office hour is on May 20, 2026 at noon.",
        "I worked in child Welfare and as a family Support worker.",
        "Does the Infant Family Specialist category ask for 24 hours?",
        "My provider signed on 5/7/2026.",
        "Reference number PR-2026-0417-1234",
        "Infant Mental Health and Child Development are two courses.",
        "12:30-13:30, room 555",
    ],
)
def test_what_is_let_through(text):
    assert hints(text) == []


def test_an_excerpt_says_what_was_seen():
    assert case_hints.find("DOB 2024-03-14")[0].excerpt == "2024-03-14"


def test_every_hint_has_its_words():
    assert set(case_hints.WORDS) == set(Hint)


@given(st.text(max_size=400))
def test_any_text_is_answered_at_most_once_per_hint(text):
    found = hints(text)
    assert len(found) == len(set(found))


def test_a_long_text_is_answered_quickly():
    import time

    start = time.perf_counter()
    for part in ("baby ", "1/1/24 ", "a", "573-", "a.b@", "child, is named "):
        case_hints.find((part * 10_000)[:10_000])
    assert time.perf_counter() - start < 1.5
