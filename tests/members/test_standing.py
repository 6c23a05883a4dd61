"""Membership on a day and through a stretch of days. First and last day are included."""

import datetime
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.enums import MembershipKind, MembershipState
from members.standing import MembershipFact, covered_until, covers, covers_through, first_gap, lapses_between, today

DAY = datetime.timedelta(days=1)


def fact(first, last, *, state=MembershipState.CONFIRMED, kind=MembershipKind.INDIVIDUAL, association="US-MO"):
    return MembershipFact(key="m", association=association, kind=kind, state=state, starts_on=first, ends_on=last)


YEAR = fact(date(2026, 1, 1), date(2026, 12, 31))
NEXT = fact(date(2027, 1, 1), date(2027, 12, 31), association="US-KS")


@pytest.mark.parametrize(
    ("day", "covered"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 6, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_first_and_last_day_are_included(day, covered):
    assert covers([YEAR], day) is covered


@pytest.mark.parametrize("state", [state for state in MembershipState if state != MembershipState.CONFIRMED])
def test_only_confirmed_memberships_count(state):
    assert covers([fact(YEAR.starts_on, YEAR.ends_on, state=state)], date(2026, 6, 1)) is False


def test_only_individual_memberships_count():
    organization = fact(YEAR.starts_on, YEAR.ends_on, kind=MembershipKind.ORGANIZATIONAL)
    assert covers([organization], date(2026, 6, 1)) is False


def test_nobody_is_a_member_without_memberships():
    assert covers([], date(2026, 6, 1)) is False
    assert first_gap([], date(2026, 6, 1), date(2026, 6, 2)) == date(2026, 6, 1)
    assert covered_until([], date(2026, 6, 1)) is None


def test_memberships_of_two_associations_may_take_turns():
    assert covers_through([NEXT, YEAR], date(2026, 6, 1), date(2027, 6, 1)) is True
    assert covered_until([NEXT, YEAR], date(2026, 6, 1)) == date(2027, 12, 31)


def test_one_day_between_is_a_gap():
    late = fact(date(2027, 1, 2), date(2027, 12, 31))
    assert covers_through([YEAR, late], date(2026, 6, 1), date(2027, 6, 1)) is False
    assert lapses_between([YEAR, late], date(2026, 6, 1), date(2027, 6, 1)) == date(2027, 1, 1)
    assert covered_until([YEAR, late], date(2026, 6, 1)) == date(2026, 12, 31)


def test_a_membership_that_began_earlier_and_ended_inside_another_changes_nothing():
    inside = fact(date(2026, 2, 1), date(2026, 3, 1))
    assert covers_through([YEAR, inside], date(2026, 1, 1), date(2026, 12, 31)) is True
    assert (
        covers_through([fact(date(2020, 1, 1), date(2020, 12, 31)), YEAR], date(2026, 1, 1), date(2026, 1, 1)) is True
    )


def test_who_was_no_member_cannot_lapse():
    assert lapses_between([YEAR], date(2025, 6, 1), date(2026, 6, 1)) is None
    assert lapses_between([YEAR], date(2026, 6, 1), date(2026, 12, 31)) is None


def test_the_last_day_of_the_calendar_overflows_nothing():
    forever = fact(date(2026, 1, 1), date.max)
    assert covers_through([forever], date(2026, 1, 1), date.max) is True
    assert covered_until([forever], date(2026, 1, 1)) == date.max


dates = st.dates(date(2025, 1, 1), date(2025, 3, 31))
facts = st.lists(
    st.builds(
        lambda first, days, state, kind: fact(first, first + days * DAY, state=state, kind=kind),
        dates, st.integers(0, 40), st.sampled_from(MembershipState), st.sampled_from(MembershipKind),
    ),
    max_size=6,
)  # fmt: skip


@given(facts, dates, st.integers(0, 60))
def test_the_gap_is_what_counting_day_by_day_finds(memberships, first, days):
    last = first + days * DAY
    by_hand = next((first + n * DAY for n in range(days + 1) if not covers(memberships, first + n * DAY)), None)
    assert first_gap(memberships, first, last) == by_hand
    assert covers_through(memberships, first, last) is (by_hand is None)


@given(facts, dates)
def test_the_order_of_memberships_does_not_matter(memberships, day):
    assert covered_until(memberships, day) == covered_until(reversed(memberships), day)


@given(facts, dates)
def test_until_is_the_last_covered_day(memberships, day):
    until = covered_until(memberships, day)
    if until is None:
        assert not covers(memberships, day)
    else:
        assert covers(memberships, until)
        assert not covers(memberships, until + DAY)


@pytest.mark.parametrize(
    ("instant", "zone", "day"),
    [
        ("2026-01-01T05:59:59+00:00", "America/Chicago", date(2025, 12, 31)),
        ("2026-01-01T06:00:00+00:00", "America/Chicago", date(2026, 1, 1)),
        ("2026-01-01T05:59:59+00:00", "Europe/Dublin", date(2026, 1, 1)),
        ("2026-12-31T13:00:00+00:00", "Australia/Sydney", date(2027, 1, 1)),
    ],
)
def test_the_associations_clocks_decide_what_day_it_is(instant, zone, day):
    assert today(datetime.datetime.fromisoformat(instant), zone) == day
