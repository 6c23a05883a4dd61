"""Someone, in a quarter, asks for a category, on the strength of a portfolio."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.enums import FINAL_STATUSES, Status
from cohorts.models import Enrolment
from competencies.models import Category, Edition, Overlay
from endorsement_portal.models import PublicId, Timestamped
from members.models import Association, Person

if TYPE_CHECKING:
    from members.models import User


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: "User") -> "ApplicationQuerySet":
        """The applicant's own. Reviewers reach theirs through assignments, coordinators through the association."""
        return self.filter(person__user=user) if user.is_authenticated else self.none()

    def of_association(self, association: Association) -> "ApplicationQuerySet":
        return self.filter(association=association)

    def open(self) -> "ApplicationQuerySet":
        return self.exclude(status__in=FINAL_STATUSES)


class Application(PublicId, Timestamped):
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="applications")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="applications")
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="applications")
    """The cohort's association, kept here so that staff lists filter one table."""
    category = models.ForeignKey(Category, to_field="code", on_delete=models.PROTECT, related_name="applications")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="applications")
    overlay = models.ForeignKey(Overlay, null=True, blank=True, on_delete=models.PROTECT, related_name="applications")
    """Edition and overlay version are pinned when the application is created (decision 10)."""
    local_name = models.CharField(max_length=120, blank=True)
    """The association's own name for the category, pinned with the overlay; empty: the standard's."""
    reference_number = models.CharField(max_length=20, unique=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT)
    """Written by transitions.perform alone."""
    version = models.PositiveIntegerField(default=1)
    status_since = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    left_out = models.JSONField(default=dict)
    """Portfolio selection: entry kind -> keys that the applicant leaves out. Everything else is in."""
    asks_emerging = models.BooleanField(default=False)
    """For add-ons: the person applies as emerging, which waives what may be waived."""

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["association", "status", "-status_since"]),
            models.Index(fields=["enrolment", "status"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "category"],
                condition=~Q(status__in=FINAL_STATUSES),
                name="one_open_application_per_category",
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="application_status_known"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False),
                name="application_submitted_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.reference_number

    @property
    def category_name(self) -> str:
        """What the association calls the category. Endorsements carry the standard's name."""
        return self.local_name or str(self.category.name)


class StatusChange(models.Model):
    """One step of an application's history. Never changed; shown on screen."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="status_changes")
    source = models.CharField(max_length=20, choices=Status)
    target = models.CharField(max_length=20, choices=Status)
    action = models.CharField(max_length=30)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)
    """Seen by the applicant too."""

    class Meta:
        ordering = ["at", "id"]
