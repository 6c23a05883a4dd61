"""What people work toward: open applications, the category of their seat, or nothing yet but a portfolio."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from applications.models import Application
from cohorts.models import Enrolment
from members.enums import MembershipState
from members.models import Association, Membership, Person


@dataclass(frozen=True, slots=True)
class Aim:
    """One category for one person. `association` is whose settings hold for it."""

    person: Person
    category: str
    association: Association | None
    application: Application | None = None
    planned: bool = False
    """The category of a seat. Neither planned nor applied for: any category the portfolio might speak for."""

    @property
    def emerging(self) -> bool:
        return self.application is not None and self.application.asks_emerging


def aims_of(people: Sequence[Person], categories: Iterable[str], today: datetime.date) -> dict[int, list[Aim]]:
    """Person id -> their aims. Who has neither an application nor a planned category aims at each of `categories`.

    Four queries for any number of people.
    """
    found: dict[int, list[Aim]] = defaultdict(list)
    applied = (
        Application.objects.open()
        .filter(person__in=people)
        .select_related("association__settings", "category", "edition", "overlay__association")
        .defer("edition__content")
        .order_by("id")
    )
    for row in applied:
        found[row.person_id].append(Aim(_of(people, row.person_id), row.category_id, row.association, application=row))
    homes: dict[int, Association] = {}
    for seat in _seats(people, today):
        association = seat.cohort.association
        homes.setdefault(seat.person_id, association)
        taken = {aim.category for aim in found[seat.person_id]}
        if seat.intended_category and seat.intended_category not in taken:
            found[seat.person_id].append(
                Aim(_of(people, seat.person_id), seat.intended_category, association, planned=True)
            )
    alone = [person for person in people if not found.get(person.pk)]
    for person_id, association in (*_memberships(alone), *_last_seats(alone)):
        homes.setdefault(person_id, association)
    for person in alone:
        found[person.pk] = [Aim(person, code, homes.get(person.pk)) for code in categories]
    return dict(found)


def _of(people: Sequence[Person], pk: int) -> Person:
    return next(person for person in people if person.pk == pk)


def _seats(people: Sequence[Person], today: datetime.date) -> Iterable[Enrolment]:
    """Seats whose quarter is not over, the nearest deadline first."""
    return (
        Enrolment.objects.seated()
        .filter(person__in=people, cohort__review_ends_on__gte=today)
        .select_related("cohort__association__settings")
        .order_by("cohort__submission_deadline_at", "id")
    )


def _memberships(people: Sequence[Person]) -> Iterable[tuple[int, Association]]:
    """The association that each person's confirmed membership leads to, the newest first."""
    rows = (
        Membership.objects.filter(person__in=people, state=MembershipState.CONFIRMED)
        .select_related("association", "desk")
        .order_by("-ends_on", "-id")
    )
    return [(row.person_id, row.desk or row.association) for row in rows]


def _last_seats(people: Sequence[Person]) -> Iterable[tuple[int, Association]]:
    """Where each person last had a seat: people whose membership is with an association elsewhere, or not entered."""
    rows = (
        Enrolment.objects.filter(person__in=people)
        .select_related("cohort__association")
        .order_by("-cohort__submission_deadline_at", "-id")
    )
    return [(row.person_id, row.cohort.association) for row in rows]
