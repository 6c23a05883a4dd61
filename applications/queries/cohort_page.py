"""A cohort's page: its dates, its people, how far one has come oneself, and how far everybody has in totals only.

Nobody sees another person's hours, ratings or decisions here: totals carry no names, and a small cohort shows none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.safestring import SafeString

from applications.enums import ReferenceState, Status
from applications.models import Application
from applications.reminders import DONE_WHEN, SeatFacts
from cohorts import calendar, rules
from cohorts import queries as cohorts
from cohorts.enums import EnrolmentState, MilestoneKind
from cohorts.models import Cohort, Enrolment, Milestone, Thread
from cohorts.queries import discussion
from competencies.enums import RequirementKind
from competencies.models import Category, Education, Requirement, Supervision, Training, Work
from members.models import Person

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User

TOTALS_FROM = 4
"""Fewer people than this, and a total would tell about one of them."""
COUNTED = (
    MilestoneKind.APPLICATION_STARTED,
    MilestoneKind.RATERS_NAMED,
    MilestoneKind.RATINGS_RECEIVED,
    MilestoneKind.SUBMITTED,
)
"""What a portfolio holds is asked for its owner alone, so its milestone has no total."""
THREADS = 4
RATERS_USUAL = 3
OUT_OF_THE_GAME = (ReferenceState.DECLINED, ReferenceState.CANCELED)


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    title: str
    due_at: datetime
    percent: int
    done: bool
    """By oneself; for somebody without a seat: simply past."""
    missed: bool
    """Past, and not done by oneself."""
    now: bool
    """The first one that is neither done nor past."""
    done_by: int | None
    """How many have done it; None where no total is shown."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    person: Person
    categories: str
    is_me: bool


@dataclass(frozen=True, slots=True)
class CohortPage:
    """What a person with a seat, or a coordinator, sees."""

    cohort: Cohort
    card: cohorts.CohortCard
    enrolment: Enrolment | None
    access: discussion.Access
    week: int
    weeks: int
    today: int
    milestones: list[MilestoneRow]
    members: list[MemberRow]
    coordinators: list[Person]
    notices: list[tuple[Thread, SafeString]]
    threads: list[Thread]
    has_threads: bool
    may_leave: bool


def member_page(user: User | AnonymousUser, access: discussion.Access, now: datetime) -> CohortPage:
    """Everything of the page; the number of queries does not depend on how many people sit in the cohort."""
    cohort = access.cohort
    enrolments = cohorts.members(cohort)
    mine = next((row for row in enrolments if row.person.user_id == user.pk), None)
    rows = list(_applications(cohort))
    seats = _seats(enrolments, rows, mine)
    card = cohorts.card(cohort, now)
    notices = discussion.notices(cohort)
    threads = discussion.latest(cohort, THREADS)
    week, weeks = calendar.week_of(rules.dates_of(cohort), now)
    return CohortPage(
        cohort=cohort,
        card=card,
        enrolment=mine,
        access=access,
        week=week,
        weeks=weeks,
        today=calendar.share_passed(cohort.opens_at, cohort.submission_deadline_at, now),
        milestones=milestone_rows(cohort, cohorts.milestones(cohort), now, seats=seats, mine=mine),
        members=_members(enrolments, rows, mine),
        coordinators=discussion.coordinator_names(cohort.association),
        notices=notices,
        threads=threads,
        has_threads=bool(threads or notices),
        may_leave=mine is not None and calendar.in_time(cohort.submission_deadline_at, now),
    )


def milestone_rows(
    cohort: Cohort,
    milestones: list[Milestone],
    now: datetime,
    *,
    seats: dict[int, SeatFacts] | None = None,
    mine: Enrolment | None = None,
) -> list[MilestoneRow]:
    """The quarter's milestones on the line. Without a seat of one's own, a milestone is done when it is past."""
    seats = seats or {}
    totals = len(seats) >= TOTALS_FROM
    rows: list[MilestoneRow] = []
    for milestone in milestones:
        done_when = DONE_WHEN[MilestoneKind(milestone.kind)]
        past = not calendar.in_time(milestone.due_at, now)
        done = done_when(seats[mine.pk]) if mine else past
        rows.append(
            MilestoneRow(
                title=milestone.title,
                due_at=milestone.due_at,
                percent=calendar.share_passed(cohort.opens_at, cohort.submission_deadline_at, milestone.due_at),
                done=done,
                missed=past and not done,
                now=not done and not past and not any(row.now for row in rows),
                done_by=sum(map(done_when, seats.values())) if totals and milestone.kind in COUNTED else None,
            )
        )
    return rows


