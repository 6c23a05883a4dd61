"""Providers of RSC: a member's own, everybody's for the coordinators, and what waits for one provider's answer."""

import datetime
import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet, Sum

from competencies.models import SignOff, SignOffRequest, Standing, Supervision
from competencies.queries.portfolio import OPEN_STATES
from competencies.standing_words import StandingSummary, summary
from endorsement_portal.prepared import Prepared
from members.models import Person, User


@dataclass(frozen=True, slots=True)
class OwnProvider:
    """A provider of a member's sessions, with what waits for an answer. Times are whole minutes."""

    person: Person
    standing: StandingSummary
    open_sessions: int
    open_minutes: int
    asked_at: datetime.datetime | None


def with_standings(people: "QuerySet[Person]") -> "QuerySet[Person]":
    return people.prefetch_related(Prefetch("standings", queryset=Standing.objects.select_related("association")))


def own_providers(user: User, today: datetime.date) -> tuple[OwnProvider, ...]:
    """Two queries, whatever the number."""
    standings: dict[int, list[Standing]] = defaultdict(list)
    for row in _standings(user.pk):
        standings[row.person_id].append(row)
    return tuple(
        OwnProvider(
            person=person,
            standing=summary(standings[person.pk], today),
            open_sessions=person.open_sessions,
            open_minutes=person.open_minutes or 0,
            asked_at=person.asked_at,
        )
        for person in _named_by(user.pk)
    )


@Prepared
def _named_by(user: int) -> "QuerySet[Any]":
    mine = Q(supervision_given__person__user=user, supervision_given__withdrawn_at__isnull=True)
    waiting = mine & Q(supervision_given__state__in=OPEN_STATES)
    people = Person.objects.filter(mine).annotate(
        open_sessions=Count("supervision_given", filter=waiting),
        open_minutes=Sum("supervision_given__minutes", filter=waiting),
        asked_at=Max("supervision_given__asked_at", filter=waiting),
    )
    return people.order_by("name", "id")


@Prepared
def _standings(user: int) -> QuerySet[Standing]:
    """Of the providers that this member names."""
    given = Supervision.objects.current().filter(person__user=user, provider=OuterRef("person"))
    return Standing.objects.filter(Exists(given)).order_by("id")


def used_by(person: Person) -> "QuerySet[Person]":
    """People this member has named as provider, also in entries withdrawn since."""
    mine = Supervision.objects.filter(person=person, provider=OuterRef("pk"))
    return Person.objects.filter(Exists(mine)).order_by("name", "id")


def providers(search: str = "") -> "QuerySet[Person]":
    """Everybody who gave a session or has a standing, with standings and numbers of sessions: for coordinators."""
    given = Supervision.objects.current().filter(provider=OuterRef("pk"))
    people = Person.objects.filter(Exists(given) | Exists(Standing.objects.filter(person=OuterRef("pk"))))
    if search:
        people = people.filter(Q(name__icontains=search) | Q(email__icontains=search))
    current = Q(supervision_given__withdrawn_at__isnull=True)
    return (
        with_standings(people)
        .annotate(
            session_count=Count("supervision_given", filter=current),
            open_count=Count("supervision_given", filter=current & Q(supervision_given__state__in=OPEN_STATES)),
        )
        .order_by("name", "id")
    )


def request_of(object_uuid: uuid.UUID) -> SignOffRequest | None:
    return SignOffRequest.objects.select_related("provider").filter(uuid=object_uuid).first()


def open_sessions(provider: Person) -> "QuerySet[Supervision]":
    """All members' sessions that wait for this provider, by person and then by day."""
    sessions: QuerySet[Any] = Supervision.objects.current().filter(provider=provider, state__in=OPEN_STATES)
    return sessions.select_related("person").order_by("person__name", "person_id", "on", "id")


def asking_people(provider: Person) -> tuple[str, ...]:
    """Names of those whose sessions wait for this provider."""
    return tuple(open_sessions(provider).order_by("person__name").values_list("person__name", flat=True).distinct())


def sign_offs_of(provider: Person) -> "QuerySet[SignOff]":
    return SignOff.objects.filter(provider=provider).annotate(line_count=Count("lines")).order_by("-signed_at")


def sign_off_page(provider: Person, sign_off: uuid.UUID) -> SignOff | None:
    lines = "lines__session__person"
    return SignOff.objects.filter(provider=provider, uuid=sign_off).prefetch_related(lines).first()
