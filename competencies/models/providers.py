"""Standings: who may give RSC or vouch, as what, and between which days (decision 13)."""

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from competencies.enums import StandingKind
from endorsement_portal.models import PublicId, Timestamped
from members.enums import Provenance
from members.models import Association, Person

if TYPE_CHECKING:
    from members.models import User


class StandingQuerySet(models.QuerySet["Standing"]):
    def visible_to(self, user: "User") -> "StandingQuerySet":
        return self.filter(person__user=user) if user.is_authenticated else self.none()

    def on(self, day: datetime.date) -> "StandingQuerySet":
        """Standings that hold on a day; first and last day included."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))

    def trusted(self) -> "StandingQuerySet":
        return self.exclude(provenance=Provenance.STATED)


class Standing(PublicId, Timestamped):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="standings")
    code = models.CharField(max_length=12)
    """The category or add-on code this standing confers."""
    kind = models.CharField(max_length=10, choices=StandingKind)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    """Last day included; null: open."""
    provenance = models.CharField(max_length=20, choices=Provenance, default=Provenance.STATED)
    association = models.ForeignKey(Association, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = StandingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        indexes = [models.Index(fields=["person", "starts_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="standing_ends_after_start"
            )
        ]
