"""Views fetch through queries and visible_to; only actions write; one function writes a status."""

import ast
import re

from tests.house.tree import APPS, ROOT, imports, module_name, relative, sources

VIEW_LINES_MAX = 30


def _views():
    for path in sources(*APPS):
        if "views" in path.relative_to(ROOT).parts or path.name == "views.py":
            yield path


def test_views_never_reach_for_a_whole_table():
    """`Model.objects` in a view would bypass visible_to. `objects.visible_to(` is the one allowed form."""
    pattern = re.compile(r"\.objects\.(?!visible_to\()")
    offenders = [
        f"{relative(path)}:{number}"
        for path in _views()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]
    assert offenders == []


def test_views_write_nothing():
    pattern = re.compile(r"\.(save|delete|bulk_create|bulk_update|create|get_or_create|update_or_create)\(")
    allowed = re.compile(r"form\.save\(|session\.|messages\.|drafts\.")
    offenders = [
        f"{relative(path)}:{number}"
        for path in _views()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if (found := pattern.search(line)) and not allowed.search(line) and "actions" not in line and found
        and not re.search(r"\b[a-z_]+\.(save|create)\(\s*$", line)
        and not re.search(r"(portfolio|cohorts|journey|drafts|evidence|threads|posts|ratings)\.(save|create)\(", line)
    ]  # fmt: skip
    assert offenders == []


def test_views_are_short():
    long = {}
    for path in _views():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > VIEW_LINES_MAX:
                    long[f"{relative(path)}:{node.name}"] = lines
    assert long == {}


def test_one_function_writes_the_status_of_an_application():
    pattern = re.compile(r"\bapplication\.status\s*=[^=]|\.update\([^)]*\bstatus=")
    writers = {
        relative(path)
        for path in sources("applications", "coordination")
        if pattern.search(path.read_text())
    }  # fmt: skip
    assert writers == {"applications/actions/transitions.py"}


def test_no_feature_reads_the_audit():
    """Only the audit itself and one staff page know its models."""
    allowed = {"coordination.views.audit", "coordination.queries.audit"}
    readers = [
        module_name(path)
        for path in sources(*APPS)
        if any(name.startswith("endorsement_portal.audit.models") for name in imports(path))
        and module_name(path) not in allowed
    ]
    assert readers == []


def test_no_query_from_a_users_dictionary():
    """filter(**request.GET) and its like let a stranger choose the column."""
    pattern = re.compile(r"(filter|exclude|annotate|order_by)\(\*\*?\s*(request|form|params|data)")
    assert [relative(path) for path in sources() if pattern.search(path.read_text())] == []
