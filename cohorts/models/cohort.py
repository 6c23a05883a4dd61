"""A quarter: its dates, its seats and who sits on them."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cohorts.enums import EnrolmentState, MilestoneKind, Season
from endorsement_portal.models import PublicId, Timestamped
from members.models import Association, Person

if TYPE_CHECKING:
    from members.models import User


class CohortQuerySet(models.QuerySet["Cohort"]):
    def published(self) -> "CohortQuerySet":
        return self.filter(published_at__isnull=False)

    def visible_to(self, user: "User") -> "CohortQuerySet":
        """Published cohorts are public announcements; what happens inside one is asked of its enrolments."""
        return self.published()

    def of_association(self, association: Association) -> "CohortQuerySet":
        return self.filter(association=association)


class Cohort(PublicId, Timestamped):
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="cohorts")
    name = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField()
    season = models.CharField(max_length=10, choices=Season)
    time_zone = models.CharField(max_length=60)
    """IANA name. Every wall time of this cohort is meant in it (decision 24)."""
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    """Last second of enrollment, included."""
    submission_deadline_at = models.DateTimeField()
    """Last second of submission, included."""
    deadline_wall_time = models.CharField(max_length=40)
    """The deadline as typed: "2026-06-26 17:00:00 America/Chicago"."""
    review_ends_on = models.DateField()
    capacity = models.PositiveSmallIntegerField()
    seats_taken = models.PositiveSmallIntegerField(default=0)
    """Raised only by a conditional update below capacity, so that the last seat is taken once."""
    welcome = models.TextField(blank=True, max_length=2000)
    published_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["opens_at"]
        indexes = [models.Index(fields=["association", "opens_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(seats_taken__lte=F("capacity")), name="cohort_seats_within_capacity"),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at")) & Q(closes_at__lte=F("submission_deadline_at")),
                name="cohort_dates_in_order",
            ),
            models.UniqueConstraint(fields=["association", "name"], name="cohort_name_once_per_association"),
        ]

    def __str__(self) -> str:
        return self.name


class Milestone(PublicId):
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="milestones")
    kind = models.CharField(max_length=24, choices=MilestoneKind)
    title = models.CharField(max_length=120)
    due_at = models.DateTimeField()

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [models.UniqueConstraint(fields=["cohort", "kind"], name="milestone_kind_once_per_cohort")]


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, user: "User") -> "EnrolmentQuerySet":
        return self.filter(person__user=user) if user.is_authenticated else self.none()

    def seated(self) -> "EnrolmentQuerySet":
        return self.filter(state=EnrolmentState.SEATED)


class Enrolment(PublicId, Timestamped):
    """One seat per person and cohort; applications hang on it (decision 18)."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrolments")
    state = models.CharField(max_length=10, choices=EnrolmentState, default=EnrolmentState.SEATED)
    intended_category = models.CharField(max_length=12, blank=True)
    """A category code; its meaning lives in competencies, which cohorts may not know."""
    seated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    last_read_at = models.DateTimeField(null=True, blank=True)
    """When the person last opened the discussion."""

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["seated_at"]
        constraints = [models.UniqueConstraint(fields=["cohort", "person"], name="enrolment_once_per_cohort")]
