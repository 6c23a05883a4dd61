"""Pure modules judge: standard library, enums, workflow and other pure modules only. No query, no clock."""

import ast
import sys

import pytest

from tests.house.tree import APPS, GROUND, ROOT, imports

PURE = (
    "endorsement_portal.workflow",
    "endorsement_portal.backup.manifest",
    "members.standing",
    "competencies.specs",
    "competencies.facts",
    "competencies.assessment",
    "competencies.coverage",
    "competencies.durations",
    "competencies.courses",
    "competencies.evidence_weights",
    "competencies.projection",
    "competencies.reason_words",
    "competencies.judging",
    "competencies.wording",
    "competencies.rule_words",
    "competencies.rule_texts",
    "competencies.rule_values",
    "competencies.edition_diff",
    "competencies.overlays",
    "competencies.settings_words",
    "competencies.recount",
    "competencies.recount_words",
    "competencies.standings",
    "competencies.portable.format",
    "competencies.portable.writing",
    "competencies.finder",
    "competencies.own_data.tables",
    "competencies.durations",
    "competencies.log_import",
    "competencies.attendance",
    "endorsement_portal.files.limits",
    "endorsement_portal.sheets.table",
    "endorsement_portal.sheets.marks",
    "endorsement_portal.sheets.assembly",
    "endorsement_portal.sheets.delimited",
    "cohorts.calendar",
    "cohorts.case_hints",
    "credentials.status",
    "credentials.renewal",
    "credentials.names",
    "credentials.codes",
    "applications.facts",
    "applications.matching",
    "applications.ratings_counted",
    "applications.workflow",
    "applications.evaluators",
    "applications.readiness",
    "applications.outcomes",
    "applications.timeline",
    "applications.signing",
    "applications.legal_texts",
    "applications.progress",
    "applications.raters_wanted",
    "applications.meters",
    "applications.reminders",
    "applications.rating_rules",
    "applications.snapshot",
)
CLOCKS = {"today", "now", "utcnow", "time", "monotonic", "localtime"}


def _files(module: str):
    base = ROOT.joinpath(*module.split("."))
    if base.is_dir():
        return sorted(base.rglob("*.py"))
    return [base.with_suffix(".py")]


def _allowed(name: str) -> bool:
    top = name.split(".")[0]
    if top in sys.stdlib_module_names or name.startswith(("django.utils.translation", "django.utils.functional")):
        return True  # a message in the reader's language is still a pure answer
    if top in (*APPS, GROUND):
        return (
            name.endswith(".enums")
            or ".enums." in name
            or any(name == pure or name.startswith(f"{pure}.") for pure in PURE)
        )
    return False


@pytest.mark.parametrize("module", PURE)
def test_pure_module_imports_only_what_is_pure(module):
    foreign = {
        path.name: sorted(name for name in imports(path) if not _allowed(name) and not _parent_of_allowed(name, path))
        for path in _files(module)
    }
    assert {name: found for name, found in foreign.items() if found} == {}


def _parent_of_allowed(name: str, path) -> bool:
    """`from competencies import specs` names the package too; the package itself is only a door."""
    return name in APPS and any(other.startswith(f"{name}.") for other in imports(path))


@pytest.mark.parametrize("module", PURE)
def test_pure_module_asks_no_clock(module):
    for path in _files(module):
        asked = [
            f"{path.name}:{node.lineno}"
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
        ]
        assert asked == []
