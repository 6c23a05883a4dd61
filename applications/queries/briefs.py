"""What waits for the coordinators of each association this morning, as counts (N75)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from applications.enums import AssignmentState, PacketState, ReferenceState, Status
from applications.models import Application, Decision, Message, Packet, Reference, ReviewAssignment
from endorsement_portal.web.addresses import absolute
from members.enums import Role
from members.models import Association, Membership, StaffRole, User

YESTERDAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Desk:
    """One association's morning: what waits, by kind, with how many."""

    association: str
    code: str
    address: str
    waiting: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Reader:
    user: User
    zone: str
    desks: tuple[Desk, ...]


def _counts(rows: QuerySet[Any], path: str) -> dict[int, int]:
    """Association's id -> how many."""
    return dict(rows.order_by().values_list(path).annotate(Count("pk")))


def _waiting(now: datetime.datetime) -> dict[int, list[tuple[str, int]]]:
    since = now - YESTERDAY
    found: dict[str, dict[int, int]] = {
        "memberships": _counts(Membership.objects.awaiting().annotate(at=Coalesce(F("desk"), F("association"))), "at"),
        "submissions": _counts(Application.objects.filter(status=Status.SUBMITTED), "association"),
        "reviewed": _counts(Application.objects.filter(status=Status.REVIEWED), "association"),
        "decisions": _counts(
            Decision.objects.filter(released_at__isnull=True, discarded_at__isnull=True), "application__association"
        ),
        "messages": _counts(Message.objects.filter(from_staff=False, read_at__isnull=True), "application__association"),
        "ratings": _counts(
            Reference.objects.filter(
                Q(state=ReferenceState.DECLINED, ended_at__gt=since)
                | Q(state=ReferenceState.BOUNCED, updated_at__gt=since)
            ),
            "application__association",
        ),
        "late_reviews": _counts(
            ReviewAssignment.objects.filter(state=AssignmentState.ASSIGNED, due_on__lt=now.date()),
            "application__association",
        ),
        "packets": _counts(Packet.objects.filter(state=PacketState.DEAD), "submission__application__association"),
    }
    by_association: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for kind, counts in found.items():
        for association, count in counts.items():
            by_association[association].append((kind, count))
    return by_association


def readers(now: datetime.datetime) -> tuple[Reader, ...]:
    """Every coordinator with what waits at their desks; a constant number of queries."""
    waiting = _waiting(now)
    roles = (
        StaffRole.objects.active()
        .filter(role=Role.COORDINATOR, user__is_active=True, association__settings__isnull=False)
        .select_related("user__person", "association__settings")
        .order_by("user_id", "association__name")
    )
    desks: dict[User, list[Desk]] = {}
    zones: dict[User, str] = {}
    for role in roles:
        association: Association = role.association
        person = getattr(role.user, "person", None)
        zones.setdefault(role.user, person.time_zone if person else association.settings.time_zone)
        theirs = desks.setdefault(role.user, [])
        if association.pk in waiting and association.code not in [desk.code for desk in theirs]:
            theirs.append(
                Desk(
                    association=association.name,
                    code=association.code,
                    address=absolute("coordination:today", association.slug),
                    waiting=tuple(waiting[association.pk]),
                )
            )
    return tuple(Reader(user, zones[user], tuple(theirs)) for user, theirs in desks.items())
