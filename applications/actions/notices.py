"""Who is told what about an application. A mail carries a line and a link: no ratings, no reasons, no case content."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from applications.models import Application
from endorsement_portal.outbox.actions import post
from endorsement_portal.web.addresses import absolute
from members.enums import Role
from members.models import User
from members.queries import recipient, staff_of, staff_recipient


def context_of(application: Application) -> dict[str, Any]:
    cohort = application.enrolment.cohort
    return {
        "organization": application.association.name,
        "category": application.category_name,
        "reference_number": application.reference_number,
        "cohort": cohort.name,
        "zone": application.association.settings.time_zone,
    }


def hub_of(application: Application) -> str:
    return absolute("applications:hub", application.uuid)


def desk_of(application: Application) -> str:
    return absolute("coordination:application", application.association.slug, application.uuid)


def tell_applicant(
    application: Application,
    *,
    kind: str,
    key: str,
    address: str = "",
    template: str = "",
    due_at: datetime.datetime | None = None,
    **context: Any,
) -> None:
    """One message to the applicant. The template is named as the kind unless said otherwise."""
    post(
        key=key,
        kind=kind,
        template=template or kind,
        to=recipient(application.person),
        context={**context_of(application), "address": address or hub_of(application), **context},
        due_at=due_at,
        scope=application.association.code,
    )


def tell_users(
    application: Application,
    users: Iterable[User],
    *,
    kind: str,
    key: str,
    address: str,
    template: str = "",
    **context: Any,
) -> None:
    """The same message to several accounts, one row for each: the key gets the reader's own id."""
    for user in users:
        post(
            key=f"{key}:{user.uuid}",
            kind=kind,
            template=template or kind,
            to=staff_recipient(user),
            context={**context_of(application), "address": address, **context},
            scope=application.association.code,
        )


def tell_coordinators(application: Application, *, kind: str, key: str, template: str = "", **context: Any) -> None:
    tell_users(
        application,
        staff_of(application.association, Role.COORDINATOR).exclude(pk=application.person.user_id or 0),
        kind=kind,
        key=key,
        template=template,
        address=desk_of(application),
        **context,
    )
