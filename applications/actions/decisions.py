"""Decisions: recorded first, released later. Only the release changes what the applicant sees, and grants the award."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import workflow
from applications.actions import notices, transitions
from applications.actions.changes import Wish, demand_wishes
from applications.actions.reviews import demand_coordinator
from applications.enums import Actor, AssignmentState, Outcome, Status
from applications.facts import ApplicationFacts
from applications.models import Application, Decision, DecisionTask, ReviewAssignment
from applications.outcomes import outcome_possible
from applications.queries.facts import application_facts
from applications.rating_rules import add_months
from credentials.actions.endorsements import grant
from endorsement_portal.audit.actions import record as write_down
from endorsement_portal.workflow import LostRace, NotAllowed
from members.models import User

LAST_HOUR_FOR_HARD_NEWS = 16
FRIDAY = 4
MORNING = datetime.time(9, 0)


@transaction.atomic
def record(
    *,
    application: Application,
    by: User,
    outcome: str,
    message: str = "",
    tasks: Sequence[Wish] = (),
    now: datetime.datetime | None = None,
) -> Decision:
    """Writes a decision down; the applicant sees nothing of it. One decision at a time waits for its release.

    `message` goes to the applicant in the association's words. A deferral needs at least one task.
    """
    now = now or timezone.now()
    application = transitions.lock(application)
    demand_coordinator(application, by)
    facts = application_facts(application, now)
    chosen = _demand_possible(application, facts, outcome, tasks)
    try:
        with transaction.atomic():
            decision = Decision.objects.create(
                application=application, outcome=chosen, message=message.strip(), recorded_by=by, recorded_at=now
            )
    except IntegrityError as error:
        raise NotAllowed.because(
            "decision", _("A decision is recorded already and waits for its release."), fix=_("Discard it first.")
        ) from error
    for wish in tasks:
        DecisionTask.objects.create(
            decision=decision, requirement_key=wish.requirement_key, text=wish.text.strip(), due_on=wish.due_on
        )
    _audit("decision.recorded", decision, by)
    return decision


def _demand_possible(application: Application, facts: ApplicationFacts, outcome: str, tasks: Sequence[Wish]) -> Outcome:
    if outcome not in Outcome.values:
        raise NotAllowed.because("outcome", _("Choose an outcome."))
    chosen = Outcome(outcome)
    if chosen not in workflow.outcomes(Status(application.status)):
        raise NotAllowed.because(
            "status",
            _("“%(outcome)s” cannot be decided while the application is “%(status)s”.")
            % {"outcome": chosen.label, "status": Status(application.status).label},
        )
    refused = [finding for finding in outcome_possible(facts, chosen) if finding.required and not finding.met]
    if refused:
        raise NotAllowed(refused)
    if chosen == Outcome.DEFERRED and not tasks:
        raise NotAllowed.because("tasks", _("A deferral needs at least one task, so that the person knows what to do."))
    if chosen != Outcome.DEFERRED and tasks:
        raise NotAllowed.because("tasks", _("Only a deferral comes with tasks."))
    demand_wishes(application, tasks, facts.as_of)
    return chosen


@transaction.atomic
def discard(*, decision: Decision, by: User, now: datetime.datetime | None = None) -> Decision:
    """Takes a recorded decision back before anybody else has seen it."""
    now = now or timezone.now()
    application = transitions.lock(decision.application)
    demand_coordinator(application, by)
    _settle(decision, discarded_at=now, updated_at=now)
    _audit("decision.discarded", decision, by)
    return decision


@transaction.atomic
def release(*, decision: Decision, by: User, now: datetime.datetime | None = None) -> Decision:
    """The decision takes effect: status, history, award, and a mail with a link and no reasons."""
    now = now or timezone.now()
    application = transitions.lock(decision.application)
    demand_coordinator(application, by)
    facts = application_facts(application, now)
    outcome = Outcome(decision.outcome)
    _settle(decision, released_at=now, released_by=by, updated_at=now)
    row = transitions.perform(
        application=application,
        action=workflow.RELEASES[outcome],
        by=by,
        actor=Actor.COORDINATOR,
        facts=facts,
        now=now,
    )
    ReviewAssignment.objects.filter(application=row, state=AssignmentState.ASSIGNED).update(
        state=AssignmentState.REMOVED, updated_at=now
    )
    if outcome in (Outcome.ENDORSED, Outcome.EMERGING):
        _grant(row, decision, facts, by, now)
    _audit("decision.released", decision, by)
    notices.tell_applicant(
        row,
        kind=f"decision_{outcome.value}",
        key=f"decision:{decision.uuid}",
        due_at=kind_hour(now, facts.house.time_zone) if outcome == Outcome.NOT_ENDORSED else None,
    )
    return decision


def _settle(decision: Decision, **values: object) -> None:
    """Exactly one of two who release or discard at once wins."""
    settled = Decision.objects.filter(pk=decision.pk, released_at__isnull=True, discarded_at__isnull=True).update(
        **values
    )
    if settled != 1:
        raise LostRace.because("decision", _("This decision was released or discarded already."))
    decision.refresh_from_db()


def _grant(
    application: Application, decision: Decision, facts: ApplicationFacts, by: User, now: datetime.datetime
) -> None:
    months = facts.category.emerging_max_months
    emerging = decision.outcome == Outcome.EMERGING and months is not None
    grant(
        person=application.person,
        association=application.association,
        category=application.category,
        decision_uuid=decision.uuid,
        granted_on=facts.as_of,
        by=by,
        holder_name=application.person.name,
        emerging_until=add_months(facts.as_of, months) if emerging and months is not None else None,
        now=now,
    )


def kind_hour(now: datetime.datetime, zone: str) -> datetime.datetime:
    """Hard news does not arrive after 16:00 or on a Friday or weekend, when nobody can be called (N54)."""
    local = now.astimezone(ZoneInfo(zone))
    if local.weekday() < FRIDAY and local.hour < LAST_HOUR_FOR_HARD_NEWS:
        return now
    day = local.date() + datetime.timedelta(days=1)
    while day.weekday() >= FRIDAY:
        day += datetime.timedelta(days=1)
    return datetime.datetime.combine(day, MORNING, tzinfo=ZoneInfo(zone))


def _audit(verb: str, decision: Decision, by: User) -> None:
    write_down(
        verb=verb,
        obj=decision,
        by=by,
        chain=decision.application.association.code,
        data={"application": str(decision.application.uuid), "outcome": decision.outcome},
    )
