"""A person's membership of an association, with its dates and its proof."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from endorsement_portal.models import PublicId, Timestamped
from members.enums import MembershipKind, MembershipState, Provenance
from members.models.association import Association
from members.models.person import Person

if TYPE_CHECKING:
    from members.models.user import User


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: "User") -> "MembershipQuerySet":
        return self.filter(person__user=user) if user.is_authenticated else self.none()

    def confirmed(self) -> "MembershipQuerySet":
        return self.filter(state=MembershipState.CONFIRMED)

    def awaiting(self) -> "MembershipQuerySet":
        return self.filter(state=MembershipState.PENDING)


class Membership(PublicId, Timestamped):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="memberships")
    desk = models.ForeignKey(Association, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """The association using this portal whose coordinator checks the proof; null: the membership's own."""
    kind = models.CharField(max_length=20, choices=MembershipKind, default=MembershipKind.INDIVIDUAL)
    number = models.CharField(max_length=60, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    """Last day included."""
    proof = models.ForeignKey("files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=MembershipState, default=MembershipState.PENDING)
    provenance = models.CharField(max_length=20, choices=Provenance, default=Provenance.STATED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    """Why it was not confirmed; shown to the member."""

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["-ends_on"]
        indexes = [models.Index(fields=["association", "state"]), models.Index(fields=["desk", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="membership_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["pending", "withdrawn"]) | models.Q(decided_at__isnull=False),
                name="membership_decision_is_dated",
            ),
        ]
