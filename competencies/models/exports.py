"""A person's own data as a ZIP: the row is the truth from the wish to the removal seven days after."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from competencies.enums import ExportContents
from endorsement_portal.jobs import JobRow, JobState
from endorsement_portal.models import PublicId, Timestamped
from members.models import Person

if TYPE_CHECKING:
    from members.models import User


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, user: "User") -> Self:
        """Own data are their person's alone: no staff, no operator's page."""
        return self.filter(person__user=user) if user.is_authenticated else self.none()


class Export(JobRow, PublicId, Timestamped):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="exports")
    contents = models.CharField(max_length=10, choices=ExportContents, default=ExportContents.EVERYTHING)
    file = models.ForeignKey("files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """The ZIP. Gone seven days after it was made, or when a newer one takes its place."""
    progress = models.PositiveSmallIntegerField(default=0)
    """Percent, for the progress bar."""
    entries = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    """How many evidence files are in it."""
    left_out = models.PositiveIntegerField(default=0)
    """Evidence files that could not go into it: held back by the virus scan, or missing from the storage."""
    ready_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["job_state", "lease_until"]), models.Index(fields=["person", "-created_at"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(job_state=JobState.DONE)
                | Q(ready_at__isnull=False, file__isnull=False)
                | Q(ready_at__isnull=False, removed_at__isnull=False),
                name="export_done_has_its_file_until_removed",
            )
        ]
