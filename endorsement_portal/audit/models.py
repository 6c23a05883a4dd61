"""The append-only history. Rows are never changed: triggers refuse it on both engines (triggers.py)."""

from typing import TYPE_CHECKING

from django.db import models

PLATFORM_CHAIN = "platform"


class ActorKind(models.TextChoices):
    USER = "user"
    LINK = "link"
    COMMAND = "command"
    SYSTEM = "system"


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def unsealed(self) -> "AuditEventQuerySet":
        return self.filter(seal__isnull=True)

    def of(self, obj: models.Model) -> "AuditEventQuerySet":
        return self.filter(object_type=obj._meta.label_lower, object_id=str(getattr(obj, "uuid", obj.pk)))


class AuditEvent(models.Model):
    """One thing that happened. Holds identifiers only; personal text goes to AuditText."""

    at = models.DateTimeField(db_index=True)
    chain = models.CharField(max_length=40, default=PLATFORM_CHAIN)
    """Association code, or the platform's own chain."""
    verb = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=20, choices=ActorKind)
    actor_id = models.CharField(max_length=64, blank=True)
    """UUID of the user or link; the command's name; empty for the system."""
    object_type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=64)
    data = models.JSONField(default=dict)
    text_digest = models.CharField(max_length=64, blank=True)
    """Salted digest of the personal text; empty when there is none. The salt lies with the text and goes with it."""
    request_id = models.CharField(max_length=36, blank=True)

    objects = AuditEventQuerySet.as_manager()

    if TYPE_CHECKING:
        seal: "AuditSeal"
        text: "AuditText"

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id"]),
            models.Index(fields=["actor_kind", "actor_id"]),
            models.Index(fields=["chain", "id"]),
        ]


class AuditSeal(models.Model):
    """The place of an event in its chain: sequence, previous hash, own hash. Written by the sealer."""

    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="seal")
    chain = models.CharField(max_length=40)
    sequence = models.PositiveBigIntegerField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "sequence"], name="audit_seal_sequence")]


class AuditHead(models.Model):
    """The end of each chain; the sealer locks it, so chaining never serializes the writes themselves."""

    chain = models.CharField(max_length=40, unique=True)
    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)


class AuditText(models.Model):
    """Personal text of an event (a reason, a name). Erasable: the chain holds only its digest."""

    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="text")
    text = models.TextField()
    salt = models.CharField(max_length=32)
    """Random; erased with the text, after which the digest proves nothing about what it said."""
    erased_at = models.DateTimeField(null=True, blank=True)
