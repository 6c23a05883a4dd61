"""Abstract bases that any app may use."""

import uuid

from django.db import models


class PublicId(models.Model):
    """A row that appears in addresses: by a random UUID, never by its sequence number."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class Timestamped(models.Model):
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
