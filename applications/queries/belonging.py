"""Who has to do with one association, and who has anything that could be judged."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from applications.models import Application
from cohorts.models import Enrolment
from competencies.models import Education, ProfessionalLicense, Supervision, Training, Work
from credentials.models import Endorsement
from members.models import Association, Membership, Person

ENTRIES = (Education, ProfessionalLicense, Work, Training, Supervision)


def belonging_to(association: Association) -> QuerySet[Person]:
    """People seated here, members here or at this desk, endorsed here."""
    return Person.objects.filter(
        Q(id__in=Enrolment.objects.filter(cohort__association=association).values("person"))
        | Q(
            id__in=Membership.objects.filter(
                Q(desk=association) | Q(desk__isnull=True, association=association)
            ).values("person")
        )
        | Q(id__in=Endorsement.objects.filter(association=association).values("person"))
    )


def with_something_to_judge() -> QuerySet[Person]:
    """People with an open application, a seat, or an entry in the portfolio."""
    known = Q(id__in=Application.objects.open().values("person")) | Q(
        id__in=Enrolment.objects.seated().values("person")
    )
    for model in ENTRIES:
        known |= Q(id__in=model.objects.current().values("person"))
    return Person.objects.filter(known)
