"""Which steps of which reminder ladder were taken or passed over: the memory that makes "once" true."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import Person


class ReminderStepState(models.TextChoices):
    SENT = "sent", _("Sent")
    SKIPPED = "skipped", _("Passed over")


class ReminderStep(models.Model):
    key = models.CharField(max_length=200, unique=True)
    """kind:object:occurrence, as in "cohort-close:<cohort>:<person>:T-7"."""
    kind = models.CharField(max_length=20)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reminder_steps")
    state = models.CharField(max_length=10, choices=ReminderStepState)
    reason = models.CharField(max_length=40, blank=True)
    """Why it was passed over."""
    message_key = models.CharField(max_length=200, blank=True)
    """The mail that carried it; several steps of one day share a mail."""
    deadline_at = models.DateTimeField(db_index=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent") & ~Q(message_key="") | Q(state="skipped") & ~Q(reason=""),
                name="reminder_step_is_explained",
            )
        ]
