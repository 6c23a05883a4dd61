"""Pure: was this person a member on a day, and through a whole stretch of days. First and last day are included.

Only confirmed individual memberships count (decision 9). "Today" is the day in the association's zone.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from members.enums import MembershipKind, MembershipState

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MembershipFact:
    """One membership as far as judging needs it. `association` is its code."""

    key: str
    association: str
    kind: str
    state: str
    starts_on: datetime.date
    ends_on: datetime.date

    @property
    def counts(self) -> bool:
        return self.state == MembershipState.CONFIRMED and self.kind == MembershipKind.INDIVIDUAL

    def includes(self, day: datetime.date) -> bool:
        return self.starts_on <= day <= self.ends_on


def covers(memberships: Iterable[MembershipFact], day: datetime.date) -> bool:
    """True when a membership that counts includes this day, in any association."""
    return any(fact.counts and fact.includes(day) for fact in memberships)


def waits_for_confirmation(memberships: Iterable[MembershipFact], day: datetime.date) -> bool:
    """True when an individual membership that a coordinator has not looked at yet includes this day."""
    return any(
        fact.state == MembershipState.PENDING and fact.kind == MembershipKind.INDIVIDUAL and fact.includes(day)
        for fact in memberships
    )


def first_gap(memberships: Iterable[MembershipFact], first: datetime.date, last: datetime.date) -> datetime.date | None:
    """The first day from `first` to `last` that no counting membership includes; None when there is none."""
    day = first
    for fact in sorted((fact for fact in memberships if fact.counts), key=lambda fact: fact.starts_on):
        if fact.starts_on > day or day > last:
            break
        if fact.ends_on >= day:
            if fact.ends_on == datetime.date.max:
                return None
            day = fact.ends_on + DAY
    return day if day <= last else None


def covers_through(memberships: Iterable[MembershipFact], first: datetime.date, last: datetime.date) -> bool:
    """True when every day from `first` to `last` is covered; memberships may take turns."""
    return first_gap(memberships, first, last) is None


def lapses_between(
    memberships: Iterable[MembershipFact], first: datetime.date, last: datetime.date
) -> datetime.date | None:
    """For somebody who is a member on `first`: the first day without membership up to `last`, else None."""
    facts = tuple(memberships)
    return first_gap(facts, first, last) if covers(facts, first) else None


def covered_until(memberships: Iterable[MembershipFact], day: datetime.date) -> datetime.date | None:
    """The last day of the unbroken membership that includes `day`; None for somebody who is no member then."""
    facts = tuple(memberships)
    if not covers(facts, day):
        return None
    gap = first_gap(facts, day, datetime.date.max)
    return gap - DAY if gap else datetime.date.max


def today(now: datetime.datetime, zone: str) -> datetime.date:
    """Which day it is for an association whose clocks follow `zone` (an IANA name)."""
    return now.astimezone(ZoneInfo(zone)).date()
