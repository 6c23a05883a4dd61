"""References: who is asked to rate, and the confidential rating. No applicant ever reaches a rating (decision 15)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.enums import DeclineReason, Recommendation, ReferenceState, Slot
from applications.models.application import Application
from competencies.models import Category, Edition
from endorsement_portal.models import PublicId, Timestamped
from members.models import Person


class Reference(PublicId, Timestamped):
    """One rater asked for one application."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="references")
    rater = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="references_asked")
    slot = models.CharField(max_length=20, choices=Slot)
    """In what role this person rates."""
    known_since = models.DateField()
    waived = models.BooleanField()
    """Whether the applicant waived access. Decides only what a coordinator may tell them in their own words."""
    state = models.CharField(max_length=10, choices=ReferenceState, default=ReferenceState.NAMED)
    due_on = models.DateField()
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_count = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    """When it was received, declined or canceled."""
    decline_reason = models.CharField(max_length=20, choices=DeclineReason, blank=True)
    """For coordinators only."""
    decline_note = models.CharField(max_length=500, blank=True)
    vetted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    vetted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["state", "due_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "rater"],
                condition=~Q(state__in=["declined", "canceled"]),
                name="rater_asked_once_per_application",
            )
        ]


class RatingItem(models.Model):
    """One statement to rate: our own description of a competency of Working With Others, Thinking or Reflection."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="rating_items")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="rating_items")
    competency_code = models.CharField(max_length=40)
    area_code = models.CharField(max_length=6)
    text = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "category", "competency_code"], name="rating_item_once_per_competency"
            )
        ]


class Rating(PublicId, Timestamped):
    """A rater's answers: a draft until submitted_at is set; a correction is a new version."""

    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="ratings")
    version = models.PositiveSmallIntegerField(default=1)
    save_number = models.PositiveIntegerField(default=0)
    """Rises with each autosave; an older page is answered with a choice."""
    recommendation = models.CharField(max_length=20, choices=Recommendation, blank=True)
    comment = models.TextField(blank=True, max_length=4000)
    explanation = models.TextField(blank=True, max_length=2000)
    """Asked once when the recommendation contradicts the answers."""
    typed_name = models.CharField(max_length=200, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["reference", "version"], name="rating_version_once")]


class RatingAnswer(models.Model):
    """1 to 4 on the scale, or null: not enough information."""

    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="answers")
    item = models.ForeignKey(RatingItem, on_delete=models.PROTECT, related_name="answers")
    value = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rating", "item"], name="rating_answer_once_per_item"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=1, value__lte=4), name="rating_answer_on_scale"
            ),
        ]
