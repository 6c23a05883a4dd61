"""Pure: what an endorsement was on any day, from its dated events. Nothing here is stored.

A fact takes effect at the start of its day; `valid_until` is a last day, included. Of several facts on one day the
later recorded one stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from credentials.enums import EndorsementEventKind, EndorsementStatus

HELD = frozenset({EndorsementStatus.ACTIVE, EndorsementStatus.EMERGING})
"""The statuses under which a person may call themself endorsed, and stands in the registry."""


@dataclass(frozen=True, slots=True)
class EventFact:
    kind: EndorsementEventKind
    on: date
    valid_until: date | None = None
    """The new last day, for grants, renewals and reinstatements."""


@dataclass(frozen=True, slots=True)
class EndorsementFacts:
    """One endorsement: its events in the order they were recorded, and the endorsement an add-on rests on."""

    events: tuple[EventFact, ...]
    base: EndorsementFacts | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """Days, both included, on which an endorsement is held under one status. `last` is None while it is open."""

    status: EndorsementStatus
    first: date
    last: date | None


def status_on(facts: EndorsementFacts, day: date) -> EndorsementStatus:
    """An add-on is suspended while its base is not active; nobody has to write that down."""
    own = _own_status(facts.events, day)
    if own in HELD and facts.base is not None and status_on(facts.base, day) not in HELD:
        return EndorsementStatus.SUSPENDED
    return own


def held_intervals(facts: EndorsementFacts) -> tuple[Interval, ...]:
    """Every stretch of days under a held status. A day lies in one of them if and only if status_on says held."""
    turns = sorted(_turning_days(facts))
    intervals: list[Interval] = []
    for place, first in enumerate(turns):
        status = status_on(facts, first)
        last = turns[place + 1] - timedelta(days=1) if place + 1 < len(turns) else None
        if status not in HELD:
            continue
        before = intervals[-1] if intervals else None
        if before and before.status == status and before.last == first - timedelta(days=1):
            intervals[-1] = Interval(status, before.first, last)
        else:
            intervals.append(Interval(status, first, last))
    return tuple(intervals)


def _own_status(events: tuple[EventFact, ...], day: date) -> EndorsementStatus:
    status = EndorsementStatus.NOT_YET
    granted = EndorsementStatus.ACTIVE
    valid_until: date | None = None
    for event in sorted(events, key=lambda event: event.on):
        if event.on > day:
            break
        granted = _GRANTS.get(event.kind, granted)
        if event.kind in _GRANTS or event.kind == EndorsementEventKind.REINSTATED:
            status = granted
        status = _ENDS.get(event.kind, status)
        valid_until = event.valid_until or valid_until
    if status in HELD and valid_until is not None and day > valid_until:
        return EndorsementStatus.LAPSED
    return status


_GRANTS = {
    EndorsementEventKind.GRANTED: EndorsementStatus.ACTIVE,
    EndorsementEventKind.GRANTED_EMERGING: EndorsementStatus.EMERGING,
}
_ENDS = {
    EndorsementEventKind.LAPSED: EndorsementStatus.LAPSED,
    EndorsementEventKind.REMOVED: EndorsementStatus.REMOVED,
}
"""What an event makes of the status. A reinstatement gives back what was granted; a renewal moves the last day only."""


def _turning_days(facts: EndorsementFacts) -> set[date]:
    days = {event.on for event in facts.events}
    days |= {event.valid_until + timedelta(days=1) for event in facts.events if event.valid_until is not None}
    return days | (_turning_days(facts.base) if facts.base is not None else set())
