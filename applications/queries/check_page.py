"""Check-your-answers: what stands in the way first, then everything that goes out, then what is worth a look."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from applications import places, progress, readiness, workflow
from applications.enums import Action, Section
from applications.facts import ApplicationFacts, AskedFacts
from applications.models import Application
from applications.queries.facts import application_facts
from endorsement_portal.workflow import Finding


@dataclass(frozen=True, slots=True)
class Located:
    """A finding with the address that mends it."""

    finding: Finding
    href: str


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    value: str
    href: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class CheckPage:
    application: Application
    facts: ApplicationFacts
    blockers: tuple[Located, ...]
    warnings: tuple[Located, ...]
    sections: tuple[tuple[Section, tuple[Line, ...]], ...]
    may_submit: bool
    again: bool
    """Whether this follows an earlier submission."""


def check_page(application: Application, now: datetime.datetime) -> CheckPage:
    facts = application_facts(application, now)
    find = places.addresses(application.uuid, application.category.slug)
    step = workflow.MACHINE.find(action=Action.SUBMIT, source=application.status)
    refusals = step.refusals(facts) if step else ()
    stopped = {finding.requirement for finding in refusals}
    return CheckPage(
        application=application,
        facts=facts,
        blockers=tuple(Located(finding, find(finding.where)) for finding in refusals),
        warnings=tuple(Located(finding, find(finding.where)) for finding in readiness.warnings(facts)),
        sections=_check_sections(application, facts, find, stopped),
        may_submit=step is not None and not refusals,
        again=bool(facts.application and facts.application.submissions),
    )


def _check_sections(
    application: Application, facts: ApplicationFacts, find: Callable[[str], str], stopped: set[str]
) -> tuple[tuple[Section, tuple[Line, ...]], ...]:
    first = (
        Line(_("Name on the certificate"), application.person.name, find("profile")),
        Line(
            _("Category"),
            f"{application.category_name}, {application.category.license_id}",
            reverse("applications:category", args=[application.uuid]),
        ),
    )
    rows = [task for task in progress.tasks(facts) if task.key != "check" and task.section != Section.ASKED]
    asked = facts.application.asked if facts.application else ()
    sections: list[tuple[Section, tuple[Line, ...]]] = []
    for section in (Section.ABOUT, Section.BRING, Section.OTHERS):
        lines = tuple(
            Line(task.name, task.hint, find(task.where), error=task.hint if task.key in stopped else "")
            for task in rows
            if task.section == section
        )
        sections.append((section, (*first, *lines) if section == Section.ABOUT else lines))
    if asked:
        sections.append((Section.ASKED, tuple(_answer_line(application, row) for row in asked)))
    return tuple((section, lines) for section, lines in sections if lines)


def _answer_line(application: Application, asked: AskedFacts) -> Line:
    href = reverse("applications:answer_change", args=[application.uuid, asked.uuid])
    return Line(asked.text, _("Answered"), href, error="" if asked.done else _("Not answered yet"))
