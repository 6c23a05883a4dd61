"""The gap report: one member, one category, one day (A5). Every requirement, what counts, what does not and why."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from applications import readiness
from applications.facts import ApplicationFacts
from applications.models import Application
from applications.queries.facts import (
    application_facts,
    day_in,
    house_facts,
    journey_facts,
    prospect_facts,
    with_related,
)
from competencies.assessment import all_met, portfolio_met
from competencies.coverage import CoverageTotal, total_of
from competencies.models import Category
from competencies.queries.standards import category_spec, edition_for
from competencies.specs import CategorySpec
from endorsement_portal.prepared import Prepared
from endorsement_portal.workflow import Finding
from members.models import Association, Person


@dataclass(frozen=True, slots=True)
class GapReport:
    facts: ApplicationFacts
    findings: tuple[Finding, ...]

    @property
    def spec(self) -> CategorySpec:
        return self.facts.category

    @property
    def as_of(self) -> datetime.date:
        return self.facts.as_of

    @property
    def met(self) -> bool:
        return all_met(self.findings)

    @property
    def portfolio_met(self) -> bool:
        return portfolio_met(self.findings)

    @property
    def covered(self) -> CoverageTotal:
        return total_of(self.spec, self.facts.portfolio, as_of=self.as_of)


def report(
    person: Person, category: Category, as_of: datetime.date | None = None, association: Association | None = None
) -> GapReport:
    """By the edition in force on the day, plain or with an association's settings.

    Rules that need an application read the member's open one for this category (decision 3).
    """
    now = timezone.now()
    day = as_of or day_in(house_facts(association).time_zone, now)
    application = open_application(person, category)
    facts = prospect_facts(
        person,
        category,
        now,
        association=association,
        edition=edition_for(day),
        emerging=application is not None and application.asks_emerging,
        as_of=day,
    )
    if application is not None:
        facts = replace(
            facts,
            portfolio=facts.portfolio.without(application.left_out),
            application=journey_facts(application, day),
        )
    return GapReport(facts=facts, findings=readiness.findings(facts))


def own_report(person: Person, category: Category) -> GapReport:
    """What the member sees today: an open application is judged by the edition and settings it has pinned."""
    now = timezone.now()
    application = open_application(person, category)
    facts = application_facts(application, now) if application else prospect_facts(person, category, now)
    return GapReport(facts=facts, findings=readiness.findings(facts))


def own_reports(person: Person, categories: Sequence[Category]) -> list[GapReport]:
    """Several categories over one reading of the portfolio. No application is looked at."""
    if not categories:
        return []
    widest = next((category for category in categories if category.is_add_on), categories[0])
    base = prospect_facts(person, widest, timezone.now())
    edition = edition_for(base.as_of)
    reports = []
    for category in categories:
        facts = replace(base, category=category_spec(category, edition))
        reports.append(GapReport(facts=facts, findings=readiness.findings(facts)))
    return reports


def open_application(person: Person, category: Category) -> Application | None:
    return next(iter(_open_ones(person.pk, category.code)), None)


@Prepared
def _open_ones(person: int, category: str) -> QuerySet[Application]:
    """One at most: the database keeps it so (`one_open_application_per_category`)."""
    return with_related(Application.objects.filter(person=person, category_id=category).open())


def as_json(report: GapReport) -> dict[str, Any]:
    """The shape of `assess --json`. A stable interface: no key comes or goes."""
    return {
        "category": report.spec.code,
        "edition": report.spec.edition,
        "overlay": report.spec.overlay,
        "as_of": report.as_of.isoformat(),
        "met": report.met,
        "portfolio_met": report.portfolio_met,
        "findings": [_finding(finding) for finding in report.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "requirement": finding.requirement,
        "kind": str(finding.kind),
        "stage": str(finding.stage),
        "required": finding.required,
        "group": finding.group,
        "met": finding.met,
        "have_minutes": finding.have_minutes,
        "logged_minutes": finding.logged_minutes,
        "need_minutes": finding.need_minutes,
        "short_minutes": finding.short_minutes,
        "parts": [
            {
                "key": part.key,
                "have_minutes": part.have_minutes,
                "need_minutes": part.need_minutes,
                "met": part.met,
            }
            for part in finding.parts
        ],
        "message": str(finding.message),
        "uncounted": [
            {"entry": entry.entry, "minutes": entry.minutes, "reason": entry.reason} for entry in finding.uncounted
        ],
    }
