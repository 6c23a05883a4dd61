"""Decisions: recorded first, released later; only the release changes what the applicant sees. Exam results."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.enums import Outcome
from applications.models.application import Application
from endorsement_portal.models import PublicId, Timestamped


class Decision(PublicId, Timestamped):
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=20, choices=Outcome)
    message = models.TextField(blank=True, max_length=4000)
    """To the applicant, in the association's words."""
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(released_at__isnull=True, discarded_at__isnull=True),
                name="one_recorded_decision_waits",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="decision_release_is_signed",
            ),
        ]


class DecisionTask(PublicId, Timestamped):
    """What a deferral asks for, tied to a requirement."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="tasks")
    requirement_key = models.CharField(max_length=60, blank=True)
    text = models.CharField(max_length=1000)
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=2000, blank=True)


class ExamResult(PublicId, Timestamped):
    """The outcome of one part of the written exam; the exam itself is held elsewhere."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="exam_results")
    part = models.PositiveSmallIntegerField()
    sat_on = models.DateField()
    passed = models.BooleanField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["sat_on", "part"]
        constraints = [models.UniqueConstraint(fields=["application", "part", "sat_on"], name="exam_part_once_a_day")]
