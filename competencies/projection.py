"""Pure: when the hours that are still missing would be there, at a pace and under plans that are tried and never kept.

A month's minutes are there when that month is over: 14 h to go at 4 h a month are there after 4 months, not 3 and a
half. A plan comes on top of the pace, so it never makes anything later. Times are whole minutes.
"""

from __future__ import annotations

import datetime
import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from competencies.enums import RequirementKind
from competencies.judging.case import months_before
from endorsement_portal.workflow import Finding

RECENT_DAYS = 90
RECENT_MONTHS = 3
"""The last 90 days are read as three months."""
MONTHS_MAX = 600
"""Fifty years: what lies beyond is no date."""
HOURS = frozenset({RequirementKind.TRAINING_HOURS, RequirementKind.RSC_HOURS})


@dataclass(frozen=True, slots=True)
class Need:
    """An hours requirement. `to_go` is what is missing; `recent` what counted in the last 90 days."""

    requirement: str
    to_go: int
    recent: int = 0

    @property
    def own_pace(self) -> int:
        """Minutes a month."""
        return self.recent // RECENT_MONTHS


@dataclass(frozen=True, slots=True)
class Plan:
    """So many minutes, so many times a month, from a day on; up to a total when there is one."""

    requirement: str
    minutes_each: int
    times_a_month: int
    starts_on: datetime.date
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Projected:
    """One requirement with its date. Nothing to go: no date and no wait. To go without a date: not at this pace."""

    requirement: str
    to_go: int
    pace: int
    ready_on: datetime.date | None

    @property
    def is_met(self) -> bool:
        return self.to_go == 0

    @property
    def is_open_ended(self) -> bool:
        return self.to_go > 0 and self.ready_on is None


@dataclass(frozen=True, slots=True)
class Outlook:
    """All hours requirements of a category, in its order."""

    rows: tuple[Projected, ...]

    @property
    def unmet(self) -> tuple[Projected, ...]:
        return tuple(row for row in self.rows if not row.is_met)

    @property
    def ready_on(self) -> datetime.date | None:
        """The day on which the last of them is there; None when all are there, or when one has no date."""
        bottleneck = self.bottleneck
        return bottleneck.ready_on if bottleneck else None

    @property
    def bottleneck(self) -> Projected | None:
        """What takes longest. No date at all takes longer than any date."""
        return max(self.unmet, key=_lateness, default=None)


def needs(
    findings: Iterable[Finding], days: Mapping[str, Mapping[str, datetime.date]], as_of: datetime.date
) -> tuple[Need, ...]:
    """Of every hours requirement that asks for some. `days`: requirement kind -> entry key -> its day."""
    return tuple(
        Need(
            requirement=finding.requirement,
            to_go=to_go(finding),
            recent=_recent(finding, days.get(finding.kind, {}), as_of),
        )
        for finding in findings
        if finding.kind in HOURS and finding.need_minutes and (finding.required or finding.group)
    )


def to_go(finding: Finding) -> int:
    """Minutes that are missing. Parts that are short are served first; they may ask for more than the total does."""
    parts = sum(max(0, part.need_minutes - part.have_minutes) for part in finding.parts)
    return max(finding.short_minutes or 0, parts)


def _recent(finding: Finding, days: Mapping[str, datetime.date], as_of: datetime.date) -> int:
    since = as_of - datetime.timedelta(days=RECENT_DAYS)
    return sum(entry.minutes or 0 for entry in finding.counted if since < days[entry.entry] <= as_of)


def project(
    needed: Iterable[Need],
    *,
    as_of: datetime.date,
    paces: Mapping[str, int] | None = None,
    plans: Iterable[Plan] = (),
) -> Outlook:
    """`paces` (requirement -> minutes a month) stand instead of a person's own."""
    plans = tuple(plans)
    rows = []
    for need in needed:
        pace = (paces or {}).get(need.requirement, need.own_pace)
        streams = [_Stream(as_of, pace)]
        streams += [
            _Stream(max(plan.starts_on, as_of), plan.minutes_each * plan.times_a_month, plan.total)
            for plan in plans
            if plan.requirement == need.requirement
        ]
        rows.append(Projected(need.requirement, need.to_go, pace, _day_reached(need.to_go, streams)))
    return Outlook(tuple(rows))


def months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, or the last day of that month."""
    return months_before(day, -months)


@dataclass(frozen=True, slots=True)
class _Stream:
    """Minutes that arrive at the end of each month after a day."""

    starts_on: datetime.date
    a_month: int
    total: int | None = None


def _day_reached(minutes: int, streams: list[_Stream]) -> datetime.date | None:
    """The first day on which the streams have brought so many minutes together."""
    if minutes <= 0:
        return None
    waiting = [
        (months_after(stream.starts_on, 1), number, 1) for number, stream in enumerate(streams) if stream.a_month > 0
    ]
    heapq.heapify(waiting)
    brought = [0] * len(streams)
    while waiting:
        day, number, month = heapq.heappop(waiting)
        stream = streams[number]
        arrived = brought[number] + stream.a_month
        brought[number] = arrived if stream.total is None else min(arrived, stream.total)
        if sum(brought) >= minutes:
            return day
        if month < MONTHS_MAX and (stream.total is None or brought[number] < stream.total):
            heapq.heappush(waiting, (months_after(stream.starts_on, month + 1), number, month + 1))
    return None


def _lateness(row: Projected) -> tuple[datetime.date, int, str]:
    return row.ready_on or datetime.date.max, row.to_go, row.requirement
