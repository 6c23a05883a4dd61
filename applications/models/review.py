"""Review: who reads, what they find for each requirement, what they recommend."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.enums import AssignmentState, ReviewRecommendation
from applications.models.application import Application
from endorsement_portal.models import PublicId, Timestamped


class ReviewAssignment(PublicId, Timestamped):
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="assignments")
    submission_number = models.PositiveSmallIntegerField()
    """Which submission is read; a re-review is a new assignment."""
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_assignments")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=AssignmentState, default=AssignmentState.ASSIGNED)
    due_on = models.DateField()
    recommendation = models.CharField(max_length=20, choices=ReviewRecommendation, blank=True)
    summary = models.TextField(blank=True, max_length=4000)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["reviewer", "state", "due_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "submission_number", "reviewer"],
                condition=~Q(state="removed"),
                name="reviewer_assigned_once_per_submission",
            ),
            models.CheckConstraint(
                condition=Q(state="submitted", submitted_at__isnull=False) | ~Q(state="submitted"),
                name="review_submitted_is_dated",
            ),
        ]


class ReviewMark(Timestamped):
    """One requirement judged by one reviewer: met, not met, or (null) not yet marked."""

    assignment = models.ForeignKey(ReviewAssignment, on_delete=models.CASCADE, related_name="marks")
    requirement_key = models.CharField(max_length=60)
    met = models.BooleanField(null=True, blank=True)
    note = models.TextField(blank=True, max_length=2000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "requirement_key"], name="review_mark_once_per_requirement")
        ]
