"""Pure: which reminder is due to whom, now. Tables of steps, and the rules of all reminders (features, section 5).

A ladder is a list of instants before or after a date. At any moment at most one step of a ladder can go: the last one
passed. It goes if its condition still holds, the next step is more than a day away and the reader's clock shows office
hours; steps that came and went are passed over for good. All due steps of one person go in one mail a day.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from applications.enums import Reminder
from cohorts.enums import MilestoneKind


@dataclass(frozen=True, slots=True)
class Ladder:
    """Days before (negative) or after (positive) the due instant, and days after the beginning."""

    key: str
    """With {object}, {person}: what the step's own name is appended to."""
    from_due: tuple[int, ...] = ()
    from_start: tuple[int, ...] = ()


LADDERS: dict[Reminder, Ladder] = {
    Reminder.COHORT_CLOSING: Ladder("cohort-close:{object}:{person}", from_due=(-42, -28, -14, -7, -3, -1)),
    Reminder.MILESTONE: Ladder("milestone:{object}:{person}", from_due=(-14, -7, -2)),
    Reminder.MEMBERSHIP_LAPSE: Ladder("member:{object}", from_due=(-60, -30, -7)),
    Reminder.RATING: Ladder("rate-rem:{object}", from_start=(7, 14, 21), from_due=(-7, -2)),
    Reminder.REVIEW_DUE: Ladder("rev-due:{object}", from_due=(-7, -2, 1, 5)),
}

DAY = datetime.timedelta(days=1)
EARLIEST, LATEST = 8 * 60, 18 * 60
"""Minutes of the reader's day: from 08:00, before 18:00."""
SUNDAY = 6
BRIEF_AT = 8 * 60 + 30
HORIZON = datetime.timedelta(days=62)
"""No ladder starts earlier before its due instant."""
TAIL = datetime.timedelta(days=14)
"""How long after its due instant a ladder may still speak."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing one person may be reminded of."""

    kind: Reminder
    object: str
    person: int
    zone: str
    """The reader's time zone."""
    due_at: datetime.datetime
    starts_at: datetime.datetime
    """From when the reader knows of it; steps before that never existed for them."""
    done: bool = False
    ends_at_due: bool = True
    """False: steps after the due instant exist, and nothing else ends it."""
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    at: datetime.datetime


def clock(zone: str) -> datetime.tzinfo:
    """The zone, or UTC for a name that no clock knows: one odd row must not silence everybody else's reminders."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return datetime.UTC


def _morning(instant: datetime.datetime, days: int, zone: datetime.tzinfo) -> datetime.datetime:
    """The first second of the reader's day so many days from the day of `instant`."""
    day = instant.astimezone(zone).date() + datetime.timedelta(days=days)
    return datetime.datetime.combine(day, datetime.time.min, tzinfo=zone)


def steps(subject: Subject) -> tuple[Step, ...]:
    """All steps of a subject's ladder in the order of time: each from the start of its day. Keys never repeat."""
    ladder, zone = LADDERS[subject.kind], clock(subject.zone)
    prefix = ladder.key.format(object=subject.object, person=subject.person)
    made = [Step(f"{prefix}:T{days:+d}", _morning(subject.due_at, days, zone)) for days in ladder.from_due]
    made += [Step(f"{prefix}:+{days}", _morning(subject.starts_at, days, zone)) for days in ladder.from_start]
    return tuple(sorted((step for step in made if step.at >= subject.starts_at), key=lambda step: (step.at, step.key)))


