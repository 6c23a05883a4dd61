"""The RSC desk: providers of this association's people, their standings, and what is unsigned."""

import uuid

from django.db.models import Count, Max, Q, QuerySet, Sum

from cohorts.models import Enrolment
from competencies.enums import SessionState
from competencies.models import Supervision
from members.models import Association, Person

WAITING = (SessionState.LOGGED, SessionState.SENT)


def providers_of(association: Association, *, search: str = "") -> QuerySet[Person]:
    """Providers named by people seated here, with unsigned sessions and minutes; most unsigned first."""
    seated = Enrolment.objects.filter(cohort__association=association).values("person")
    given = Q(supervision_given__person__in=seated, supervision_given__withdrawn_at__isnull=True)
    unsigned = given & Q(supervision_given__state__in=WAITING)
    rows = Person.objects.filter(
        id__in=Supervision.objects.filter(person__in=seated, withdrawn_at__isnull=True).values("provider")
    ).annotate(
        unsigned_sessions=Count("supervision_given", filter=unsigned),
        unsigned_minutes=Sum("supervision_given__minutes", filter=unsigned, default=0),
        last_session_on=Max("supervision_given__on", filter=given),
    )
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(email__istartswith=search.lower()))
    return rows.prefetch_related("standings").order_by("-unsigned_sessions", "name", "id")


def one(association: Association, provider: uuid.UUID) -> Person | None:
    return providers_of(association).filter(uuid=provider).first()
