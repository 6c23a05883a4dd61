"""An application as a coordinator reads it: findings with their evidence, references' states, history, words,
decisions."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects

from applications import outcomes, progress, readiness, snapshot, workflow
from applications.enums import Action, Actor, AssignmentState, Outcome, Status
from applications.facts import ApplicationFacts, ExamFacts
from applications.models import (
    Application,
    ChangeRequest,
    Decision,
    Message,
    Packet,
    Reference,
    ReviewAssignment,
    StatusChange,
    Submission,
)
from applications.queries.facts import application_facts
from applications.queries.reviews import SheetRow, sheet_rows
from endorsement_portal.prepared import Prepared
from endorsement_portal.workflow import Finding


@dataclass(frozen=True, slots=True)
class Dossier:
    application: Application
    facts: ApplicationFacts
    findings: tuple[Finding, ...]
    """As of now: of the live portfolio."""
    cautions: tuple[Finding, ...]
    frozen: dict[str, Any] | None
    """The newest submission's snapshot; None before the first: then staff see progress, not content (C4)."""
    evidence: tuple[SheetRow, ...]
    """Requirement beside evidence, from that snapshot."""
    tasks: tuple[progress.Task, ...]
    references: tuple[Reference, ...]
    history: tuple[StatusChange, ...]
    messages: tuple[Message, ...]
    submissions: tuple[Submission, ...]
    packets: tuple[Packet, ...]
    assignments: tuple[ReviewAssignment, ...]
    change_requests: tuple[ChangeRequest, ...]
    waiting_decision: Decision | None
    """Recorded, neither released nor discarded."""
    exams: tuple[ExamFacts, ...]
    actions: tuple[Action, ...]
    """What a coordinator could do from here, before the guards are asked."""
    outcomes: tuple[Outcome, ...]
    """What may be decided now: the status and every rule allow it."""


def application_dossier(application: Application, now: datetime.datetime) -> Dossier:
    """The number of queries does not depend on the size of anything. What the facts rule out is not asked for."""
    facts = application_facts(application, now)
    journey = facts.application
    assert journey is not None
    submissions = tuple(application.submissions.prefetch_related("packets").order_by("number"))
    frozen = snapshot.read(submissions[-1].snapshot) if submissions else None
    status = Status(application.status)
    return Dossier(
        application=application,
        facts=facts,
        findings=readiness.findings(facts),
        cautions=readiness.cautions(facts),
        frozen=frozen,
        evidence=sheet_rows(frozen, {}) if frozen else (),
        tasks=progress.tasks(facts),
        references=tuple(_references(application.pk)),
        history=tuple(_history(application.pk)),
        messages=tuple(_messages(application.pk)),
        submissions=submissions,
        packets=tuple(packet for submission in submissions for packet in submission.packets.all()),
        assignments=assignments_with_marks(application),
        change_requests=tuple(application.change_requests.all()) if journey.asked else (),
        waiting_decision=application.decisions.filter(released_at__isnull=True, discarded_at__isnull=True).first()
        if journey.decision
        else None,
        exams=tuple(sorted(journey.exams, key=lambda exam: (exam.sat_on, exam.part))),
        actions=tuple(
            Action(step.action) for step in workflow.MACHINE.available(source=status, actor=Actor.COORDINATOR)
        ),
        outcomes=possible_outcomes(facts, status),
    )


def assignments_with_marks(application: Application) -> tuple[ReviewAssignment, ...]:
    """Everybody who was asked to read. Marks are a reviewer's own until the review is sent, so only then are read."""
    rows = tuple(_assignments(application.pk))
    prefetch_related_objects([row for row in rows if row.state == AssignmentState.SUBMITTED], "marks")
    return rows


@Prepared
def _references(application: int) -> QuerySet[Reference]:
    return Reference.objects.filter(application=application).select_related("rater", "vetted_by")


@Prepared
def _history(application: int) -> QuerySet[StatusChange]:
    return StatusChange.objects.filter(application=application).select_related("by__person")


@Prepared
def _messages(application: int) -> QuerySet[Message]:
    return Message.objects.filter(application=application).select_related("author__person")


@Prepared
def _assignments(application: int) -> QuerySet[ReviewAssignment]:
    return ReviewAssignment.objects.filter(application=application).select_related("reviewer__person")


def possible_outcomes(facts: ApplicationFacts, status: Status) -> tuple[Outcome, ...]:
    return tuple(
        outcome for outcome in workflow.outcomes(status) if _allowed(outcomes.outcome_possible(facts, outcome))
    )


def _allowed(findings: Sequence[Finding]) -> bool:
    return not any(finding.required and not finding.met for finding in findings)