@dataclass(frozen=True, slots=True)
class DueReminder:
    """A step that goes now."""

    key: str
    subject: Subject


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A step that will never go, with the reason."""

    key: str
    subject: Subject
    reason: str


@dataclass(frozen=True, slots=True)
class Judgement:
    due: tuple[DueReminder, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()


@dataclass(frozen=True, slots=True)
class ReminderFacts:
    subjects: tuple[Subject, ...]
    taken: frozenset[str] = frozenset()
    """Keys of steps already sent or passed over."""
    mailed_today: frozenset[int] = frozenset()
    """People who already had their one reminder mail of their day."""


def _minute(local: datetime.datetime) -> int:
    return local.hour * 60 + local.minute


def office_hours(now: datetime.datetime, zone: str, due_at: datetime.datetime) -> bool:
    """Whether a reminder may go now: 08:00 to 18:00 for the reader, and not on a Sunday unless it is the last day."""
    local = now.astimezone(clock(zone))
    if not EARLIEST <= _minute(local) < LATEST:
        return False
    return local.weekday() != SUNDAY or datetime.timedelta() <= due_at - now <= DAY


def judge(now: datetime.datetime, subject: Subject, taken: frozenset[str]) -> Judgement:
    """What of one ladder goes now, and what is passed over."""
    passed = [step for step in steps(subject) if step.at <= now]
    if subject.done or not passed or (subject.ends_at_due and now > subject.due_at):
        return Judgement()
    *earlier, current = passed
    over = [PassedOver(step.key, subject, "a later step is due") for step in earlier if step.key not in taken]
    if current.key in taken:
        return Judgement(passed_over=tuple(over))
    following = next((step for step in steps(subject) if step.at > now), None)
    if following is not None and following.at - now <= DAY:
        over.append(PassedOver(current.key, subject, "the next step is within a day"))
        return Judgement(passed_over=tuple(over))
    if not office_hours(now, subject.zone, subject.due_at):
        return Judgement(passed_over=tuple(over))
    return Judgement(due=(DueReminder(current.key, subject),), passed_over=tuple(over))


def judged(now: datetime.datetime, facts: ReminderFacts) -> Judgement:
    """All ladders at once. Who had a reminder mail today gets the next one tomorrow, if it is still true then."""
    answers = [judge(now, subject, facts.taken) for subject in facts.subjects]
    return Judgement(
        due=tuple(
            reminder
            for answer in answers
            for reminder in answer.due
            if reminder.subject.person not in facts.mailed_today
        ),
        passed_over=tuple(step for answer in answers for step in answer.passed_over),
    )


def due(now: datetime.datetime, facts: ReminderFacts) -> tuple[DueReminder, ...]:
    return judged(now, facts).due


@dataclass(frozen=True, slots=True)
class ReminderMail:
    """One person's reminders of one day, the nearest due first."""

    key: str
    person: int
    day: datetime.date
    reminders: tuple[DueReminder, ...]


def mails(now: datetime.datetime, reminders: Iterable[DueReminder]) -> tuple[ReminderMail, ...]:
    """The due steps, one mail a person. The key holds the person's day, so that there is one a day."""
    grouped: dict[int, list[DueReminder]] = {}
    for reminder in reminders:
        grouped.setdefault(reminder.subject.person, []).append(reminder)
    made = []
    for person, theirs in grouped.items():
        theirs.sort(key=lambda reminder: (reminder.subject.due_at, reminder.key))
        day = local_day(now, theirs[0].subject.zone)
        made.append(ReminderMail(mail_key(person, day), person, day, tuple(theirs)))
    return tuple(made)


def mail_key(person: int, day: datetime.date) -> str:
    return f"reminders:{person}:{day.isoformat()}"


def local_day(now: datetime.datetime, zone: str) -> datetime.date:
    return now.astimezone(clock(zone)).date()


def brief_is_due(now: datetime.datetime, zone: str) -> bool:
    """The coordinators' brief: on working days from 08:30, for as long as office hours last."""
    local = now.astimezone(clock(zone))
    return local.weekday() < 5 and BRIEF_AT <= _minute(local) < LATEST


# --- Milestones ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """How far a person in a cohort has come, summed over their applications in it."""

    entries: int = 0
    applications: int = 0
    raters_named: int = 0
    raters_needed: int = 0
    ratings_received: int = 0
    submitted: int = 0


DONE_WHEN: dict[MilestoneKind, Callable[[SeatFacts], bool]] = {
    MilestoneKind.PORTFOLIO_STARTED: lambda seat: seat.entries > 0,
    MilestoneKind.APPLICATION_STARTED: lambda seat: seat.applications > 0,
    MilestoneKind.RATERS_NAMED: lambda seat: seat.applications > 0 and seat.raters_named >= seat.raters_needed,
    MilestoneKind.RATINGS_RECEIVED: lambda seat: seat.applications > 0 and seat.ratings_received >= seat.raters_needed,
    MilestoneKind.SUBMITTED: lambda seat: 0 < seat.applications <= seat.submitted,
}
