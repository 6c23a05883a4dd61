"""The membership desk: proofs to look at, and memberships that end before a review does."""

import datetime
import uuid

from django.db.models import Case, F, Q, QuerySet, When

from cohorts.enums import EnrolmentState
from members.enums import MembershipState
from members.models import Association, Membership


def at_desk(association: Association, *, state: str = "", search: str = "") -> QuerySet[Membership]:
    """Memberships that this association's coordinators check: their own and proofs from other associations.
    What waits comes first."""
    rows = Membership.objects.filter(Q(desk=association) | Q(desk__isnull=True, association=association))
    if state in MembershipState.values:
        rows = rows.filter(state=state)
    if search:
        rows = rows.filter(Q(person__name__icontains=search) | Q(person__email__istartswith=search.lower()))
    waiting_first = Case(When(state=MembershipState.PENDING, then=0), default=1)
    return rows.select_related("person", "association", "proof").order_by(waiting_first, "-created_at", "-id")


def one(association: Association, membership: uuid.UUID) -> Membership | None:
    return at_desk(association).filter(uuid=membership).first()


def ending_before_review(association: Association, today: datetime.date) -> QuerySet[Membership]:
    """Confirmed memberships of seated people that end after today and before their cohort's review does."""
    return (
        at_desk(association, state=MembershipState.CONFIRMED)
        .filter(
            ends_on__gte=today,
            person__enrolments__state=EnrolmentState.SEATED,
            person__enrolments__cohort__association=association,
            person__enrolments__cohort__review_ends_on__gt=F("ends_on"),
        )
        .distinct()
        .order_by("ends_on")
    )
