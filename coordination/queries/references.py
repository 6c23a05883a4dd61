"""The references desk: states of all ratings asked for. Never their content."""

import uuid

from django.db.models import Case, Q, QuerySet, When

from applications.enums import ReferenceState
from applications.models import Reference
from applications.rating_rules import ANSWERABLE_STATES
from coordination.queries.applications import of_others
from members.models import Association, User

WAITING_FIRST = Case(When(state__in=ANSWERABLE_STATES, then=0), default=1)


def references_of(association: Association, reader: User, *, state: str = "", search: str = "") -> QuerySet[Reference]:
    rows = Reference.objects.filter(of_others(reader), application__association=association)
    if state in ReferenceState.values:
        rows = rows.filter(state=state)
    if search:
        rows = rows.filter(Q(rater__name__icontains=search) | Q(application__person__name__icontains=search))
    return rows.select_related("rater", "application__person").order_by(WAITING_FIRST, "due_on", "id")


def one(association: Association, reference: uuid.UUID, reader: User) -> Reference | None:
    return references_of(association, reader).filter(uuid=reference).first()
