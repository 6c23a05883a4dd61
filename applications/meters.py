"""Pure: where a person stands, as bars: the requirements that grow, in minutes or in ratings."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from applications import evaluators, readiness
from applications.facts import ApplicationFacts
from applications.progress import is_waiting, name_of, shown
from applications.ratings_counted import rule_of
from competencies.enums import Reason, RequirementKind
from competencies.specs import RequirementSpec
from endorsement_portal.workflow import Finding


@dataclass(frozen=True, slots=True)
class Meter:
    """A bar of the home page. Shares are whole numbers of one unit: minutes, or ratings."""

    key: str
    name: str
    kind: str
    """met, waiting, short or idle."""
    badge: str
    text: str
    counted: int
    logged: int
    needed: int
    where: str


METERED = (
    RequirementKind.TRAINING_HOURS,
    RequirementKind.RSC_HOURS,
    RequirementKind.REFERENCE_RATINGS,
    RequirementKind.WORK,
    RequirementKind.EDUCATION,
)


def meters(facts: ApplicationFacts) -> tuple[Meter, ...]:
    """The requirements that grow, measured. Any-of groups show the member that is met, or the first."""
    found = {finding.requirement: finding for finding in readiness.findings(facts)}
    met_groups = {finding.group for finding in found.values() if finding.group and finding.met}
    rows = [
        _meter(spec, found[spec.key], facts)
        for kind in METERED
        for spec in facts.category.requirements
        if spec.kind == kind and shown(spec) and (found[spec.key].met or spec.group not in met_groups)
    ]
    return tuple(rows)


def _meter(spec: RequirementSpec, finding: Finding, facts: ApplicationFacts) -> Meter:
    name = name_of(spec, facts.category.requirements)
    counted, logged, needed = _shares(spec, finding, facts)
    if finding.met:
        kind, badge = "met", _("Met")
    elif logged:
        kind, badge = "waiting", _("Waiting")
    elif counted:
        kind, badge = "short", _("In progress")
    else:
        kind, badge = "idle", _("Not started")
    return Meter(spec.key, name, kind, badge, finding.message, counted, logged, needed, finding.where)


def _shares(spec: RequirementSpec, finding: Finding, facts: ApplicationFacts) -> tuple[int, int, int]:
    """counted, waiting, needed: minutes where there are minutes, ratings for references, else all or nothing."""
    if finding.need_minutes:
        waiting = sum(e.minutes for e in finding.uncounted if e.reason == Reason.AWAITING_CONFIRMATION)
        return min(finding.have_minutes or 0, finding.need_minutes), waiting, finding.need_minutes
    if spec.kind == RequirementKind.REFERENCE_RATINGS:
        need = rule_of(spec.params).count
        if facts.application is None:
            return 0, 0, need
        have = len(evaluators.matched(spec, facts, facts.application).counted)
        return min(have, need), sum(is_waiting(reference) for reference in facts.application.references), need
    return (1 if finding.met else 0), 0, 1
