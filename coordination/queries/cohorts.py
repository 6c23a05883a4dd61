"""Cohorts of one association with their stage counts."""

import datetime
import uuid
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from applications.enums import Status
from applications.models import Application
from cohorts.calendar import last_second_of
from cohorts.enums import ReportState
from cohorts.models import Cohort, Enrolment, PostReport
from members.models import Association

STAGES: tuple[tuple[str, frozenset[str]], ...] = (
    ("preparing", frozenset({Status.DRAFT})),
    ("submitted", frozenset({Status.SUBMITTED, Status.CHANGES_REQUESTED})),
    ("review", frozenset({Status.UNDER_REVIEW, Status.REVIEWED})),
    ("decided", frozenset({
        Status.ENDORSED, Status.EMERGING, Status.APPROVED_FOR_EXAM, Status.DEFERRED, Status.NOT_ENDORSED,
    })),
    ("withdrawn", frozenset({Status.WITHDRAWN})),
)  # fmt: skip
"""Every status stands in exactly one stage; a test holds it."""


@dataclass(frozen=True, slots=True)
class CohortRow:
    """A cohort and how many applications are at which stage."""

    cohort: Cohort
    stages: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.stages.values())


def cohorts_of(association: Association) -> QuerySet[Cohort]:
    return Cohort.objects.of_association(association).order_by("-opens_at", "-id")


def at_work(association: Association, now: datetime.datetime) -> QuerySet[Cohort]:
    """Quarters that are open, under way or in review, newest first."""
    return cohorts_of(association).filter(opens_at__lte=now, review_ends_on__gte=now.date())


def with_stages(cohorts: list[Cohort]) -> list[CohortRow]:
    """The stage counts of a page of cohorts, in one query whatever their number."""
    counts: dict[int, dict[str, int]] = {
        cohort.pk: dict.fromkeys((name for name, _statuses in STAGES), 0) for cohort in cohorts
    }
    stage_of = {status: name for name, statuses in STAGES for status in statuses}
    grouped = (
        Application.objects.filter(enrolment__cohort__in=cohorts)
        .values_list("enrolment__cohort", "status")
        .annotate(number=Count("id"))
        .order_by()
    )
    for cohort_id, status, number in grouped:
        counts[cohort_id][stage_of[status]] += number
    return [CohortRow(cohort=cohort, stages=counts[cohort.pk]) for cohort in cohorts]


@dataclass(frozen=True, slots=True)
class DateRow:
    """A date of a quarter: `at` an instant; where only a day is meant, that day's last second."""

    what: str
    at: datetime.datetime
    whole_day: bool = False


def dates_of(cohort: Cohort) -> list[DateRow]:
    """All dates of a quarter in their order."""
    rows = [
        DateRow(_("Enrollment opens"), cohort.opens_at),
        DateRow(_("Enrollment closes"), cohort.closes_at),
        *(DateRow(milestone.title, milestone.due_at) for milestone in cohort.milestones.all()),
        DateRow(_("Submission deadline"), cohort.submission_deadline_at),
        DateRow(_("Review ends"), last_second_of(cohort.review_ends_on, cohort.time_zone), whole_day=True),
    ]
    return sorted(rows, key=lambda row: row.at)


def one(association: Association, cohort: uuid.UUID) -> Cohort | None:
    return Cohort.objects.of_association(association).filter(uuid=cohort).prefetch_related("milestones").first()


def seats(cohort: Cohort, *, search: str = "") -> QuerySet[Enrolment]:
    rows = cohort.enrolments.select_related("person").prefetch_related("applications")
    if search:
        rows = rows.filter(person__name__icontains=search)
    return rows.order_by("person__name", "id")


def open_reports(association: Association) -> QuerySet[PostReport]:
    """Posts that somebody reported and nobody has looked at."""
    return (
        PostReport.objects.filter(state=ReportState.OPEN, post__thread__cohort__association=association)
        .select_related("post__thread__cohort", "reporter__person")
        .order_by("created_at")
    )
