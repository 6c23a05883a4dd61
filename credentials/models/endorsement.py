"""What was awarded: to whom, as what, since when; its status on any day is computed from dated events."""

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from competencies.models import Category
from credentials.enums import CertificateState, EndorsementEventKind
from endorsement_portal.models import PublicId, Timestamped
from members.models import Association, Person

if TYPE_CHECKING:
    from members.models import User


def held_on(day: datetime.date) -> Q:
    """What credentials.status calls held on a day, as far as rows can say it.

    Exact for today; for the past ask the events, which know what was true before a lapse was recorded.
    """
    base = Q(base__granted_on__lte=day, base__valid_until__gte=day, base__removed_at__isnull=True)
    own = Q(granted_on__lte=day, valid_until__gte=day, removed_at__isnull=True)
    return own & (Q(base__isnull=True) | base)


class EndorsementQuerySet(models.QuerySet["Endorsement"]):
    def visible_to(self, user: "User") -> "EndorsementQuerySet":
        return self.filter(person__user=user) if user.is_authenticated else self.none()

    def of_association(self, association: Association) -> "EndorsementQuerySet":
        return self.filter(association=association)


class Endorsement(PublicId, Timestamped):
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="endorsements")
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="endorsements")
    category = models.ForeignKey(Category, to_field="code", on_delete=models.PROTECT, related_name="endorsements")
    code = models.CharField(max_length=20, unique=True)
    """The public code of /verify/<code>/: 12 letters and digits without look-alikes."""
    decision_uuid = models.UUIDField(unique=True)
    """The decision that granted it, by UUID: the floor above is not known here. Unique: one award per decision."""
    granted_on = models.DateField()
    valid_until = models.DateField()
    """Last day included."""
    emerging_until = models.DateField(null=True, blank=True)
    base = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="add_ons")
    """Set for add-ons only: the endorsement it rests on."""
    listed = models.BooleanField(default=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    holder_name = models.CharField(max_length=200)
    """The name as awarded; the certificate shows it."""
    search_name = models.CharField(max_length=200, db_index=True)
    """holder_name, lower case and without accents, for the registry's search."""

    objects = EndorsementQuerySet.as_manager()

    class Meta:
        ordering = ["search_name", "id"]
        indexes = [models.Index(fields=["association", "category"])]


class EndorsementEvent(models.Model):
    """A dated fact of an endorsement's life. Never changed."""

    endorsement = models.ForeignKey(Endorsement, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=EndorsementEventKind)
    on = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    """The new last day, for grants, renewals and reinstatements."""
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["on", "id"]


class Certificate(PublicId, Timestamped):
    endorsement = models.ForeignKey(Endorsement, on_delete=models.PROTECT, related_name="certificates")
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=CertificateState, default=CertificateState.PENDING)
    file = models.ForeignKey("files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endorsement", "version"], name="certificate_version_once"),
            models.CheckConstraint(
                condition=Q(state="ready", file__isnull=False) | ~Q(state="ready"), name="certificate_ready_has_file"
            ),
        ]
