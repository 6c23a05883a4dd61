"""Confirmations that members brought along from elsewhere and that nobody here has accepted yet (decision 14)."""

import datetime
import uuid
from dataclasses import dataclass

from django.db.models import Count, Min, QuerySet, Sum

from competencies.models import Supervision
from coordination.queries.people import people_of
from members.models import Association, Person, User


@dataclass(frozen=True, slots=True)
class Waiting:
    person: Person
    sessions: int
    minutes: int
    since: datetime.datetime


def _waiting() -> QuerySet[Supervision]:
    return Supervision.objects.current().filter(accepted=False)


def sessions_of(association: Association, person: uuid.UUID) -> tuple[Person, QuerySet[Supervision]] | None:
    """A person of this association with their waiting sessions, newest first; None for anybody else."""
    found = people_of(association).filter(uuid=person).first()
    if found is None:
        return None
    return found, _waiting().filter(person=found).select_related("provider").order_by("-on", "-id")


def waiting_people(association: Association, reader: User, number: int) -> list[Waiting]:
    """Those who have waited longest. A reader's own sessions are other coordinators' work."""
    rows = (
        _waiting()
        .filter(person__in=people_of(association).order_by().values("pk"))
        .exclude(person__user=reader)
        .order_by()
        .values("person")
        .annotate(sessions=Count("pk"), minutes=Sum("minutes"), since=Min("updated_at"))
        .order_by("since", "person")[:number]
    )
    found = list(rows)
    people = Person.objects.in_bulk([row["person"] for row in found]) if found else {}
    return [Waiting(people[row["person"]], row["sessions"], row["minutes"], row["since"]) for row in found]
