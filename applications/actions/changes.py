"""What a coordinator asks for, and what the applicant answers. Tasks of a deferral are answered the same way."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.actions import notices, transitions
from applications.actions.journey import demand_editable
from applications.actions.reviews import demand_coordinator
from applications.enums import Action, Actor, AssignmentState, Status
from applications.models import Application, ChangeRequest, DecisionTask, ReviewAssignment
from applications.queries.facts import day_in
from competencies.queries.standards import category_spec
from endorsement_portal.audit.actions import record
from endorsement_portal.workflow import LostRace, NotAllowed
from members.models import User

ASKABLE = (Status.SUBMITTED, Status.UNDER_REVIEW, Status.REVIEWED, Status.CHANGES_REQUESTED)


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing asked for, tied to a requirement where there is one."""

    text: str
    requirement_key: str = ""
    due_on: datetime.date | None = None


def demand_wishes(application: Application, wishes: Sequence[Wish], today: datetime.date) -> None:
    keys = {
        spec.key for spec in category_spec(application.category, application.edition, application.overlay).requirements
    }
    for wish in wishes:
        if not wish.text.strip():
            raise NotAllowed.because("text", _("Say in words what you ask for."))
        if wish.requirement_key and wish.requirement_key not in keys:
            raise NotAllowed.because("requirement", _("This category has no such requirement."))
        if wish.due_on is not None and wish.due_on < today:
            raise NotAllowed.because("due_on", _("The due date has passed already."))


@transaction.atomic
def request(
    *,
    application: Application,
    by: User,
    wishes: Sequence[Wish],
    reason: str = "",
    now: datetime.datetime | None = None,
) -> list[ChangeRequest]:
    """Asks for more. The application goes back to the applicant; a review that was going on is taken back."""
    now = now or timezone.now()
    application = transitions.lock(application)
    demand_coordinator(application, by)
    if application.status not in ASKABLE:
        raise NotAllowed.because("status", _("Changes can be asked for after a submission and before a decision."))
    if not wishes:
        raise NotAllowed.because("text", _("Say what should change: at least one task."))
    demand_wishes(application, wishes, day_in(application.association.settings.time_zone, now))
    rows = [
        ChangeRequest.objects.create(
            application=application,
            requirement_key=wish.requirement_key,
            text=wish.text.strip(),
            due_on=wish.due_on,
            asked_by=by,
        )
        for wish in wishes
    ]
    record(
        verb="application.changes_requested",
        obj=application,
        by=by,
        chain=application.association.code,
        data={"requests": [str(row.uuid) for row in rows]},
        text="\n".join(row.text for row in rows),
    )
    if application.status != Status.CHANGES_REQUESTED:
        transitions.perform(
            application=application,
            action=Action.REQUEST_CHANGES,
            by=by,
            actor=Actor.COORDINATOR,
            reason=reason,
            now=now,
        )
        ReviewAssignment.objects.filter(application=application, state=AssignmentState.ASSIGNED).update(
            state=AssignmentState.REMOVED, updated_at=now
        )
    notices.tell_applicant(
        application,
        kind="changes_requested",
        key=f"complete:{application.uuid}:changes:{rows[0].uuid}",
        count=len(rows),
    )
    return rows


@transaction.atomic
def answer(
    *, application: Application, task: UUID, by: User, answer: str, now: datetime.datetime | None = None
) -> ChangeRequest | DecisionTask:
    """The applicant says what was done. The answer can be rewritten until the next submission."""
    now = now or timezone.now()
    application = transitions.lock(application)
    demand_editable(application, by)
    text = answer.strip()
    if not text:
        raise NotAllowed.because("answer", _("Write in a sentence what you did."), where=f"task:{task}")
    row: ChangeRequest | DecisionTask | None = (
        ChangeRequest.objects.filter(application=application, uuid=task).first()
        or DecisionTask.objects.filter(
            decision__application=application, decision__released_at__isnull=False, uuid=task
        ).first()
    )
    if row is None:
        raise NotAllowed.because("task", _("This task does not exist any more."), where="hub")
    if row.done_at is not None and application.submitted_at is not None and row.done_at <= application.submitted_at:
        raise LostRace.because("task", _("This answer was sent with an earlier submission."), where="hub")
    row.answer = text
    row.done_at = now
    row.save(update_fields=["answer", "done_at", "updated_at"])
    record(
        verb="application.task_answered",
        obj=application,
        by=by,
        chain=application.association.code,
        data={"task": str(task)},
        text=text,
    )
    return row
