"""RSC sign-off: a provider's one link, the signature, and one line for each session answered."""

from django.db import models

from competencies.enums import SignOffAnswer
from competencies.models.portfolio import Supervision
from endorsement_portal.models import PublicId, Timestamped
from members.models import Person


class SignOffRequest(PublicId, Timestamped):
    """What the provider's private link opens: all of that provider's unconfirmed sessions. One per provider."""

    provider = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="sign_off_request")
    asked_at = models.DateTimeField()
    """When the last mail was asked for."""
    asked_count = models.PositiveIntegerField(default=1)


class SignOff(PublicId):
    """One signature, for all the sessions answered at once."""

    provider = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sign_offs")
    typed_name = models.CharField(max_length=200)
    text = models.TextField()
    """The exact sentence that was signed."""
    method = models.CharField(max_length=20, default="private_link")
    signed_at = models.DateTimeField()


class SignOffLine(models.Model):
    """The answer for one session. Never changed; a later answer is a new line."""

    sign_off = models.ForeignKey(SignOff, on_delete=models.PROTECT, related_name="lines")
    session = models.ForeignKey(Supervision, on_delete=models.PROTECT, related_name="sign_off_lines")
    answer = models.CharField(max_length=10, choices=SignOffAnswer)
    minutes_before = models.PositiveIntegerField()
    minutes_after = models.PositiveIntegerField()
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sign_off", "session"], name="sign_off_answers_a_session_once")]
