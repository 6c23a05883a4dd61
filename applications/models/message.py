"""Words between applicant and coordinator in context, and what a coordinator asks for more of."""

from django.conf import settings
from django.db import models

from applications.models.application import Application
from endorsement_portal.models import PublicId, Timestamped


class Message(PublicId):
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    from_staff = models.BooleanField()
    requirement_key = models.CharField(max_length=60, blank=True)
    """The part of the application that the words are about; empty: the whole."""
    body = models.TextField(max_length=4000)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    """When the other side first opened it."""

    class Meta:
        ordering = ["at", "id"]


class ChangeRequest(PublicId, Timestamped):
    """One thing asked for, tied to a requirement: a task of the applicant until answered."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="change_requests")
    requirement_key = models.CharField(max_length=60, blank=True)
    text = models.CharField(max_length=1000)
    due_on = models.DateField(null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=2000, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
