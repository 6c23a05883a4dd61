"""The review desk: who reads what until when."""

import datetime

from django.db.models import Case, Count, Q, QuerySet, When
from django.utils import timezone

from applications.enums import AssignmentState
from applications.models import ReviewAssignment
from coordination.queries.applications import of_others
from endorsement_portal.prepared import Prepared
from members.enums import Role
from members.models import Association, StaffRole, User


def assignments_of(
    association: Association, reader: User, *, state: str = "", search: str = ""
) -> QuerySet[ReviewAssignment]:
    rows = ReviewAssignment.objects.filter(of_others(reader), application__association=association)
    if state in AssignmentState.values:
        rows = rows.filter(state=state)
    if search:
        rows = rows.filter(Q(application__person__name__icontains=search) | Q(reviewer__person__name__icontains=search))
    open_first = Case(When(state=AssignmentState.ASSIGNED, then=0), default=1)
    return rows.select_related("application__person", "application__category", "reviewer__person").order_by(
        open_first, "due_on", "id"
    )


def reviewers_with_load(association: Association) -> list[User]:
    """Active reviewers with the number of reviews they still owe here; least loaded first."""
    return _reviewers(association.pk, timezone.now())


@Prepared
def _reviewers(association: int, now: datetime.datetime) -> QuerySet[User]:
    waiting = Q(
        review_assignments__state=AssignmentState.ASSIGNED, review_assignments__application__association=association
    )
    held = StaffRole.objects.active(now).filter(association=association, role=Role.REVIEWER)
    return (
        User.objects.filter(id__in=held.values("user"))
        .select_related("person")
        .annotate(load=Count("review_assignments", filter=waiting))
        .order_by("load", "person__name")
    )
