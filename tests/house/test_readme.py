"""The README says what is: its diagram is the table's, its pictures exist, its words are make targets."""

import re

from applications.workflow import diagram
from tests.house.tree import APPS, ROOT

README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def test_the_diagram_is_drawn_from_the_status_table():
    drawn = README.split("```mermaid\n")[1].split("```")[0]
    assert drawn.strip() == diagram().strip()


def test_every_picture_exists():
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", README)
    assert len(pictures) >= 8
    assert [picture for picture in pictures if not (ROOT / picture).is_file()] == []


def test_every_make_word_is_a_target():
    words = set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE))
    assert {word for word in words if f"\n{word}:" not in MAKEFILE} == set()


def test_every_app_stands_in_the_house():
    assert [app for app in APPS if app not in README] == []


def test_nothing_names_a_machine_or_a_registry():
    """Neither a path of a machine nor a package registry's address is in a tracked text."""
    pattern = re.compile(r"/work/|pypi\.org|registry\.npmjs|files\.pythonhosted|/root/")
    suffixes = {".py", ".md", ".toml", ".txt", ".json", ".yml", ".sh", ".html", ".js", ".css"}
    offenders = [
        path.relative_to(ROOT).as_posix()
        for folder in (
            "",
            "scripts",
            "deploy",
            "tests",
            "templates",
            *APPS,
            "endorsement_portal",
            "static/js",
            "static/css",
        )
        for path in ((ROOT / folder).glob("*") if not folder else (ROOT / folder).rglob("*"))
        if path.is_file()
        and path.suffix in suffixes
        and path.name != "test_readme.py"
        and pattern.search(path.read_text())
    ]
    assert offenders == []
