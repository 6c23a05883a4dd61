"""Pure: what a decision may be, asked when it is recorded and again when it is released."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from django.utils.translation import gettext as _

from applications.enums import Outcome
from applications.evaluators import exam_parts
from applications.facts import ApplicationFacts
from applications.readiness import findings, unmet
from competencies import assessment
from competencies.enums import RequirementKind, Stage
from endorsement_portal.workflow import Finding


def possible(key: str, met: bool, message: str) -> tuple[Finding, ...]:
    return (Finding(requirement=key, kind="guard", met=met, message=message),)


def may_endorse(facts: ApplicationFacts) -> tuple[Finding, ...]:
    """Rules of the later stages have to be met; nothing waived for emerging may be missing."""
    later = unmet(findings(facts, Stage.DECISION)) + unmet(findings(facts, Stage.AWARD))
    base = tuple(
        finding
        for finding in findings(facts)
        if finding.kind == RequirementKind.ENDORSEMENT and finding.required and not finding.met
    )
    waived = (
        possible("emerging", False, _("Rules are waived for emerging. Decide “emerging”, or wait until they are met."))
        if waived_rules(facts)
        else ()
    )
    return later + base + waived


def waived_rules(facts: ApplicationFacts) -> tuple[str, ...]:
    """Keys of the rules that are not met and only waived because the person applies as emerging."""
    if not facts.assessment.emerging:
        return ()
    strict = assessment.assess(
        facts.category,
        facts.portfolio,
        as_of=facts.as_of,
        settings=dataclasses.replace(facts.assessment, emerging=False),
    )
    return tuple(finding.requirement for finding in strict if finding.required and not finding.met)


def may_be_emerging(facts: ApplicationFacts) -> tuple[Finding, ...]:
    allowed = facts.category.is_add_on and facts.category.emerging_max_months is not None
    base = tuple(f for f in findings(facts) if f.kind == RequirementKind.ENDORSEMENT and f.required)
    return possible("emerging", allowed, _("Only an add-on can be granted as emerging.")) + base


def may_sit_exam(facts: ApplicationFacts) -> tuple[Finding, ...]:
    asked = any(
        spec.kind == RequirementKind.EXAM and spec.required and exam_parts(spec) for spec in facts.category.requirements
    )
    return possible("exam", asked, _("This category has no exam."))


def may_not_endorse(facts: ApplicationFacts) -> tuple[Finding, ...]:
    return possible(
        "not_endorsed",
        facts.house.allow_not_endorsed,
        _("Your association does not use “not endorsed”. Defer instead."),
    )


OUTCOME_RULES: dict[Outcome, Callable[[ApplicationFacts], tuple[Finding, ...]]] = {
    Outcome.ENDORSED: may_endorse,
    Outcome.EMERGING: may_be_emerging,
    Outcome.APPROVED_FOR_EXAM: may_sit_exam,
    Outcome.DEFERRED: lambda facts: (),  # noqa: ARG005 - a deferral is always possible
    Outcome.NOT_ENDORSED: may_not_endorse,
}


def outcome_possible(facts: ApplicationFacts, outcome: Outcome) -> tuple[Finding, ...]:
    """Findings about an outcome; those not met refuse it."""
    return OUTCOME_RULES[outcome](facts)
