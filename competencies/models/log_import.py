"""Imported logs: the row is the truth of an import from the upload to its undoing."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from competencies.enums import EntryKind, ImportState
from endorsement_portal.models import PublicId, Timestamped
from members.models import Person

if TYPE_CHECKING:
    from members.models import User


class LogImportQuerySet(models.QuerySet["LogImport"]):
    def visible_to(self, user: "User") -> Self:
        """An import is its person's alone."""
        return self.filter(person__user=user) if user.is_authenticated else self.none()


class LogImport(PublicId, Timestamped):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="log_imports")
    kind = models.CharField(max_length=20, choices=EntryKind)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.READ)
    file = models.ForeignKey("files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """The table as it was read. Gone once the import is done, put aside, or a day old."""
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    """Of the file as it was uploaded."""
    row_count = models.PositiveIntegerField()
    columns = models.JSONField(default=dict, blank=True)
    """What the columns mean, as `log_import.columns.Columns.as_data` writes it; empty until the person has said it."""
    key_prefix = models.CharField(max_length=40, blank=True)
    """What the keys of the entries that came with this import begin with."""
    providers_made = models.JSONField(default=list, blank=True)
    """UUIDs of people who were not known before this import named them as providers."""
    added = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    """Entries that stayed when the import was undone, because they had been changed or used since."""
    progress = models.PositiveSmallIntegerField(default=0)
    """Percent, for the progress bar."""
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.CharField(max_length=36, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = LogImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["state", "lease_until"]), models.Index(fields=["person", "-created_at"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["pending", "running"]) | Q(file__isnull=False, confirmed_at__isnull=False),
                name="log_import_waits_with_its_file",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(finished_at__isnull=False), name="log_import_done_has_its_day"
            ),
        ]


class RememberedColumns(models.Model):
    """Which headings a person's log uses for what: the next file begins with it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="remembered_columns")
    kind = models.CharField(max_length=20, choices=EntryKind)
    headings = models.JSONField(default=dict)
    """Plain heading -> field."""
    for_all = models.JSONField(default=dict, blank=True)
    unit = models.CharField(max_length=10, blank=True)
    order = models.CharField(max_length=12, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="columns_remembered_once_per_kind")]
