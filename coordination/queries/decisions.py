"""Decisions recorded and not yet released."""

import uuid

from django.db.models import QuerySet

from applications.enums import Status
from applications.models import Application, Decision
from coordination.queries.applications import at_desk, of_others
from members.models import Association, User


def waiting(association: Association, reader: User) -> QuerySet[Decision]:
    return (
        Decision.objects.filter(
            of_others(reader),
            application__association=association,
            released_at__isnull=True,
            discarded_at__isnull=True,
        )
        .select_related("application__person", "application__category", "recorded_by__person")
        .prefetch_related("tasks")
        .order_by("recorded_at")
    )


def to_decide(association: Association, reader: User) -> QuerySet[Application]:
    """Reviewed applications for which nothing is recorded yet."""
    return (
        at_desk(association, reader)
        .filter(status=Status.REVIEWED)
        .exclude(id__in=waiting(association, reader).values("application"))
        .select_related("person", "category")
        .order_by("status_since")
    )


def one(association: Association, decision: uuid.UUID, reader: User) -> Decision | None:
    return waiting(association, reader).filter(uuid=decision).first()
