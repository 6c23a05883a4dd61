"""The restore drill: a site in use, its backup, an empty machine, and everything is there again.

From SQLite to SQLite; with DATABASE_URL set to PostgreSQL, from and to databases of their own there, and across the
engines.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.house.tree import ROOT

POSTGRES = os.environ.get("DATABASE_URL", "")
WAYS = [("sqlite", "sqlite")]
if POSTGRES.startswith("postgres"):
    WAYS += [("postgresql", "postgresql"), ("sqlite", "postgresql"), ("postgresql", "sqlite")]

pytestmark = pytest.mark.faults


@dataclass
class Site:
    folder: Path
    database_url: str

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "endorsement_portal.settings.development",
            "VAR_DIR": str(self.folder),
            "DATABASE_URL": self.database_url,
            "PYTHONPATH": str(ROOT),
        }
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip

    def manage(self, *arguments: str) -> list[str]:
        done = self.python("manage.py", *arguments)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.splitlines()

    def refused(self, *arguments: str) -> str:
        """The one line of a command that must fail."""
        done = self.python("manage.py", *arguments)
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr[-3000:]
        return done.stderr.strip()

    def ask(self, *arguments: str) -> dict[str, object]:
        done = self.python("-m", "tests.faults.drill_site", *arguments)
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def new_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Site]]:
    databases: list[str] = []

    def make(engine: str) -> Site:
        folder = tmp_path_factory.mktemp("site")
        if engine == "sqlite":
            return Site(folder, f"sqlite:///{folder / 'portal.sqlite3'}")
        databases.append(f"drill_{uuid.uuid4().hex[:12]}")
        _on_server(f'CREATE DATABASE "{databases[-1]}"')
        return Site(folder, urlsplit(POSTGRES)._replace(path=f"/{databases[-1]}").geturl())

    yield make
    for name in databases:
        _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


def _on_server(statement: str) -> None:
    import psycopg2

    link = psycopg2.connect(urlsplit(POSTGRES)._replace(path="/postgres").geturl())
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute(statement)
    link.close()


@dataclass
class Source:
    site: Site
    backup: Path
    printed: list[str]
    person: dict[str, object]


@pytest.fixture(scope="module")
def source_of(new_site, tmp_path_factory) -> Callable[[str], Source]:
    made: dict[str, Source] = {}

    def source(engine: str) -> Source:
        if engine not in made:
            site = new_site(engine)
            person = site.ask("seed")
            site.manage("verify_audit")  # seals, so that the backup has a chain to carry
            folder = tmp_path_factory.mktemp("backups") / engine
            made[engine] = Source(site, folder, site.manage("backup", str(folder)), person)
        return made[engine]

    return source


@pytest.mark.parametrize(("first", "second"), WAYS)
def test_a_site_lives_on_in_another_place(source_of, new_site, tmp_path, first, second):
    source = source_of(first)
    site = new_site(second)
    site.manage("migrate", "--verbosity", "0")
    printed = site.manage("restore", str(source.backup))
    assert printed == source.printed
    assert len([line for line in printed if line.startswith("file ")]) > 5
    assert site.manage("verify_audit") == source.site.manage("verify_audit")
    assert site.manage("check_invariants")[-1].endswith("invariants hold.")
    again = tmp_path / "again"
    site.manage("backup", str(again))
    assert _bytes_of(again) == _bytes_of(source.backup)
    visit = site.ask("visit", str(source.person["email"]), str(source.person["evidence"]))
    assert visit == {"signed_in": 302, "home": 200, "download": source.person["sha256"], "written_after": True}
    assert "is not empty" in site.refused("restore", str(source.backup))


def _bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }


def test_what_was_tampered_with_is_refused_and_leaves_the_site_empty(source_of, new_site, tmp_path):
    source = source_of("sqlite")
    site = new_site("sqlite")
    site.manage("migrate", "--verbosity", "0")
    broken = tmp_path / "broken"

    def tamper(path: str, change: Callable[[bytes], bytes]) -> str:
        shutil.rmtree(broken, ignore_errors=True)
        shutil.copytree(source.backup, broken)
        target = broken / path
        target.write_bytes(change(target.read_bytes()))
        return site.refused("restore", str(broken))

    person = "tables/members_person.jsonl"
    stored = next(path.name for path in sorted((source.backup / "files").iterdir()))
    assert "members_person was changed" in tamper(person, lambda content: content.replace(b"Samir", b"Simar"))
    assert "rows instead of" in tamper(person, lambda content: content.partition(b"\n")[2])
    assert f"file {stored} was changed" in tamper(f"files/{stored}", lambda content: content + b" ")
    assert "is not JSON" in tamper("manifest.json", lambda content: content[:-20])
    assert "migration" in tamper("manifest.json", lambda content: content.replace(b"0001_initial", b"0001_other", 1))
    assert not list((site.folder / "files").rglob("*-*"))
    with sqlite3.connect(site.folder / "portal.sqlite3") as link:
        assert link.execute("SELECT count(*) FROM members_user").fetchone() == (0,)
    link.close()


def test_a_writer_is_not_kept_waiting_and_not_seen(source_of, tmp_path):
    """A backup of SQLite reads one instant of the write-ahead log: others write meanwhile."""
    from endorsement_portal.settings.base import SQLITE_OPTIONS

    assert "journal_mode=WAL" in SQLITE_OPTIONS["init_command"]
    site = source_of("sqlite").site
    with sqlite3.connect(site.folder / "portal.sqlite3", isolation_level=None) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE members_person SET name = 'Half written'")
        site.manage("backup", str(tmp_path / "meanwhile"))
        writer.execute("ROLLBACK")
    writer.close()
    assert b"Half written" not in (tmp_path / "meanwhile" / "tables" / "members_person.jsonl").read_bytes()
