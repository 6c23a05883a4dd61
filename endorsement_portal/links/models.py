"""Private links: a hash of the secret, a purpose, the object it opens, and its limits."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from endorsement_portal.models import PublicId


class PrivateLinkQuerySet(models.QuerySet["PrivateLink"]):
    def opening(self, *, purpose: str, object_uuid: object) -> "PrivateLinkQuerySet":
        return self.filter(purpose=purpose, object_uuid=object_uuid)

    def unrevoked(self) -> "PrivateLinkQuerySet":
        return self.filter(revoked_at__isnull=True)

    def live(self, now: datetime) -> "PrivateLinkQuerySet":
        return self.unrevoked().filter(expires_at__gt=now)


class PrivateLink(PublicId):
    purpose = models.CharField(max_length=40)
    object_uuid = models.UUIDField()
    token_hash = models.CharField(max_length=64, unique=True)
    """SHA-256 of the token, which itself is stored nowhere."""
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    """The first instant at which the link no longer opens."""
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    """When it was last used to act; opening it is no use, because mail scanners open links too."""
    use_count = models.PositiveIntegerField(default=0)

    objects = PrivateLinkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["purpose", "object_uuid"])]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "object_uuid"], condition=Q(revoked_at__isnull=True), name="links_one_unrevoked"
            )
        ]
