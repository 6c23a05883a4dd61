"""Pure: a portfolio measured against a category. Kinds answered on upper floors are evaluated there."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable

from competencies.enums import RequirementKind
from competencies.facts import PortfolioFacts
from competencies.judging import documents, education, rsc, training, work
from competencies.judging.case import Case
from competencies.specs import AssessmentSettings, CategorySpec, RequirementSpec, settings_from
from endorsement_portal.workflow import Finding

__all__ = [
    "EVALUATORS",
    "PORTFOLIO_KINDS",
    "AssessmentSettings",
    "all_met",
    "assess",
    "portfolio_met",
    "settings_from",
]

EVALUATORS: dict[RequirementKind, Callable[[RequirementSpec, Case], Finding]] = {
    RequirementKind.EDUCATION: education.evaluate,
    RequirementKind.WORK: work.evaluate,
    RequirementKind.TRAINING_HOURS: training.evaluate,
    RequirementKind.RSC_HOURS: rsc.evaluate,
    RequirementKind.DOCUMENT: documents.evaluate,
}
PORTFOLIO_KINDS = frozenset(
    {RequirementKind.EDUCATION, RequirementKind.WORK, RequirementKind.TRAINING_HOURS, RequirementKind.RSC_HOURS}
)


def assess(
    category: CategorySpec,
    facts: PortfolioFacts,
    *,
    as_of: datetime.date,
    settings: AssessmentSettings = AssessmentSettings(),  # noqa: B008 - frozen
) -> tuple[Finding, ...]:
    """One finding for each rule of the category that this floor can answer, in the order of the rules."""
    case = Case(category=category, facts=facts, as_of=as_of, settings=settings)
    return tuple(
        EVALUATORS[kind](requirement, case)
        for requirement in category.requirements
        if (kind := RequirementKind(requirement.kind)) in EVALUATORS
    )


def all_met(findings: Iterable[Finding]) -> bool:
    """Every required rule and, for each any-of group, at least one member (decision 2)."""
    groups: dict[str, bool] = {}
    for finding in findings:
        if finding.group is not None:
            groups[finding.group] = groups.get(finding.group, False) or finding.met
        elif finding.required and finding.blocking and not finding.met:
            return False
    return all(groups.values())


def portfolio_met(findings: Iterable[Finding]) -> bool:
    """Education, work, training and RSC alone (decision 3)."""
    return all_met(finding for finding in findings if finding.kind in PORTFOLIO_KINDS)
