"""Texts that are signed, by version, and the signatures."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.enums import TextKind
from applications.models.application import Application
from endorsement_portal.models import PublicId
from members.models import Association


class LegalText(PublicId):
    """The code of ethics or the agreement, one version. Ours are short; an association loads licensed text."""

    kind = models.CharField(max_length=12, choices=TextKind)
    association = models.ForeignKey(
        Association, null=True, blank=True, on_delete=models.PROTECT, related_name="legal_texts"
    )
    """Null: the default text."""
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    body = models.TextField()
    """Paragraphs separated by empty lines; plain text."""
    sha256 = models.CharField(max_length=64)
    effective_from = models.DateField()

    class Meta:
        ordering = ["kind", "effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "association", "version"], name="legal_text_version_once"),
            models.UniqueConstraint(
                fields=["kind", "version"],
                condition=Q(association__isnull=True),
                name="legal_text_default_version_once",
            ),
        ]


class Signature(models.Model):
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="signatures")
    text = models.ForeignKey(LegalText, on_delete=models.PROTECT, related_name="signatures")
    typed_name = models.CharField(max_length=200)
    not_sanctioned = models.BooleanField(null=True, blank=True)
    """The attestation that no licensing board has sanctioned the person; asked with the code of ethics."""
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["signed_at"]
        constraints = [models.UniqueConstraint(fields=["application", "text"], name="signature_once_per_text")]
