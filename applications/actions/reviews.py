"""Review: who is asked to read, what they mark, what they recommend. The last review needed ends the review."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.actions import notices, transitions
from applications.enums import Action, Actor, AssignmentState, Outcome, ReviewRecommendation, Status
from applications.models import Application, ReviewAssignment, ReviewMark
from applications.outcomes import outcome_possible
from applications.queries.conflicts import reviewer_findings
from applications.queries.facts import application_facts, day_in
from applications.queries.reviews import keys_to_mark
from applications.rules import is_coordinator, may_review
from endorsement_portal.audit.actions import record
from endorsement_portal.web.addresses import absolute
from endorsement_portal.workflow import LostRace, NotAllowed
from members.models import User

ASSIGNABLE = (Status.SUBMITTED, Status.UNDER_REVIEW, Status.REVIEWED)
REVIEWABLE = (Status.UNDER_REVIEW, Status.REVIEWED)
"""Somebody who was asked may still send a review after the needed number is in, until the decision is released."""

OUTCOME_OF: dict[ReviewRecommendation, Outcome] = {
    ReviewRecommendation.ENDORSE: Outcome.ENDORSED,
    ReviewRecommendation.APPROVE_FOR_EXAM: Outcome.APPROVED_FOR_EXAM,
    ReviewRecommendation.EMERGING: Outcome.EMERGING,
    ReviewRecommendation.DEFER: Outcome.DEFERRED,
    ReviewRecommendation.NOT_ENDORSE: Outcome.NOT_ENDORSED,
}
"""What a recommendation leads to, when the coordinator follows it."""


def demand_coordinator(application: Application, by: User) -> None:
    if not is_coordinator(by, application):
        raise NotAllowed.because("actor", _("Only a coordinator of the association can do this, never for themselves."))


@transaction.atomic
def assign(
    *,
    application: Application,
    reviewer: User,
    by: User,
    due_on: datetime.date | None = None,
    now: datetime.datetime | None = None,
) -> ReviewAssignment:
    """Asks a reviewer to read the current submission. The first one starts the review, a later one opens it again."""
    now = now or timezone.now()
    application = transitions.lock(application)
    demand_coordinator(application, by)
    if application.status not in ASSIGNABLE:
        raise NotAllowed.because("status", _("There is nothing to review now."))
    conflicts = [
        finding for finding in reviewer_findings(application, reviewer) if finding.blocking and not finding.met
    ]
    if conflicts:
        raise NotAllowed(conflicts)
    settings = application.association.settings
    today = day_in(settings.time_zone, now)
    due_on = due_on or today + datetime.timedelta(days=settings.review_days)
    if due_on < today:
        raise NotAllowed.because("due_on", _("The due date has passed already."))
    number = current_number(application)
    try:
        with transaction.atomic():
            assignment = ReviewAssignment.objects.create(
                application=application, submission_number=number, reviewer=reviewer, assigned_by=by, due_on=due_on
            )
    except IntegrityError as error:
        raise NotAllowed.because(
            "already_assigned", _("This person was already asked to review this submission.")
        ) from error
    _record("review.assigned", assignment, by, reviewer=str(reviewer.uuid), number=number)
    notices.tell_users(
        application,
        [reviewer],
        kind="review_assigned",
        key=f"rev-assign:{assignment.uuid}",
        address=absolute("reviews:assignment", assignment.uuid),
        due_on=due_on,
    )
    step = {Status.SUBMITTED.value: Action.START_REVIEW, Status.REVIEWED.value: Action.REOPEN_REVIEW}.get(
        application.status
    )
    if step is not None:
        transitions.perform(application=application, action=step, by=by, actor=Actor.COORDINATOR, now=now)
    if step == Action.START_REVIEW:
        notices.tell_applicant(application, kind="review_started", key=f"complete:{application.uuid}:{number}:complete")
    return assignment


def current_number(application: Application) -> int:
    newest = application.submissions.order_by("-number").values_list("number", flat=True).first()
    if newest is None:
        raise NotAllowed.because("submission", _("Nothing has been submitted yet."))
    return newest


@transaction.atomic
def remove(*, assignment: ReviewAssignment, by: User, now: datetime.datetime | None = None) -> ReviewAssignment:
    """Takes the request back. What was sent already stays; the review may be complete without this reader."""
    now = now or timezone.now()
    application = transitions.lock(assignment.application)
    demand_coordinator(application, by)
    _leave(assignment, AssignmentState.REMOVED, now)
    _record("review.removed", assignment, by)
    finish_if_complete(application, by=by, actor=Actor.COORDINATOR, now=now)
    return assignment


@transaction.atomic
def decline(
    *, assignment: ReviewAssignment, by: User, reason: str, now: datetime.datetime | None = None
) -> ReviewAssignment:
    """The reviewer steps back and says why; only coordinators read it. The slot is free at once."""
    now = now or timezone.now()
    _demand_reviewer(assignment, by)
    if not reason.strip():
        raise NotAllowed.because(
            "reason", _("Say in a few words why, so that the coordinator can ask the right person.")
        )
    _leave(assignment, AssignmentState.DECLINED, now, decline_reason=reason.strip()[:500])
    _record("review.declined", assignment, by, text=reason.strip())
    notices.tell_coordinators(
        assignment.application, kind="review_declined", key=f"rev-event:{assignment.uuid}:declined"
    )
    return assignment


def _leave(assignment: ReviewAssignment, state: AssignmentState, now: datetime.datetime, **values: str) -> None:
    left = ReviewAssignment.objects.filter(pk=assignment.pk, state=AssignmentState.ASSIGNED).update(
        state=state, updated_at=now, **values
    )
    if left != 1:
        raise LostRace.because("state", _("This review was sent, declined or taken back already."))
    assignment.refresh_from_db()


@transaction.atomic
def mark(
    *,
    assignment: ReviewAssignment,
    by: User,
    requirement_key: str,
    met: bool | None,
    note: str = "",
) -> ReviewMark:
    """One requirement: met, not met, or not yet judged, with a note. Can be changed until the review is sent."""
    _demand_reviewer(assignment, by)
    if assignment.state != AssignmentState.ASSIGNED or assignment.application.status not in REVIEWABLE:
        raise NotAllowed.because("state", _("This review is closed."))
    if requirement_key not in keys_to_mark(assignment):
        raise NotAllowed.because("requirement", _("This submission has no such requirement."))
    row, _created = ReviewMark.objects.update_or_create(
        assignment=assignment, requirement_key=requirement_key, defaults={"met": met, "note": note.strip()}
    )
    return row


@transaction.atomic
def submit(
    *,
    assignment: ReviewAssignment,
    by: User,
    recommendation: str,
    summary: str,
    now: datetime.datetime | None = None,
) -> ReviewAssignment:
    """Sends the review. Refused until every requirement is marked, and for an outcome that the category cannot have."""
    now = now or timezone.now()
    application = transitions.lock(assignment.application)
    assignment = ReviewAssignment.objects.select_related("application__association").get(pk=assignment.pk)
    _demand_reviewer(assignment, by)
    _demand_complete(assignment, application, recommendation, summary, now)
    sent = ReviewAssignment.objects.filter(pk=assignment.pk, state=AssignmentState.ASSIGNED).update(
        state=AssignmentState.SUBMITTED,
        recommendation=recommendation,
        summary=summary.strip(),
        submitted_at=now,
        updated_at=now,
    )
    if sent != 1:
        raise LostRace.because("state", _("This review was sent already."))
    assignment.refresh_from_db()
    _record("review.submitted", assignment, by, recommendation=recommendation)
    finish_if_complete(application, by=by, actor=Actor.REVIEWER, now=now)
    return assignment


def _demand_complete(
    assignment: ReviewAssignment, application: Application, recommendation: str, summary: str, now: datetime.datetime
) -> None:
    if application.status not in REVIEWABLE or assignment.state != AssignmentState.ASSIGNED:
        raise LostRace.because("state", _("This review is closed."))
    marked = set(assignment.marks.filter(met__isnull=False).values_list("requirement_key", flat=True))
    missing = [key for key in keys_to_mark(assignment) if key not in marked]
    if missing:
        raise NotAllowed.because(
            "marks", _("Mark every requirement first: %(count)s left.") % {"count": len(missing)}, where=missing[0]
        )
    if recommendation not in ReviewRecommendation.values:
        raise NotAllowed.because("recommendation", _("Choose what you recommend."))
    if not summary.strip():
        raise NotAllowed.because("summary", _("Write a short summary for the coordinator."))
    outcome = OUTCOME_OF[ReviewRecommendation(recommendation)]
    if outcome in (Outcome.EMERGING, Outcome.APPROVED_FOR_EXAM, Outcome.NOT_ENDORSED):
        facts = application_facts(application, now)
        refused = [finding for finding in outcome_possible(facts, outcome) if not finding.met]
        if refused:
            raise NotAllowed(refused)


def finish_if_complete(application: Application, *, by: User, actor: Actor, now: datetime.datetime) -> Application:
    """Ends the review once the needed number of reviews is in; else nothing happens."""
    application = transitions.lock(application)
    facts = application_facts(application, now)
    assert facts.application is not None
    enough = facts.application.reviews.submitted >= facts.house.reviewers_needed
    if application.status != Status.UNDER_REVIEW or not enough:
        return application
    row = transitions.perform(
        application=application, action=Action.FINISH_REVIEW, by=by, actor=actor, facts=facts, now=now
    )
    notices.tell_coordinators(
        row, kind="reviews_in", key=f"consensus:{row.uuid}:{facts.application.submissions}:{row.version}"
    )
    return row


def _demand_reviewer(assignment: ReviewAssignment, by: User) -> None:
    if not may_review(by, assignment):
        raise NotAllowed.because("actor", _("This review is not yours, or no longer."))


def _record(verb: str, assignment: ReviewAssignment, by: User, *, text: str = "", **data: object) -> None:
    record(
        verb=verb,
        obj=assignment,
        by=by,
        chain=assignment.application.association.code,
        data={"application": str(assignment.application.uuid), **data},
        text=text,
    )
