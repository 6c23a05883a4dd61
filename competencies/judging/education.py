"""Pure: degrees, certificates and the professional license that may take their place (decision 5)."""

from __future__ import annotations

from competencies import wording
from competencies.enums import EducationLevel, EntryKind, Reason
from competencies.facts import EducationFact, LicenseFact
from competencies.judging.case import Case, finding_for
from competencies.specs import EducationRule, RequirementSpec
from endorsement_portal.workflow import CountedEntry, Finding, UncountedEntry


def evaluate(requirement: RequirementSpec, case: Case) -> Finding:
    rule = requirement.rule
    assert isinstance(rule, EducationRule)
    study, licenses, uncounted = judged(rule, case)
    counted = [CountedEntry(key) for key in [entry.key for entry in study] + [held.key for held in licenses]]
    met = rule.asks_nothing or bool(counted)
    checks = rule.checks
    if any(entry.level == EducationLevel.OTHER_GRADUATE for entry in study):
        checks = (*checks, wording.other_graduate_check())
    return finding_for(
        requirement,
        met=met,
        message=_message(rule, study, licenses),
        fix="" if met else wording.fix("education_or_license" if rule.license_kind else "education"),
        where=EntryKind.EDUCATION.value,
        counted=tuple(counted),
        uncounted=tuple(uncounted),
        checks=checks,
    )


def judged(rule: EducationRule, case: Case) -> tuple[list[EducationFact], list[LicenseFact], list[UncountedEntry]]:
    """Study that counts, licenses that count, and what does not. A rule that asks for nothing uses nothing."""
    if rule.asks_nothing:
        return [], [], []
    uncounted: list[UncountedEntry] = []
    study: list[EducationFact] = []
    for entry in sorted(case.facts.education, key=lambda entry: entry.key):
        if entry.awarded_on is not None and entry.awarded_on > case.as_of:
            continue
        reason = _study_reason(rule, entry)
        if reason is None:
            study.append(entry)
        else:
            detail = wording.award_missing() if reason is Reason.NOT_CURRENT else ""
            uncounted.append(UncountedEntry(entry.key, 0, reason.value, detail))
    licenses: list[LicenseFact] = []
    if rule.license_kind is None:
        return study, licenses, uncounted
    for held in sorted(case.facts.licenses, key=lambda entry: entry.key):
        if held.starts_on is not None and held.starts_on > case.as_of:
            continue
        reason = _license_reason(rule, held, case)
        if reason is None:
            licenses.append(held)
        else:
            uncounted.append(UncountedEntry(held.key, 0, reason.value, ""))
    return study, licenses, uncounted


def _study_reason(rule: EducationRule, entry: EducationFact) -> Reason | None:
    if not entry.selected:
        return Reason.NOT_SELECTED
    if entry.level not in rule.levels:
        return Reason.LEVEL_NOT_ACCEPTED
    if entry.awarded_on is None:
        return Reason.NOT_CURRENT
    return None if entry.accepted else Reason.NOT_ACCEPTED_YET


def _license_reason(rule: EducationRule, held: LicenseFact, case: Case) -> Reason | None:
    if not held.selected:
        return Reason.NOT_SELECTED
    if held.license_kind != rule.license_kind:
        return Reason.LEVEL_NOT_ACCEPTED
    if held.ends_on is not None and held.ends_on < case.as_of:
        return Reason.NOT_CURRENT
    return None if held.accepted else Reason.NOT_ACCEPTED_YET


def _message(rule: EducationRule, study: list[EducationFact], licenses: list[LicenseFact]) -> str:
    if rule.asks_nothing:
        return wording.no_degree()
    words = [EducationLevel(entry.level).label for entry in study] + [
        held.name or wording.a_license() for held in licenses
    ]
    if words:
        return wording.counted_study([str(word) for word in words])
    return wording.nothing_yet()
