"""People who have to do with one association: seated, applying, members, endorsed."""

import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from applications.models import Application
from applications.queries.belonging import belonging_to
from cohorts.models import Enrolment
from competencies.models import Standing
from credentials.models import Endorsement
from members.models import Association, Membership, Person


def people_of(association: Association, *, search: str = "") -> QuerySet[Person]:
    rows = belonging_to(association)
    if search:
        numbered = Application.objects.of_association(association).filter(reference_number__istartswith=search)
        rows = rows.filter(
            Q(name__icontains=search) | Q(email__istartswith=search.lower()) | Q(id__in=numbered.values("person"))
        )
    return rows.order_by("name", "id")


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything this association may see about one person. Of other associations: nothing."""

    person: Person
    enrolments: list[Enrolment]
    applications: list[Application]
    memberships: list[Membership]
    endorsements: list[Endorsement]
    standings: list[Standing]


def person_page(association: Association, person_uuid: uuid.UUID) -> PersonPage | None:
    person = people_of(association).filter(uuid=person_uuid).first()
    if person is None:
        return None
    return PersonPage(
        person=person,
        enrolments=list(
            Enrolment.objects.filter(person=person, cohort__association=association)
            .select_related("cohort")
            .order_by("-seated_at")
        ),
        applications=list(
            Application.objects.of_association(association).filter(person=person).select_related("category")
        ),
        memberships=list(
            Membership.objects.filter(person=person)
            .filter(Q(desk=association) | Q(desk__isnull=True, association=association))
            .select_related("association")
        ),
        endorsements=list(
            Endorsement.objects.of_association(association).filter(person=person).select_related("category")
        ),
        standings=list(Standing.objects.filter(person=person).select_related("association")),
    )
