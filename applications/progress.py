"""Pure: an application as a list of tasks (A8), and where a person stands as meters. Each waiting row says who and
since when; each row has one place where it is done."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import readiness
from applications.enums import ReferenceState, Section, TaskState
from applications.facts import ApplicationFacts, JourneyFacts, ReferenceFacts
from applications.raters_wanted import more_wanted
from competencies.enums import Reason, RequirementKind, SessionState
from competencies.specs import RequirementSpec
from endorsement_portal.workflow import Finding


@dataclass(frozen=True, slots=True)
class Task:
    """One row of the hub."""

    key: str
    section: Section
    name: str
    state: TaskState
    hint: str
    where: str
    waiting_for: str = ""
    """Who it waits for; set with the state WAITING."""
    since: datetime.date | None = None
    others: int = 0
    """How many more people it waits for."""
    fix: str = ""
    """What mends it, in words."""

    @property
    def done(self) -> bool:
        return self.state == TaskState.COMPLETE

    @property
    def is_part(self) -> bool:
        """Whether it is counted: neither the last step, nor what is nobody's duty, nor what was asked for besides."""
        return self.section not in (Section.ASKED, Section.SEND) and self.state != TaskState.OPTIONAL


SECTIONS: dict[RequirementKind, Section] = {
    RequirementKind.MEMBERSHIP: Section.ABOUT,
    RequirementKind.EDUCATION: Section.ABOUT,
    RequirementKind.WORK: Section.ABOUT,
    RequirementKind.ENDORSEMENT: Section.ABOUT,
    RequirementKind.ETHICS: Section.ABOUT,
    RequirementKind.AGREEMENT: Section.ABOUT,
    RequirementKind.TRAINING_HOURS: Section.BRING,
    RequirementKind.RSC_HOURS: Section.BRING,
    RequirementKind.DOCUMENT: Section.BRING,
    RequirementKind.REFERENCE_RATINGS: Section.OTHERS,
    RequirementKind.EXAM: Section.SEND,
}
"""Where a requirement stands on the hub. Total: a test walks the enum."""

NAMES: dict[RequirementKind, Callable[[], str]] = {
    RequirementKind.MEMBERSHIP: lambda: _("Membership"),
    RequirementKind.EDUCATION: lambda: _("Education"),
    RequirementKind.WORK: lambda: _("Work experience"),
    RequirementKind.ENDORSEMENT: lambda: _("Endorsement it rests on"),
    RequirementKind.ETHICS: lambda: _("Code of ethics"),
    RequirementKind.AGREEMENT: lambda: _("Endorsement agreement"),
    RequirementKind.TRAINING_HOURS: lambda: _("Training"),
    RequirementKind.RSC_HOURS: lambda: _("Reflective supervision"),
    RequirementKind.DOCUMENT: lambda: _("Documents"),
    RequirementKind.REFERENCE_RATINGS: lambda: _("Reference ratings"),
    RequirementKind.EXAM: lambda: _("Written exam"),
}


def name_of(spec: RequirementSpec, specs: Iterable[RequirementSpec]) -> str:
    """A short name; where a category asks twice for the same kind, the rule's own label tells them apart."""
    kind = RequirementKind(spec.kind)
    alone = sum(other.kind == spec.kind and shown(other) for other in specs) == 1
    return NAMES[kind]() if alone else str(spec.label)


def shown(spec: RequirementSpec) -> bool:
    """Recommended rules are in the gap report, not on the task list. The exam comes after the review."""
    return (spec.required or bool(spec.group)) and spec.kind != RequirementKind.EXAM


def tasks(facts: ApplicationFacts) -> tuple[Task, ...]:
    """The rows of the hub in their order: one for each requirement, then competencies, selection and sending."""
    application = facts.application
    if application is None:
        raise ValueError("Tasks are those of an application")
    found = {finding.requirement: finding for finding in readiness.findings(facts)}
    covered = {finding.group for finding in found.values() if finding.group and finding.met}
    specs = facts.category.requirements
    rows = [
        _task(spec, found[spec.key], facts, application, name_of(spec, specs), settled=spec.group in covered)
        for spec in specs
        if shown(spec)
    ]
    rows += [_competencies(facts), _selection(facts)]
    order = list(Section)
    rows.sort(key=lambda task: order.index(task.section))
    return (*_asked(application), *rows, _send(rows, facts))


