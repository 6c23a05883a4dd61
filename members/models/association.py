"""Associations for infant mental health, and the settings of those that use this portal."""

from django.db import models

from endorsement_portal.models import PublicId, Timestamped
from members.enums import Evidence


class AssociationQuerySet(models.QuerySet["Association"]):
    def using_portal(self) -> "AssociationQuerySet":
        return self.filter(settings__isnull=False)


class Association(PublicId):
    code = models.CharField(max_length=10, unique=True)
    slug = models.SlugField(max_length=12, unique=True)
    name = models.CharField(max_length=200)
    abbreviation = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)
    website = models.URLField(blank=True)
    offers_licenses = models.JSONField(null=True, blank=True)
    """License codes, or null: not known."""
    evidence = models.CharField(max_length=20, choices=Evidence, default=Evidence.UNCONFIRMED)
    source_url = models.URLField(blank=True, max_length=500)
    note = models.TextField(blank=True)

    objects = AssociationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AssociationSettings(Timestamped):
    """An association that runs its credential here. How it works; the rules themselves are an overlay of an edition."""

    class Coverage(models.TextChoices):
        WARN = "warn"
        BLOCK = "block"

    association = models.OneToOneField(Association, on_delete=models.CASCADE, related_name="settings")
    time_zone = models.CharField(max_length=60, default="America/Chicago")
    contact_email = models.EmailField(blank=True)
    coverage = models.CharField(max_length=10, choices=Coverage, default=Coverage.WARN)
    """Whether an empty competency warns or blocks a submission (decision 8)."""
    membership_through_review = models.BooleanField(default=False)
    """True: a membership that ends before the review ends blocks; else it warns (decision 9)."""
    two_applications_at_once = models.BooleanField(default=True)
    allow_not_endorsed = models.BooleanField(default=False)
    """Whether a decision may be "not endorsed" (decision 18)."""
    reviewers_per_application = models.PositiveSmallIntegerField(default=1)
    review_days = models.PositiveSmallIntegerField(default=21)
    rating_due_days = models.PositiveSmallIntegerField(default=28)
    discussion_edit_minutes = models.PositiveSmallIntegerField(default=30)
