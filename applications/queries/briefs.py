"""What waits for the coordinators of each association this morning, as counts (N75)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

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


class Waiting(NamedTuple):
    """So much of one kind waits at one association, on account of one person."""

    kind: str
    association: int
    about: int | None
    number: int


def _counts(kind: str, rows: QuerySet[Any], association: str, about: str) -> Iterator[Waiting]:
    for place, user, number in rows.order_by().values_list(association, f"{about}__user").annotate(Count("pk")):
        yield Waiting(kind, place, user, number)


def _waiting(now: datetime.datetime) -> dict[int, list[Waiting]]:
    """Association's id -> what waits there, a kind after the other."""
    since = now - YESTERDAY
    submitted = Application.objects.filter(status=Status.SUBMITTED)
    reviewed = Application.objects.filter(status=Status.REVIEWED)
    decided = Decision.objects.filter(released_at__isnull=True, discarded_at__isnull=True)
    unread = Message.objects.filter(from_staff=False, read_at__isnull=True)
    declined = Q(state=ReferenceState.DECLINED, ended_at__gt=since)
    bounced = Q(state=ReferenceState.BOUNCED, updated_at__gt=since)
    late = ReviewAssignment.objects.filter(state=AssignmentState.ASSIGNED, due_on__lt=now.date())
    dead = Packet.objects.filter(state=PacketState.DEAD)
    at, of = "application__association", "application__person"
    memberships = Membership.objects.awaiting().annotate(at=Coalesce(F("desk"), F("association")))
    by_association: dict[int, list[Waiting]] = defaultdict(list)
    for row in chain(
        _counts("memberships", memberships, "at", "person"),
        _counts("submissions", submitted, "association", "person"),
        _counts("reviewed", reviewed, "association", "person"),
        _counts("decisions", decided, at, of),
        _counts("messages", unread, at, of),
        _counts("ratings", Reference.objects.filter(declined | bounced), at, of),
        _counts("late_reviews", late, at, of),
        _counts("packets", dead, f"submission__{at}", f"submission__{of}"),
    ):
        by_association[row.association].append(row)
    return by_association


def _for(user: User, rows: Iterable[Waiting]) -> tuple[tuple[str, int], ...]:
    """By kind, without what is about the reader: nobody acts for themself at the desk."""
    found: dict[str, int] = {}
    for row in rows:
        if row.about != user.pk:
            found[row.kind] = found.get(row.kind, 0) + row.number
    return tuple(found.items())


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
        mine = _for(role.user, waiting.get(association.pk, ()))
        if mine and association.code not in [desk.code for desk in theirs]:
            theirs.append(
                Desk(
                    association=association.name,
                    code=association.code,
                    address=absolute("coordination:today", association.slug),
                    waiting=mine,
                )
            )
    return tuple(Reader(user, zones[user], tuple(theirs)) for user, theirs in desks.items())
