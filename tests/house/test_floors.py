"""Arrows point down: between the apps and inside each of them."""

import subprocess
import sys

from tests.house.tree import APPS, GROUND, ROOT, imports, module_name, sources


def test_import_contracts_hold():
    run = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]


def test_the_ground_knows_no_app():
    """Not even in text that looks like an import: the ground names apps only as strings in its settings."""
    offenders = {
        module_name(path): sorted(name for name in imports(path) if name.split(".")[0] in APPS)
        for path in sources(GROUND)
    }
    assert {module: names for module, names in offenders.items() if names} == {}


def test_upper_floors_take_no_views_forms_tasks_or_admin_from_lower_ones():
    """An upper app may use a lower one's enums, models, queries, actions, rules and pure modules only."""
    closed = {"views", "forms", "tasks", "admin", "urls", "management"}
    offenders = []
    for path in sources(*APPS):
        own = path.relative_to(ROOT).parts[0]
        for name in imports(path):
            parts = name.split(".")
            if parts[0] in APPS and parts[0] != own and len(parts) > 1 and parts[1] in closed:
                offenders.append(f"{module_name(path)} imports {name}")
    assert offenders == []


def test_actions_never_import_tasks():
    offenders = [
        module_name(path)
        for path in sources()
        if "actions" in path.parts or path.name == "actions.py"
        for name in imports(path)
        if "tasks" in name.split(".")
    ]
    assert offenders == []
