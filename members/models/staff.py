"""Who works for which association, as what, and until when."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.enums import Role
from members.models.association import Association


class StaffRoleQuerySet(models.QuerySet["StaffRole"]):
    def active(self, at: datetime.datetime | None = None) -> "StaffRoleQuerySet":
        now = at or timezone.now()
        return self.filter(starts_at__lte=now).filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))


class StaffRole(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_roles")
    association = models.ForeignKey(Association, on_delete=models.CASCADE, related_name="staff_roles")
    role = models.CharField(max_length=20, choices=Role)
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    """When this person last opened the association's desk: for "since you were last here"."""

    objects = StaffRoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "association", "role"], condition=Q(ends_at__isnull=True), name="staff_role_once"
            )
        ]
