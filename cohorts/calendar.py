"""Pure: what a cohort's dates mean. The phase is computed here and stored nowhere (decision 24).

Instants are aware datetimes, days are dates in the cohort's own zone. A closing second is included: whatever happens
within that second is in time, whatever happens in the next one is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from cohorts.enums import MilestoneKind, Phase, Season

SEASON_ORDER: tuple[Season, ...] = (Season.WINTER, Season.SPRING, Season.SUMMER, Season.FALL)
"""The quarters of the calendar year, January to December."""

MILESTONE_WEEKS: Mapping[MilestoneKind, int] = {
    MilestoneKind.PORTFOLIO_STARTED: 1,
    MilestoneKind.APPLICATION_STARTED: 2,
    MilestoneKind.RATERS_NAMED: 4,
    MilestoneKind.RATINGS_RECEIVED: 8,
    MilestoneKind.SUBMITTED: 13,
}
"""Whole weeks after the quarter's first Monday; never later than the deadline itself."""

YEARS = range(2000, 2101)
"""The years a quarter may lie in."""

ENROLLMENT_LEAD_WEEKS = 8
ENROLLMENT_MARGIN_DAYS = 10
REVIEW_WEEKS = 8
OPENING_TIME = time(9, 0)
DEADLINE_TIME = time(17, 0)


class WallTimeRefused(ValueError):
    """A wall time that names no instant, or two. `code` is unknown_zone, missing, ambiguous or out_of_range."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class CohortDates:
    """Everything the phase depends on."""

    published: bool
    opens_at: datetime
    closes_at: datetime
    submission_deadline_at: datetime
    review_ends_on: date
    zone: str


@dataclass(frozen=True, slots=True)
class QuarterPlan:
    """Proposed dates of a quarter as wall times in the cohort's zone; a coordinator may change each."""

    opens: datetime
    closes: datetime
    deadline: datetime
    review_ends_on: date
    milestones: Mapping[MilestoneKind, datetime]


def zone_named(name: str) -> ZoneInfo:
    """The zone, or WallTimeRefused: an IANA name such as America/Chicago, never an abbreviation or a path."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise WallTimeRefused(
            "unknown_zone", _("We do not know this time zone. Choose one like America/Chicago.")
        ) from error


def instant_of(wall: datetime, zone: str) -> datetime:
    """The UTC instant of a naive wall time. Refuses a time that a change of clocks skips or repeats."""
    tz = zone_named(zone)
    try:
        first = wall.replace(tzinfo=tz, fold=0).astimezone(UTC)
        second = wall.replace(tzinfo=tz, fold=1).astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise WallTimeRefused("out_of_range", _("This date is out of range.")) from error
    if first == second:
        return first
    if first.astimezone(tz).replace(tzinfo=None, fold=0) != wall.replace(fold=0):
        raise WallTimeRefused(
            "missing", _("This time does not exist on that day: the clocks go forward. Choose another time.")
        )
    raise WallTimeRefused("ambiguous", _("This time comes twice on that day: the clocks go back. Choose another time."))


def last_second_of(day: date, zone: str) -> datetime:
    """The UTC instant of 23:59:59 on a day, the later one where the clocks go back at midnight."""
    wall = datetime.combine(day, time(23, 59, 59))
    return wall.replace(tzinfo=zone_named(zone), fold=1).astimezone(UTC)


def wall_text(wall: datetime, zone: str) -> str:
    """How a deadline is kept beside its instant: "2026-06-26 17:00:00 America/Chicago"."""
    return f"{wall:%Y-%m-%d %H:%M:%S} {zone}"


def in_time(last_second: datetime, now: datetime) -> bool:
    """Whether `now` is not after a closing second, that second included. The one comparison of every deadline."""
    return now < last_second.replace(microsecond=0) + timedelta(seconds=1)


def phase(dates: CohortDates, now: datetime) -> Phase:
    if not dates.published:
        return Phase.DRAFT
    if now < dates.opens_at:
        return Phase.ANNOUNCED
    if in_time(dates.closes_at, now):
        return Phase.OPEN
    if in_time(dates.submission_deadline_at, now):
        return Phase.WORKING
    if local_day(now, dates.zone) <= dates.review_ends_on:
        return Phase.REVIEW
    return Phase.CLOSED


def local_day(instant: datetime, zone: str) -> date:
    return instant.astimezone(zone_named(zone)).date()


def days_left(last_second: datetime, now: datetime, zone: str) -> int:
    """Whole days on the calendar of the zone: 0 today, 1 tomorrow, negative when past."""
    return (local_day(last_second, zone) - local_day(now, zone)).days


def season_of(day: date) -> Season:
    return SEASON_ORDER[(day.month - 1) // 3]


def quarter_of(day: date) -> tuple[int, Season]:
    return day.year, season_of(day)


def next_quarter(year: int, season: Season) -> tuple[int, Season]:
    place = SEASON_ORDER.index(season) + 1
    return (year, SEASON_ORDER[place]) if place < len(SEASON_ORDER) else (year + 1, SEASON_ORDER[0])


def first_monday(year: int, season: Season) -> date:
    first = date(year, SEASON_ORDER.index(season) * 3 + 1, 1)
    return first + timedelta(days=-first.weekday() % 7)


def last_friday(year: int, season: Season) -> date:
    following_year, following = next_quarter(year, season)
    last = date(following_year, SEASON_ORDER.index(following) * 3 + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - 4) % 7)


def quarter_plan(year: int, season: Season) -> QuarterPlan:
    """Work from the first Monday to the last Friday of the quarter; seats until ten days before, for eight weeks."""
    start = first_monday(year, season)
    deadline = datetime.combine(last_friday(year, season), DEADLINE_TIME)
    end_of_day = time(23, 59, 59)
    milestones = {
        kind: min(datetime.combine(start + timedelta(weeks=weeks), end_of_day), deadline)
        for kind, weeks in MILESTONE_WEEKS.items()
    }
    return QuarterPlan(
        opens=datetime.combine(start - timedelta(weeks=ENROLLMENT_LEAD_WEEKS), OPENING_TIME),
        closes=datetime.combine(start - timedelta(days=ENROLLMENT_MARGIN_DAYS), end_of_day),
        deadline=deadline,
        review_ends_on=deadline.date() + timedelta(weeks=REVIEW_WEEKS),
        milestones=milestones,
    )


def share_passed(start: datetime, end: datetime, at: datetime) -> int:
    """Where an instant lies between two others, in whole percent from 0 to 100."""
    length = (end - start).total_seconds()
    if length <= 0:
        return 100 if at >= end else 0
    return max(0, min(100, round((at - start).total_seconds() * 100 / length)))


def week_of(dates: CohortDates, now: datetime) -> tuple[int, int]:
    """(week, weeks) of the working time, from the end of enrollment to the deadline; the week is 1 to weeks."""
    start = local_day(dates.closes_at, dates.zone)
    weeks = max(1, -(-(local_day(dates.submission_deadline_at, dates.zone) - start).days // 7))
    return max(1, min(weeks, (local_day(now, dates.zone) - start).days // 7 + 1)), weeks
