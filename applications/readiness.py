"""Pure: what still stands between a person and a category: the lower floor's findings and this floor's, in one list.

`findings` answers for each requirement of the category, in its order. `cautions` adds what no requirement says
(coverage of the competencies, a membership that ends before the review). `blockers` is what the submission guard
asks.
"""

from __future__ import annotations

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from applications.evaluators import EVALUATORS
from applications.facts import ApplicationFacts
from competencies import assessment
from competencies.coverage import coverage
from competencies.enums import RequirementKind, Stage
from competencies.specs import CategorySpec
from competencies.wording import day_in_words
from endorsement_portal.workflow import Finding
from members.standing import covered_until


def findings(facts: ApplicationFacts, stage: Stage | None = None) -> tuple[Finding, ...]:
    """One finding for each requirement of the category, in its order; of one stage, or of all."""
    found: tuple[Finding, ...] | None = facts.worked_out.get(asked := ("findings", get_language()))
    if found is None:
        found = facts.worked_out[asked] = _findings(facts)
    stages = (spec.stage for spec in facts.category.requirements)
    return tuple(
        finding for finding, its_stage in zip(found, stages, strict=True) if stage is None or its_stage == stage
    )


def _findings(facts: ApplicationFacts) -> tuple[Finding, ...]:
    lower = {
        finding.requirement: finding
        for finding in assessment.assess(facts.category, facts.portfolio, as_of=facts.as_of, settings=facts.assessment)
    }
    return tuple(
        EVALUATORS[RequirementKind(spec.kind)](spec, facts)
        if RequirementKind(spec.kind) in EVALUATORS
        else lower[spec.key]
        for spec in facts.category.requirements
    )


def uncovered(facts: ApplicationFacts) -> tuple[str, ...]:
    """Names of the competencies that nothing in the portfolio shows; those that ratings show are not asked for."""
    names: tuple[str, ...] | None = facts.worked_out.get("uncovered")
    if names is None:
        cells = coverage(facts.category, facts.portfolio, as_of=facts.as_of)
        names = facts.worked_out["uncovered"] = tuple(cell.name for cell in cells if not cell.covered)
    return names


def coverage_caution(facts: ApplicationFacts) -> tuple[Finding, ...]:
    """Each competency has at least one entry, or it warns or blocks (decision 8)."""
    empty = uncovered(facts)
    if not empty:
        return ()
    return (
        Finding(
            requirement="coverage",
            kind="coverage",
            label=_("Competencies"),
            met=False,
            blocking=facts.house.coverage_blocks,
            message=ngettext(
                "One competency has nothing in it yet: %(names)s",
                "%(count)s competencies have nothing in them yet: %(names)s",
                len(empty),
            )
            % {"count": len(empty), "names": shortened(empty)},
            fix=_("Say in your entries which competencies they show."),
            where="matrix",
        ),
    )


def cautions(facts: ApplicationFacts) -> tuple[Finding, ...]:
    return membership_through_review(facts) + coverage_caution(facts)


def group_blockers(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """One finding for each any-of group of which no member is met."""
    groups: dict[str, list[Finding]] = {}
    for finding in found:
        if finding.group:
            groups.setdefault(finding.group, []).append(finding)
    return tuple(
        Finding(
            requirement=group,
            kind=members[0].kind,
            label=_(" or ").join(member.label for member in members),
            met=False,
            message=_("One of these is enough: %(labels)s") % {"labels": "; ".join(member.label for member in members)},
            fix=members[0].fix,
            where=members[0].where,
        )
        for group, members in groups.items()
        if not any(member.met for member in members)
    )


def unmet(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What is required and not met, groups as one."""
    alone = tuple(finding for finding in found if finding.required and not finding.group and not finding.met)
    return alone + group_blockers(found)


def blockers(facts: ApplicationFacts) -> tuple[Finding, ...]:
    """Everything that stops a submission today. Only rules of the submission stage are asked (decision 3)."""
    stopping = tuple(finding for finding in cautions(facts) if finding.blocking)
    return unmet(findings(facts, Stage.SUBMISSION)) + stopping


def warnings(facts: ApplicationFacts) -> tuple[Finding, ...]:
    return tuple(finding for finding in cautions(facts) if not finding.blocking)


def category_open(category: CategorySpec) -> tuple[Finding, ...]:
    """Superseded categories take no new applications, and say what replaced them."""
    message = (
        _("%(name)s takes no new applications. It was replaced by %(other)s.")
        % {"name": category.name, "other": category.superseded_by}
        if category.superseded_by
        else _("%(name)s takes no new applications.") % {"name": category.name}
    )
    return (
        Finding(
            requirement="category",
            kind="guard",
            met=category.active,
            message=message,
            fix=_("Choose the category that fits you today."),
            where="finder",
        ),
    )


def membership_through_review(facts: ApplicationFacts) -> tuple[Finding, ...]:
    """A membership that ends before the review warns, or blocks where the association says so (decision 9)."""
    application = facts.application
    spec = next((rule for rule in facts.category.requirements if rule.kind == RequirementKind.MEMBERSHIP), None)
    until = covered_until(facts.memberships, facts.as_of)
    if application is None or spec is None or not spec.required or until is None:
        return ()
    ends = application.cohort.review_ends_on
    if until >= ends:
        return ()
    return (
        Finding(
            requirement="membership_through_review",
            kind=RequirementKind.MEMBERSHIP,
            label=_("Membership through the review"),
            met=False,
            blocking=facts.house.membership_through_review,
            message=_("Your membership ends on %(until)s, before the review ends on %(review)s.")
            % {"until": day_in_words(until), "review": day_in_words(ends)},
            fix=_("Renew it and add the new dates."),
            where="membership",
        ),
    )


# --- Words ----------------------------------------------------------------------------------------

NAMES_SHOWN = 3


def shortened(names: tuple[str, ...]) -> str:
    rest = len(names) - NAMES_SHOWN
    shown = ", ".join(names[:NAMES_SHOWN])
    return shown if rest <= 0 else _("%(names)s and %(count)s more") % {"names": shown, "count": rest}
