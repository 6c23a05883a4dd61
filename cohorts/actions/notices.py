"""Mail to the people of a cohort. One row per person and key, so that nothing is said twice."""

from __future__ import annotations

from typing import Any

from cohorts.models import Cohort, Enrolment
from endorsement_portal.outbox.actions import post
from endorsement_portal.outbox.recipients import Recipient
from endorsement_portal.web.addresses import absolute
from members.models import User
from members.queries import recipient


def tell(*, to: Recipient, cohort: Cohort, kind: str, key: str, context: dict[str, Any]) -> None:
    """One message about a cohort. Its template is named as its kind."""
    post(
        key=key,
        kind=kind,
        template=kind,
        to=to,
        context={
            "cohort": cohort.name,
            "organization": cohort.association.name,
            "zone": cohort.time_zone,
            "address": page_of(cohort),
            **context,
        },
        scope=cohort.association.code,
    )


def tell_members(*, cohort: Cohort, kind: str, key: str, context: dict[str, Any], but: User | None = None) -> int:
    """The same message to everyone with a seat, except the one who caused it. Returns how many were written to."""
    seated = Enrolment.objects.seated().filter(cohort=cohort).select_related("person__user")
    told = 0
    for enrolment in seated:
        if but is not None and enrolment.person.user_id == but.pk:
            continue
        to = recipient(enrolment.person)
        tell(to=to, cohort=cohort, kind=kind, key=f"{key}:{enrolment.person_id}", context=context)
        told += 1
    return told


def page_of(cohort: Cohort) -> str:
    return absolute("cohort_page", cohort.uuid)
