"""A stored file: an immutable blob. Replacing a file makes a new one. Its preview is a file of its own."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from endorsement_portal.jobs import JobRow
from endorsement_portal.models import PublicId


def storage_name(stored_file: "StoredFile", filename: str) -> str:
    """A random name; the person's own file name never reaches the disk."""
    uuid = str(stored_file.uuid)
    return f"{uuid[:2]}/{uuid}"


class ScanState(models.TextChoices):
    NOT_SCANNED = "not_scanned", _("Not scanned for viruses")
    CLEAN = "clean", _("Scanned")
    QUARANTINED = "quarantined", _("Held back by the virus scan")


class StoredFile(PublicId):
    content = models.FileField(upload_to=storage_name)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    """Bytes, as stored (after cleaning)."""
    content_type = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    """The name its owner gave it, cleaned, for the download."""
    pages = models.PositiveIntegerField(null=True, blank=True)
    scan_state = models.CharField(max_length=12, choices=ScanState, default=ScanState.NOT_SCANNED)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    set_aside_at = models.DateTimeField(null=True, blank=True)
    """When its owner took it off. It stays for what was already handed in with it, and fills nobody's space."""

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"], name="files_not_scanned", condition=models.Q(scan_state=ScanState.NOT_SCANNED)
            )
        ]

    def __str__(self) -> str:
        return self.name


class Preview(JobRow):
    """A small picture of a document's first page, drawn behind the page from the clean copy."""

    file = models.OneToOneField(StoredFile, on_delete=models.CASCADE, related_name="preview")
    picture = models.OneToOneField(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="depicts"
    )  # fmt: skip
    """None while it is not drawn, and for good when the page could not be."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["job_state", "lease_until"])]

    def __str__(self) -> str:
        return f"Preview of {self.file}"
