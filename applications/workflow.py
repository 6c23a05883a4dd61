"""Pure: the status table of an application (decision 18). The guard, the buttons, the README's diagram and the
exhaustive test all read it. A guard answers with findings, so that each refusal carries its reason and its remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from applications import readiness
from applications.enums import Action, Actor, Outcome, Status
from applications.facts import ApplicationFacts, JourneyFacts
from applications.outcomes import outcome_possible as findings_about
from cohorts.calendar import in_time
from endorsement_portal.workflow import Finding, Machine, Transition

Guard = Callable[[ApplicationFacts], Iterable[Finding]]


def journey(facts: ApplicationFacts) -> JourneyFacts:
    if facts.application is None:
        raise ValueError("A transition needs an application")
    return facts.application


def question(key: str, met: bool, message: str, *, fix: str = "", where: str = "") -> tuple[Finding, ...]:
    return (Finding(requirement=key, kind="guard", met=met, message=message, fix=fix, where=where),)


def category_open(facts: ApplicationFacts) -> Iterable[Finding]:
    return readiness.category_open(facts.category)


def before_deadline(facts: ApplicationFacts) -> Iterable[Finding]:
    """The last second is included (decision 24). Only the first submission is bound to it."""
    return question(
        "deadline",
        in_time(journey(facts).cohort.deadline_at, facts.now),
        _("The submission deadline of this cohort has passed. Your work is kept."),
        fix=_("Write to your coordinator about the next cohort."),
        where="messages",
    )


def holds_a_seat(facts: ApplicationFacts) -> Iterable[Finding]:
    return question(
        "seat",
        journey(facts).cohort.seated,
        _("You do not hold a seat in this cohort now."),
        fix=_("Write to your coordinator."),
        where="messages",
    )


def ready_to_submit(facts: ApplicationFacts) -> Iterable[Finding]:
    return readiness.blockers(facts)


def requests_answered(facts: ApplicationFacts) -> Iterable[Finding]:
    waiting = [asked for asked in journey(facts).asked if not asked.done]
    return question(
        "asked",
        not waiting,
        _("Answer what was asked of you first: %(count)s left.") % {"count": len(waiting)},
        where="hub",
    )


def something_is_asked(facts: ApplicationFacts) -> Iterable[Finding]:
    return question(
        "change_request",
        any(not asked.done and not asked.deferral for asked in journey(facts).asked),
        _("Say what should change first: the applicant needs at least one task."),
    )


def reviewer_assigned(facts: ApplicationFacts) -> Iterable[Finding]:
    return question(
        "reviewer", journey(facts).reviews.assigned > 0, _("No reviewer is assigned."), fix=_("Assign a reviewer.")
    )


def reviews_complete(facts: ApplicationFacts) -> Iterable[Finding]:
    reviews, needed = journey(facts).reviews, facts.house.reviewers_needed
    return question(
        "reviews",
        reviews.submitted >= needed,
        _("%(have)s of %(need)s reviews are in.") % {"have": reviews.submitted, "need": needed},
    )


def nothing_waits_for_release(facts: ApplicationFacts) -> Iterable[Finding]:
    return question(
        "decision",
        journey(facts).decision is None,
        _("A decision is recorded and waits for its release."),
        fix=_("Discard it first."),
    )


def recorded(outcome: Outcome) -> Guard:
    """The decision that is released is the one that was recorded."""

    def decision_recorded(facts: ApplicationFacts) -> Iterable[Finding]:
        decision = journey(facts).decision
        return question(
            "decision",
            decision is not None and decision.outcome == outcome,
            _("This decision is not recorded: %(outcome)s.") % {"outcome": outcome.label},
        )

    return decision_recorded


def outcome_possible(outcome: Outcome) -> Guard:
    def possible(facts: ApplicationFacts) -> Iterable[Finding]:
        return findings_about(facts, outcome)

    return possible


def has_tasks(facts: ApplicationFacts) -> Iterable[Finding]:
    decision = journey(facts).decision
    return question(
        "tasks",
        decision is not None and decision.tasks > 0,
        _("A deferral needs at least one task, so that the person knows what to do."),
    )


APPLICANT = frozenset({Actor.APPLICANT.value})
COORDINATOR = frozenset({Actor.COORDINATOR.value})
EITHER = APPLICANT | COORDINATOR
ANY_REVIEW = frozenset({Actor.REVIEWER.value, Actor.COORDINATOR.value, Actor.SYSTEM.value})
DESK = frozenset({Actor.COORDINATOR.value, Actor.SYSTEM.value})

WITHDRAWABLE = (
    Status.DRAFT,
    Status.SUBMITTED,
    Status.CHANGES_REQUESTED,
    Status.UNDER_REVIEW,
    Status.REVIEWED,
    Status.APPROVED_FOR_EXAM,
    Status.DEFERRED,
)


def row(
    action: Action, source: Status, target: Status, actors: frozenset[str], *guards: Guard
) -> Transition[ApplicationFacts]:
    return Transition(action.value, source.value, target.value, actors, guards)


def release(action: Action, source: Status, outcome: Outcome, *guards: Guard) -> Transition[ApplicationFacts]:
    target = Status(outcome.value)
    return row(action, source, target, COORDINATOR, recorded(outcome), outcome_possible(outcome), *guards)


MACHINE: Machine[ApplicationFacts] = Machine(
    (
        row(
            Action.SUBMIT,
            Status.DRAFT,
            Status.SUBMITTED,
            APPLICANT,
            category_open,
            holds_a_seat,
            before_deadline,
            ready_to_submit,
        ),
        row(
            Action.SUBMIT,
            Status.CHANGES_REQUESTED,
            Status.SUBMITTED,
            APPLICANT,
            requests_answered,
            ready_to_submit,
        ),
        row(Action.SUBMIT, Status.DEFERRED, Status.SUBMITTED, APPLICANT, requests_answered, ready_to_submit),
        *(row(Action.WITHDRAW, source, Status.WITHDRAWN, EITHER) for source in WITHDRAWABLE),
        row(Action.REQUEST_CHANGES, Status.SUBMITTED, Status.CHANGES_REQUESTED, COORDINATOR, something_is_asked),
        row(Action.REQUEST_CHANGES, Status.UNDER_REVIEW, Status.CHANGES_REQUESTED, COORDINATOR, something_is_asked),
        row(
            Action.REQUEST_CHANGES,
            Status.REVIEWED,
            Status.CHANGES_REQUESTED,
            COORDINATOR,
            something_is_asked,
            nothing_waits_for_release,
        ),
        row(Action.START_REVIEW, Status.SUBMITTED, Status.UNDER_REVIEW, DESK, reviewer_assigned),
        row(Action.FINISH_REVIEW, Status.UNDER_REVIEW, Status.REVIEWED, ANY_REVIEW, reviews_complete),
        row(
            Action.REOPEN_REVIEW,
            Status.REVIEWED,
            Status.UNDER_REVIEW,
            COORDINATOR,
            reviewer_assigned,
            nothing_waits_for_release,
        ),
        release(Action.RELEASE_ENDORSED, Status.REVIEWED, Outcome.ENDORSED),
        release(Action.RELEASE_ENDORSED, Status.APPROVED_FOR_EXAM, Outcome.ENDORSED),
        release(Action.RELEASE_EMERGING, Status.REVIEWED, Outcome.EMERGING),
        release(Action.RELEASE_APPROVED_FOR_EXAM, Status.REVIEWED, Outcome.APPROVED_FOR_EXAM),
        release(Action.RELEASE_DEFERRED, Status.REVIEWED, Outcome.DEFERRED, has_tasks),
        release(Action.RELEASE_DEFERRED, Status.APPROVED_FOR_EXAM, Outcome.DEFERRED, has_tasks),
        release(Action.RELEASE_NOT_ENDORSED, Status.REVIEWED, Outcome.NOT_ENDORSED),
        release(Action.RELEASE_NOT_ENDORSED, Status.APPROVED_FOR_EXAM, Outcome.NOT_ENDORSED),
    )
)

RELEASES: dict[Outcome, Action] = {
    Outcome.ENDORSED: Action.RELEASE_ENDORSED,
    Outcome.EMERGING: Action.RELEASE_EMERGING,
    Outcome.APPROVED_FOR_EXAM: Action.RELEASE_APPROVED_FOR_EXAM,
    Outcome.DEFERRED: Action.RELEASE_DEFERRED,
    Outcome.NOT_ENDORSED: Action.RELEASE_NOT_ENDORSED,
}


def outcomes(status: Status) -> tuple[Outcome, ...]:
    """What may be decided from here at all, before the category and the settings are asked."""
    return tuple(outcome for outcome, action in RELEASES.items() if MACHINE.find(action=action, source=status))


def diagram() -> str:
    """The table as Mermaid text, for the README."""
    lines = ["stateDiagram-v2", f"    [*] --> {Status.DRAFT.value}"]
    lines += [f"    {step.source} --> {step.target}: {step.action}" for step in MACHINE.transitions]
    ends = [status.value for status in Status if not any(step.source == status for step in MACHINE.transitions)]
    lines += [f"    {end} --> [*]" for end in ends]
    return "\n".join(lines)
