"""What an endorsement was on any day."""

import datetime
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.enums import EndorsementEventKind as Kind
from credentials.enums import EndorsementStatus as Status
from credentials.status import HELD, EndorsementFacts, EventFact, Interval, held_intervals, status_on


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


GRANT = EventFact(Kind.GRANTED, day("2025-06-02"), day("2027-12-31"))
FULL = EndorsementFacts((GRANT,))


@pytest.mark.parametrize(
    ("events", "on", "expected"),
    [
        ((), "2026-01-01", Status.NOT_YET),
        ((GRANT,), "2025-06-01", Status.NOT_YET),
        ((GRANT,), "2025-06-02", Status.ACTIVE),
        ((GRANT,), "2027-12-31", Status.ACTIVE),
        ((GRANT,), "2028-01-01", Status.LAPSED),
        ((GRANT, EventFact(Kind.RENEWED, day("2027-11-01"), day("2030-12-31"))), "2028-01-01", Status.ACTIVE),
        ((GRANT, EventFact(Kind.RENEWED, day("2027-11-01"), day("2030-12-31"))), "2027-10-31", Status.ACTIVE),
        ((GRANT, EventFact(Kind.RENEWED, day("2027-11-01"), day("2030-12-31"))), "2031-01-01", Status.LAPSED),
        ((GRANT, EventFact(Kind.LAPSED, day("2026-03-01"))), "2026-02-28", Status.ACTIVE),
        ((GRANT, EventFact(Kind.LAPSED, day("2026-03-01"))), "2026-03-01", Status.LAPSED),
        ((GRANT, EventFact(Kind.REMOVED, day("2026-03-01"))), "2026-03-01", Status.REMOVED),
        ((GRANT, EventFact(Kind.REMOVED, day("2026-03-01"))), "2029-03-01", Status.REMOVED),
        (
            (
                GRANT,
                EventFact(Kind.LAPSED, day("2026-03-01")),
                EventFact(Kind.REINSTATED, day("2026-05-01"), day("2027-12-31")),
            ),
            "2026-05-01",
            Status.ACTIVE,
        ),
        (
            (
                GRANT,
                EventFact(Kind.LAPSED, day("2026-03-01")),
                EventFact(Kind.REINSTATED, day("2026-05-01"), day("2027-12-31")),
            ),
            "2026-04-30",
            Status.LAPSED,
        ),
        (
            (GRANT, EventFact(Kind.LAPSED, day("2026-03-01")), EventFact(Kind.REINSTATED, day("2026-03-01"), None)),
            "2026-03-01",
            Status.ACTIVE,
        ),
        ((EventFact(Kind.GRANTED_EMERGING, day("2025-06-02"), day("2026-06-01")),), "2026-06-01", Status.EMERGING),
        ((EventFact(Kind.GRANTED_EMERGING, day("2025-06-02"), day("2026-06-01")),), "2026-06-02", Status.LAPSED),
        (
            (
                EventFact(Kind.GRANTED_EMERGING, day("2025-06-02"), day("2026-06-01")),
                EventFact(Kind.LAPSED, day("2025-09-01")),
                EventFact(Kind.REINSTATED, day("2025-10-01"), day("2026-06-01")),
            ),
            "2025-10-01",
            Status.EMERGING,
        ),
    ],
)
def test_status_at_each_boundary(events, on, expected):
    assert status_on(EndorsementFacts(events), day(on)) == expected


LAPSED_BASE = EndorsementFacts(
    (
        GRANT,
        EventFact(Kind.LAPSED, day("2026-03-01")),
        EventFact(Kind.REINSTATED, day("2026-05-01"), day("2027-12-31")),
    )
)
ADD_ON = EndorsementFacts((EventFact(Kind.GRANTED, day("2025-09-01"), day("2027-12-31")),), base=LAPSED_BASE)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2025-08-31", Status.NOT_YET),
        ("2026-02-28", Status.ACTIVE),
        ("2026-03-01", Status.SUSPENDED),
        ("2026-04-30", Status.SUSPENDED),
        ("2026-05-01", Status.ACTIVE),
        ("2028-01-01", Status.LAPSED),
    ],
)
def test_an_add_on_follows_its_base(on, expected):
    assert status_on(ADD_ON, day(on)) == expected


def test_the_days_an_add_on_is_held():
    assert held_intervals(ADD_ON) == (
        Interval(Status.ACTIVE, day("2025-09-01"), day("2026-02-28")),
        Interval(Status.ACTIVE, day("2026-05-01"), day("2027-12-31")),
    )


def test_a_renewal_makes_one_interval_longer():
    renewed = EndorsementFacts((GRANT, EventFact(Kind.RENEWED, day("2027-11-01"), day("2030-12-31"))))
    assert held_intervals(renewed) == (Interval(Status.ACTIVE, day("2025-06-02"), day("2030-12-31")),)


def test_emerging_and_full_are_two_intervals():
    both = EndorsementFacts(
        (
            EventFact(Kind.GRANTED_EMERGING, day("2025-06-02"), day("2026-06-01")),
            EventFact(Kind.GRANTED, day("2026-01-01"), day("2027-12-31")),
        )
    )
    assert held_intervals(both) == (
        Interval(Status.EMERGING, day("2025-06-02"), day("2025-12-31")),
        Interval(Status.ACTIVE, day("2026-01-01"), day("2027-12-31")),
    )


def test_without_a_last_day_the_interval_is_open():
    assert held_intervals(EndorsementFacts((EventFact(Kind.GRANTED, day("2025-06-02")),))) == (
        Interval(Status.ACTIVE, day("2025-06-02"), None),
    )


START = day("2025-01-01")
near = st.integers(0, 60).map(lambda number: START + timedelta(days=number))
events = st.lists(st.builds(EventFact, st.sampled_from(list(Kind)), near, st.none() | near), max_size=6).map(tuple)
facts = st.builds(EndorsementFacts, events, st.none() | st.builds(EndorsementFacts, events))


@given(facts, near)
def test_every_day_lies_in_an_interval_if_and_only_if_it_is_held(one, on):
    within = [row for row in held_intervals(one) if row.first <= on and (row.last is None or on <= row.last)]
    assert [row.status for row in within] == ([status_on(one, on)] if status_on(one, on) in HELD else [])


@given(events, near)
def test_later_events_never_change_earlier_days(some, on):
    known = tuple(event for event in some if event.on <= on)
    assert status_on(EndorsementFacts(some), on) == status_on(EndorsementFacts(known), on)


@given(facts, near)
def test_nothing_is_held_before_the_first_grant(one, on):
    starts = [event.on for event in one.events if event.kind in (Kind.GRANTED, Kind.GRANTED_EMERGING, Kind.REINSTATED)]
    if on < min(starts, default=datetime.date.max):
        assert status_on(one, on) not in HELD


@given(events, events, near)
def test_an_add_on_is_never_held_without_its_base(own, base, on):
    rests = EndorsementFacts(base)
    if status_on(EndorsementFacts(own, rests), on) in HELD:
        assert status_on(rests, on) in HELD
