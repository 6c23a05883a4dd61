"""The figures on the front page, from the published standard, never typed into a template."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from competencies.enums import RequirementKind
from competencies.queries import standards
from competencies.specs import CategorySpec, RscRule, TrainingRule


@dataclass(frozen=True, slots=True)
class Needs:
    """What the categories ask for, in whole minutes and whole people."""

    training_least: int
    training_most: int
    rsc_family_specialist: int
    rsc_mental_health_specialist: int
    ratings: int
    active_categories: int


def needs(today: datetime.date) -> Needs | None:
    """None while no standard is published: the page then says it in words alone."""
    try:
        specs = standards.category_specs(standards.edition_for(today))
    except standards.NoStandards:
        return None
    active = [spec for spec in specs.values() if spec.active and not spec.is_add_on]
    training = [_minutes(spec, TrainingRule) for spec in active]
    return Needs(
        training_least=min(training),
        training_most=max(training),
        rsc_family_specialist=_minutes(specs["IFS"], RscRule),
        rsc_mental_health_specialist=_minutes(specs["IMHS"], RscRule),
        ratings=max(_ratings(spec) for spec in active),
        active_categories=len(active),
    )


def _minutes(spec: CategorySpec, kind: type[TrainingRule] | type[RscRule]) -> int:
    return next((one.rule.minutes for one in spec.requirements if isinstance(one.rule, kind)), 0)


def _ratings(spec: CategorySpec) -> int:
    kind = RequirementKind.REFERENCE_RATINGS
    return next((int(one.params["count"]) for one in spec.requirements if one.kind == kind), 0)
