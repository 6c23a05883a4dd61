"""The only writer of Application.status.

In one transaction: the row is locked (PostgreSQL; on SQLite the transaction itself holds the only write lock), the
facts are gathered, the table is asked, and the status is written by an update that names the old status and
version. Whoever comes second changes no row and is told so.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.enums import Action, Actor, Status
from applications.facts import ApplicationFacts
from applications.models import Application, StatusChange
from applications.queries.facts import application_facts, with_related
from applications.workflow import MACHINE
from endorsement_portal.audit.actions import record
from endorsement_portal.workflow import LostRace, NotAllowed, Transition
from members.models import User


def lock(application: Application) -> Application:
    """The row as it is now, locked until the end of the transaction where the database can do that."""
    return with_related(Application.objects.select_for_update(of=("self",))).get(pk=application.pk)


def check(
    *, application: Application, action: Action, actor: Actor, facts: ApplicationFacts
) -> Transition[ApplicationFacts]:
    """The row of the table that allows this act. Raises NotAllowed with every reason."""
    step = MACHINE.find(action=action, source=application.status)
    if step is None:
        raise LostRace.because(
            "status",
            _("This application is “%(status)s” now, so this is no longer possible.")
            % {"status": Status(application.status).label},
            where="hub",
        )
    if actor not in step.actors:
        raise NotAllowed.because("actor", _("This is not yours to do."))
    refusals = step.refusals(facts)
    if refusals:
        raise NotAllowed(refusals)
    return step


@transaction.atomic
def perform(
    *,
    application: Application,
    action: Action,
    by: User | None,
    actor: Actor,
    reason: str = "",
    facts: ApplicationFacts | None = None,
    now: datetime.datetime | None = None,
) -> Application:
    """Takes one step. Returns the application as it stands afterwards.

    `reason` is shown to the applicant. `facts` are gathered here unless the caller has just done so.
    Raises NotAllowed with findings, or LostRace when somebody was faster.
    """
    now = now or timezone.now()
    row = lock(application)
    step = check(
        application=row, action=action, actor=actor, facts=facts if facts is not None else application_facts(row, now)
    )
    submitted = {"submitted_at": now} if action == Action.SUBMIT else {}
    changed = Application.objects.filter(pk=row.pk, status=row.status, version=row.version).update(
        status=step.target, version=F("version") + 1, status_since=now, updated_at=now, **submitted
    )
    if changed != 1:
        raise LostRace.because("status", _("Somebody else changed this application a moment ago."), where="hub")
    StatusChange.objects.create(
        application=row, source=row.status, target=step.target, action=action, by=by, at=now, reason=reason
    )
    record(
        verb=f"application.{action.value}",
        obj=row,
        by=by,
        chain=row.association.code,
        data={"from": row.status, "to": step.target, "actor": actor.value},
        text=reason,
    )
    row.refresh_from_db(fields=["status", "version", "status_since", "submitted_at", "updated_at"])
    return row
