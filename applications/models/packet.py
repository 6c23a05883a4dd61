"""A submission frozen as a snapshot, and the packets rendered from it alone (decision 19)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.enums import PacketKind, PacketState
from applications.models.application import Application
from endorsement_portal.models import PublicId, Timestamped


class Submission(PublicId):
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    """1 for the first, 2 after changes or a deferral."""
    snapshot = models.TextField()
    """Canonical JSON, endorsement-submission/1. Never changed."""
    snapshot_sha256 = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="submission_number_once")]


class Packet(PublicId, Timestamped):
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="packets")
    kind = models.CharField(max_length=10, choices=PacketKind)
    state = models.CharField(max_length=10, choices=PacketState, default=PacketState.PENDING)
    progress = models.PositiveSmallIntegerField(default=0)
    """Percent, for the progress bar."""
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.CharField(max_length=36, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    file = models.ForeignKey("files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    pages = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "kind"], name="packet_kind_once_per_submission"),
            models.CheckConstraint(
                condition=Q(state="ready", file__isnull=False) | ~Q(state="ready"), name="packet_ready_has_file"
            ),
        ]
