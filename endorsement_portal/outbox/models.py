"""Messages as rows. The unique key means: sent once."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from endorsement_portal.models import PublicId, Timestamped

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser


class MessageState(models.TextChoices):
    NEW = "new", _("Waiting to go")
    HELD = "held", _("Held for a coordinator")
    LEASED = "leased", _("Being sent")
    SENT = "sent", _("Sent")
    UNCERTAIN = "uncertain", _("Needs a look")
    DEAD = "dead", _("Could not be sent")
    SKIPPED = "skipped", _("No longer needed")


class OutgoingMessageQuerySet(models.QuerySet["OutgoingMessage"]):
    def due(self, now: datetime) -> "OutgoingMessageQuerySet":
        return self.filter(state=MessageState.NEW, due_at__lte=now)

    def leased_with(self, token: str) -> "OutgoingMessageQuerySet":
        return self.filter(state=MessageState.LEASED, lease_token=token)

    def abandoned(self, now: datetime) -> "OutgoingMessageQuerySet":
        """Leased by a worker that did not come back in time."""
        return self.filter(state=MessageState.LEASED, lease_until__lt=now)

    def within(self, scope: str) -> "OutgoingMessageQuerySet":
        """The messages one association's staff may see; the empty scope is the platform's own mail."""
        return self.filter(scope=scope)


class OutgoingMessage(PublicId, Timestamped):
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60)
    scope = models.CharField(max_length=40, blank=True)
    """Association code, for the staff who may see it; empty for the platform's own mail."""
    to_email = models.EmailField()
    to_name = models.CharField(max_length=200, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="outgoing_messages"
    )
    """Set when the reader has an account: they get a copy in the portal."""
    template = models.CharField(max_length=120)
    context = models.JSONField(default=dict)
    """Plain values only: what the template shows. Private links stand as placeholders, secrets never."""
    language = models.CharField(max_length=10, default="en")
    required = models.BooleanField(default=True)
    """False: its reader may have switched this kind off."""
    state = models.CharField(max_length=12, choices=MessageState, default=MessageState.NEW)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.CharField(max_length=36, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    """Written just before the mail is handed to the transport; set and unsent after a crash means: uncertain."""
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    message_id = models.CharField(max_length=120, unique=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = OutgoingMessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "due_at"]),
            models.Index(fields=["lease_token"]),
            models.Index(fields=["scope", "state", "due_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False) | ~models.Q(state="sent"),
                name="outbox_sent_has_sent_at",
            )
        ]


class InAppMessageQuerySet(models.QuerySet["InAppMessage"]):
    def visible_to(self, user: "AbstractBaseUser | AnonymousUser") -> "InAppMessageQuerySet":
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()

    def unread(self) -> "InAppMessageQuerySet":
        return self.filter(read_at__isnull=True)


class InAppMessage(PublicId):
    """The copy that a person with an account reads in the portal."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="in_app_messages")
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    link = models.CharField(max_length=300, blank=True)
    """Path of the page the message is about; empty where there is none."""
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = InAppMessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["user", "-created_at"])]


class MessagePreference(Timestamped):
    """A person's choice for one kind of message. It binds only messages that were posted as not required."""

    class Choice(models.TextChoices):
        EMAIL = "email", _("By email and here")
        PORTAL = "portal", _("Here only")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="message_preferences")
    kind = models.CharField(max_length=60)
    choice = models.CharField(max_length=10, choices=Choice, default=Choice.EMAIL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="outbox_one_preference_per_kind")]