def _task(
    spec: RequirementSpec,
    finding: Finding,
    facts: ApplicationFacts,
    application: JourneyFacts,
    name: str,
    *,
    settled: bool,
) -> Task:
    section = SECTIONS[RequirementKind(spec.kind)]
    if any(asked.requirement == spec.key and not asked.done for asked in application.asked):
        hint = next(asked.text for asked in application.asked if asked.requirement == spec.key and not asked.done)
        return Task(spec.key, section, name, TaskState.NEEDS_CHANGES, hint, finding.where)
    if finding.met:
        return Task(spec.key, section, name, TaskState.COMPLETE, finding.message, finding.where)
    if settled:
        return Task(
            spec.key, section, name, TaskState.COMPLETE, _("Not needed: another rule is enough."), finding.where
        )
    waiting = WAITING.get(RequirementKind(spec.kind), _nobody)(finding, facts)
    if waiting:
        names = sorted(waiting, key=lambda who: (who.since or facts.as_of, who.name))
        return Task(
            spec.key,
            section,
            name,
            TaskState.WAITING,
            finding.message,
            finding.where,
            waiting_for=names[0].name,
            since=names[0].since,
            others=len(names) - 1,
        )
    state = TaskState.IN_PROGRESS if begun(finding, facts) else TaskState.NOT_STARTED
    return Task(spec.key, section, name, state, finding.message, finding.where, fix=finding.fix)


@dataclass(frozen=True, slots=True)
class Waiting:
    name: str
    since: datetime.date | None


def _nobody(_finding: Finding, _facts: ApplicationFacts) -> tuple[Waiting, ...]:
    return ()


def waiting_for_raters(_finding: Finding, facts: ApplicationFacts) -> tuple[Waiting, ...]:
    """Waiting only when the answers of those asked would be enough; else there is something to do."""
    application = facts.application
    assert application is not None
    spec = next(spec for spec in facts.category.requirements if spec.kind == RequirementKind.REFERENCE_RATINGS)
    asked = [reference for reference in application.references if is_waiting(reference)]
    if not asked or more_wanted(spec, facts, application).roles:
        return ()
    return tuple(Waiting(reference.rater_name, reference.asked_on) for reference in asked)


def is_waiting(reference: ReferenceFacts) -> bool:
    return reference.state in (ReferenceState.ASKED, ReferenceState.OPENED, ReferenceState.STARTED)


def waiting_for_providers(finding: Finding, facts: ApplicationFacts) -> tuple[Waiting, ...]:
    """Providers who were asked to sign sessions that would count, when that is all that is missing."""
    waiting = {
        entry.entry: entry.minutes for entry in finding.uncounted if entry.reason == Reason.AWAITING_CONFIRMATION
    }
    if not waiting or (finding.have_minutes or 0) + sum(waiting.values()) < (finding.need_minutes or 0):
        return ()
    names = {provider.key: provider.name for provider in facts.portfolio.providers}
    asked: dict[str, datetime.date] = {}
    for session in facts.portfolio.supervision:
        if session.key in waiting and session.state == SessionState.SENT and session.provider in names:
            since = getattr(session, "asked_on", None) or session.on
            asked[session.provider] = min(since, asked.get(session.provider, since))
    return tuple(Waiting(names[provider], since) for provider, since in asked.items())


def waiting_for_coordinator(_finding: Finding, facts: ApplicationFacts) -> tuple[Waiting, ...]:
    """A membership that was sent in and is not decided yet."""
    pending = [fact for fact in facts.memberships if fact.state == "pending" and fact.includes(facts.as_of)]
    return (Waiting(_("your coordinator"), None),) if pending else ()


