"""Every app says what it owns; modules stay small; nothing is called utils."""

import ast

import pytest

from tests.house.tree import APPS, ROOT, relative, sources

LINES_MAX = 400
HOMELESS = {"utils", "helpers", "misc", "common", "part2", "util"}


@pytest.mark.parametrize("app", [*APPS, "endorsement_portal"])
def test_each_app_says_what_it_owns_and_refuses(app):
    words = ast.get_docstring(ast.parse((ROOT / app / "__init__.py").read_text())) or ""
    assert [title for title in ("Owns:", "May import:", "Refuses to know:") if title not in words] == []


def test_no_module_is_longer_than_the_limit():
    long = {relative(path): count for path in sources() if (count := len(path.read_text().splitlines())) > LINES_MAX}
    assert long == {}


def test_every_module_has_a_name_that_says_what_it_is():
    assert [relative(path) for path in sources() if path.stem in HOMELESS] == []


def test_public_modules_say_what_they_are():
    """Each module that is more than a list of names opens with a sentence."""
    silent = [
        relative(path)
        for path in sources()
        if path.name not in {"__init__.py", "apps.py"}
        and any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in ast.parse(path.read_text()).body)
        and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []
