"""Pure: documents. Those that depend are asked only when the thing they prove is used (decision 5)."""

from __future__ import annotations

from competencies import wording
from competencies.enums import EntryKind, RequirementKind
from competencies.facts import EducationFact, LicenseFact
from competencies.judging import education
from competencies.judging.case import Case, finding_for
from competencies.specs import DocumentRule, EducationRule, RequirementSpec
from endorsement_portal.workflow import CountedEntry, Finding

_DEPENDS = {
    "study_used": (EntryKind.EDUCATION, "study_document"),
    "license_used": (EntryKind.LICENSE, "license_document"),
}


def evaluate(requirement: RequirementSpec, case: Case) -> Finding:
    rule = requirement.rule
    assert isinstance(rule, DocumentRule)
    if rule.when is not None:
        return _evidence_of_use(requirement, rule, case)
    met = any(document.document_type == rule.document_type for document in case.facts.documents)
    return finding_for(
        requirement,
        met=met,
        message=wording.attached() if met else wording.not_attached(),
        fix="" if met else wording.fix("document"),
        where=EntryKind.WORK.value,
        checks=rule.checks,
    )


def _evidence_of_use(requirement: RequirementSpec, rule: DocumentRule, case: Case) -> Finding:
    assert rule.when is not None
    kind, fix = _DEPENDS[rule.when]
    used = _used(kind, case)
    proven = {document.owner_key for document in case.facts.documents if document.owner_kind == kind}
    counted = tuple(CountedEntry(entry.key) for entry in used if entry.key in proven)
    met = not used or bool(counted)
    message = wording.attached(where_it_belongs=met) if used else wording.not_asked(rule.when)
    return finding_for(
        requirement,
        met=met,
        message=message,
        fix="" if met else wording.fix(fix),
        where=kind.value,
        counted=counted,
        checks=rule.checks,
    )


def _used(kind: EntryKind, case: Case) -> list[EducationFact] | list[LicenseFact]:
    """The entries that an education rule of the category counts."""
    study: dict[str, EducationFact] = {}
    licenses: dict[str, LicenseFact] = {}
    for requirement in case.category.requirements:
        if requirement.kind == RequirementKind.EDUCATION:
            assert isinstance(requirement.rule, EducationRule)
            degrees, held, _ = education.judged(requirement.rule, case)
            study.update({entry.key: entry for entry in degrees})
            licenses.update({entry.key: entry for entry in held})
    return list(study.values()) if kind == EntryKind.EDUCATION else list(licenses.values())