def public_milestones(cohort: Cohort, now: datetime) -> list[MilestoneRow]:
    return milestone_rows(cohort, cohorts.milestones(cohort), now)


def category_choices() -> list[tuple[str, str, str]]:
    """(code, name, license) of what a person may plan to apply for."""
    rows = Category.objects.open_to_applications().filter(is_add_on=False)
    return [(row.code, row.name, row.license_id) for row in rows]


def _applications(cohort: Cohort) -> list[Application]:
    named = Count("references", filter=~Q(references__state__in=OUT_OF_THE_GAME), distinct=True)
    received = Count("references", filter=Q(references__state=ReferenceState.RECEIVED), distinct=True)
    rows = Application.objects.filter(enrolment__cohort=cohort, enrolment__state=EnrolmentState.SEATED)
    return list(
        rows.exclude(status=Status.WITHDRAWN)
        .annotate(named=named, received=received)
        .only("enrolment_id", "category_id", "edition_id", "submitted_at")
        .order_by("pk")
    )


def _seats(
    enrolments: list[Enrolment], applications: list[Application], mine: Enrolment | None
) -> dict[int, SeatFacts]:
    """How far each seat has come. Whether a portfolio was begun is asked for one's own only."""
    needed = _raters_needed(applications)
    entries = _entries(mine.person) if mine else 0
    theirs: dict[int, list[Application]] = {}
    for application in applications:
        theirs.setdefault(application.enrolment_id, []).append(application)
    return {
        enrolment.pk: _seat(
            theirs.get(enrolment.pk, []), needed, entries=entries if mine and enrolment.pk == mine.pk else 0
        )
        for enrolment in enrolments
    }


def _seat(rows: list[Application], needed: dict[tuple[int, str], int], *, entries: int) -> SeatFacts:
    return SeatFacts(
        entries=entries,
        applications=len(rows),
        raters_named=sum(row.named for row in rows),  # type: ignore[attr-defined]
        ratings_received=sum(row.received for row in rows),  # type: ignore[attr-defined]
        raters_needed=sum(needed.get((row.edition_id, row.category_id), RATERS_USUAL) for row in rows),
        submitted=sum(1 for row in rows if row.submitted_at),
    )


def _raters_needed(applications: list[Application]) -> dict[tuple[int, str], int]:
    editions = {application.edition_id for application in applications}
    rows = Requirement.objects.filter(kind=RequirementKind.REFERENCE_RATINGS, edition_id__in=editions)
    found = rows.values_list("edition_id", "category__code", "params") if editions else ()
    return {(edition, code): int(params.get("count") or RATERS_USUAL) for edition, code, params in found}


def _entries(person: Person) -> int:
    """1 when there is anything in the portfolio, else 0. One query."""
    mine = {"person_id": OuterRef("pk"), "withdrawn_at__isnull": True}
    begun = [Q(Exists(model.objects.filter(**mine))) for model in (Education, Work, Training, Supervision)]
    return int(Person.objects.filter(pk=person.pk).filter(reduce(or_, begun)).exists())


def _members(enrolments: list[Enrolment], applications: list[Application], mine: Enrolment | None) -> list[MemberRow]:
    chosen: dict[int, list[str]] = {}
    for application in applications:
        chosen.setdefault(application.enrolment_id, []).append(application.category_id)
    codes = {code for rows in chosen.values() for code in rows} | {row.intended_category for row in enrolments}
    names = dict(Category.objects.filter(code__in=codes - {""}).values_list("code", "name"))
    return [
        MemberRow(
            person=row.person,
            categories=", ".join(
                str(names[code]) for code in chosen.get(row.pk) or [row.intended_category] if code in names
            ),
            is_me=mine is not None and row.pk == mine.pk,
        )
        for row in enrolments
    ]
