"""Mail of the embedded installation: it lands in a page instead of a mailbox. And the people one click signs in."""

import uuid

from django.conf import settings
from django.db import models


class DemoMail(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message_id = models.CharField(max_length=200, db_index=True)
    to_email = models.CharField(max_length=300)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-sent_at", "-id"]


class DemoPerson(models.Model):
    """An invented person whom the sign-in page offers. Written by the seed command."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=120)
    """What they are: "Applicant", "Coordinator"."""
    description = models.CharField(max_length=300, blank=True)
    """Where they stand: "Two of three ratings are in"."""
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