WAITING: dict[RequirementKind, Callable[[Finding, ApplicationFacts], tuple[Waiting, ...]]] = {
    RequirementKind.REFERENCE_RATINGS: waiting_for_raters,
    RequirementKind.RSC_HOURS: waiting_for_providers,
    RequirementKind.MEMBERSHIP: waiting_for_coordinator,
}


def begun(finding: Finding, facts: ApplicationFacts) -> bool:
    """Whether anything is there yet."""
    if finding.kind == RequirementKind.REFERENCE_RATINGS:
        return facts.application is not None and any(
            reference.state not in (ReferenceState.CANCELED, ReferenceState.DECLINED)
            for reference in facts.application.references
        )
    return bool(finding.counted or finding.uncounted or finding.have_minutes)


def _competencies(facts: ApplicationFacts) -> Task:
    empty = readiness.uncovered(facts)
    if not empty:
        return Task(
            "competencies", Section.BRING, _("Competencies"), TaskState.COMPLETE, _("Each one has an entry"), "matrix"
        )
    hint = ngettext("One has nothing in it yet", "%(count)s have nothing in them yet", len(empty)) % {
        "count": len(empty)
    }
    started = any(entry.competencies for entry in facts.portfolio.training)
    state = TaskState.IN_PROGRESS if started else TaskState.NOT_STARTED
    return Task("competencies", Section.BRING, _("Competencies"), state, hint, "matrix")


def _selection(facts: ApplicationFacts) -> Task:
    left_out = facts.portfolio.left_out_count()
    hint = (
        ngettext("%(count)s entry is left out", "%(count)s entries are left out", left_out) % {"count": left_out}
        if left_out
        else _("Everything in your portfolio is in")
    )
    return Task("selection", Section.BRING, _("What goes in"), TaskState.OPTIONAL, hint, "selection")


def _asked(application: JourneyFacts) -> tuple[Task, ...]:
    """What a coordinator asked for, first of all."""
    return tuple(
        Task(
            f"task:{asked.uuid}",
            Section.ASKED,
            asked.text,
            TaskState.COMPLETE if asked.done else TaskState.NEEDS_CHANGES,
            _("Answered") if asked.done else _("Say what you did"),
            f"task:{asked.uuid}",
            since=asked.due_on,
        )
        for asked in application.asked
    )


def _send(rows: list[Task], facts: ApplicationFacts) -> Task:
    asked = facts.application.asked if facts.application else ()
    missing = len(readiness.blockers(facts)) + sum(not one.done for one in asked)
    hint = (
        ngettext("One thing is still missing", "%(count)s things are still missing", missing) % {"count": missing}
        if missing
        else _("Everything is there. Read it once more and send it.")
    )
    state = TaskState.NOT_STARTED if missing or not rows else TaskState.IN_PROGRESS
    return Task("check", Section.SEND, _("Check and submit"), state, hint, "check")


@dataclass(frozen=True, slots=True)
class Count:
    """How many parts are complete, and how many are in other people's hands."""

    parts: int
    complete: int
    waiting: int


def count(rows: Iterable[Task]) -> Count:
    """The one count of parts: as many are complete as parts say so on the hub."""
    parts = [task for task in rows if task.is_part]
    return Count(
        parts=len(parts),
        complete=sum(task.done for task in parts),
        waiting=sum(task.state == TaskState.WAITING for task in parts),
    )


def next_task(rows: Iterable[Task]) -> Task | None:
    """The one next step: what was asked for, then what is begun, then what is not, then what is waited for."""
    order = (TaskState.NEEDS_CHANGES, TaskState.IN_PROGRESS, TaskState.NOT_STARTED)
    rows = tuple(rows)
    open_parts = [task for task in rows if task.key != "check"]
    for state in order:
        for task in open_parts:
            if task.state == state:
                return task
    check = next((task for task in rows if task.key == "check"), None)
    return check if check is not None and check.state == TaskState.IN_PROGRESS else None
