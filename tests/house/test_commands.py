"""Every management command: help, and for bad input one line, exit code 1, and nothing written."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import ManagementUtility, base
from django.test import override_settings

from competencies import standards_files
from endorsement_portal.audit import actions as audit
from endorsement_portal.backup import tables
from endorsement_portal.web.commands import PortalCommand
from tests.factories.applications import ApplicationFactory
from tests.house.tree import APPS, GROUND, ROOT

PROMISED = {
    "load_standards", "seed_demo", "import_portfolio", "export_portfolio", "assess", "send_due", "build_packet",
    "verify_packet", "check_invariants", "verify_audit", "import_members", "backup", "restore",
}  # fmt: skip
OURS = sorted(
    path.stem
    for folder in (*APPS, GROUND)
    for path in (ROOT / folder).rglob("management/commands/*.py")
    if path.stem != "__init__"
)

PORTFOLIO = {"format": "endorsement-portfolio/1", "member": {"email": "maren@example.org", "name": "Maren"}}
FILES = {
    "text.json": b"{ not JSON",
    "latin.json": b'{"name": "caf\xe9"}',
    "null.json": b"null",
    "deep.json": b"[" * 100_000,
    "other.json": b'{"format": "endorsement-portfolio/9"}',
    "unknown.json": json.dumps({**PORTFOLIO, "colour": "green"}).encode(),
    "baddate.json": json.dumps({**PORTFOLIO, "education": [{"level": "master", "awarded_on": "2015-02-30"}]}).encode(),
    "good.json": json.dumps(PORTFOLIO).encode(),
    "half.csv": (
        b"email,name,kind,number,starts_on,ends_on\na@example.org,A,individual,1,2026-01-01,2026-12-31\nx,,,,,\n"
    ),
    "picture.csv": b"\x89PNG\r\n\x1a\n\x00\x00",
    "empty.csv": b"",
    "heads.txt": b"platform one two three\n",
    "wronghead.txt": b"platform 1 " + b"0" * 64,
    "strange.pdf": b"%PDF-1.7 not ours",
    "full/here.txt": b"mine",
    "bad/manifest.json": b'{"format": "endorsement-backup/9"}',
}
TEXT = ("--kind", "ethics", "--edition", "2026-1", "--title", "Ethics", "--file")
BAD = [
    ("load_standards", "--chek"),
    ("load_standards", "extra"),
    ("seed_demo", "--members", "many"),
    ("seed_demo", "--members", "-1"),
    ("seed_demo", "--cohorts", "99"),
    ("seed_demo", "--seed", "x"),
    ("seed_demo", "--today", "2026-02-30"),
    ("import_portfolio",),
    ("import_portfolio", "maren@example.org"),
    ("import_portfolio", "maren@example.org", "{tmp}/nowhere.json"),
    ("import_portfolio", "maren@example.org", "{tmp}"),
    ("import_portfolio", "maren@example.org", "{tmp}/text.json"),
    ("import_portfolio", "maren@example.org", "{tmp}/latin.json"),
    ("import_portfolio", "maren@example.org", "{tmp}/null.json"),
    ("import_portfolio", "maren@example.org", "{tmp}/deep.json"),
    ("import_portfolio", "maren@example.org", "{tmp}/other.json"),
    ("import_portfolio", "maren@example.org", "{tmp}/unknown.json"),
    ("import_portfolio", "maren@example.org", "{tmp}/baddate.json"),
    ("import_portfolio", "nobody@example.org", "{tmp}/good.json"),
    ("import_portfolio", "no address", "{tmp}/good.json", "--create"),
    ("import_portfolio", "two\nlines@example.org", "{tmp}/good.json", "--create"),
    ("export_portfolio",),
    ("export_portfolio", "nobody@example.org"),
    ("export_portfolio", ""),
    ("export_portfolio", "two\nlines"),
    ("export_portfolio", "\udcff@example.org"),
    ("assess", "maren@example.org"),
    ("assess", "nobody@example.org", "IFS"),
    ("assess", "maren@example.org", "XYZ"),
    ("assess", "maren@example.org", ""),
    ("assess", "maren@example.org", "IFS", "--as-of", "yesterday"),
    ("assess", "maren@example.org", "IFS", "--as-of", "2026-02-30"),
    ("assess", "maren@example.org", "IFS", "--association", "XX-NO"),
    ("send_due", "--now", "soon"),
    ("send_due", "--now", "2026-06-19"),
    ("send_due", "--now", "2026-06-19T09:00:00"),
    ("send_due", "--now", "0001-01-01T00:00:00+14:00"),
    ("send_due", "--now", "9999-12-31T23:59:59-12:00"),
    ("build_packet", "XX-00", "--out", "{tmp}/packet.pdf"),
    ("build_packet", "00000000-0000-0000-0000-000000000000", "--out", "{tmp}/packet.pdf"),
    ("build_packet", "{draft}", "--out", "{tmp}/packet.pdf"),
    ("build_packet", "{draft}"),
    ("build_packet", "{draft}", "--out", "{tmp}/packet.pdf", "--kind", "secret"),
    ("verify_packet",),
    ("verify_packet", "{tmp}/nowhere.pdf"),
    ("verify_packet", "{tmp}"),
    ("verify_packet", "{tmp}/strange.pdf"),
    ("check_invariants", "extra"),
    ("verify_audit", "--against", "{tmp}/nowhere.txt"),
    ("verify_audit", "--against", "{tmp}"),
    ("verify_audit", "--against", "{tmp}/heads.txt"),
    ("verify_audit", "--against", "{tmp}/strange.pdf"),
    ("verify_audit", "--against", "{tmp}/wronghead.txt"),
    ("import_members", "XX-NO", "{tmp}/half.csv"),
    ("import_members", "XX-PR", "{tmp}/nowhere.csv"),
    ("import_members", "XX-PR", "{tmp}"),
    ("import_members", "XX-PR", "{tmp}/half.csv"),
    ("import_members", "XX-PR", "{tmp}/half.csv", "--dry-run"),
    ("import_members", "XX-PR", "{tmp}/picture.csv"),
    ("import_members", "XX-PR", "{tmp}/empty.csv"),
    ("backup",),
    ("backup", "{tmp}/full"),
    ("backup", "{tmp}/full/here.txt"),
    ("backup", "{tmp}/no/such"),
    ("backup", "/proc/backup"),
    ("restore", "{tmp}/nowhere"),
    ("restore", "{tmp}/full"),
    ("restore", "{tmp}/full/here.txt"),
    ("restore", "{tmp}/bad"),
    ("load_legal_texts", "--association", "XX-PR"),
    ("load_legal_texts", "--kind", "poem"),
    ("load_legal_texts", "--association", "XX-NO", *TEXT, "{tmp}/heads.txt"),
    ("load_legal_texts", "--association", "XX-PR", *TEXT, "{tmp}"),
    ("load_legal_texts", "--association", "XX-PR", *TEXT, "{tmp}/picture.csv"),
    ("load_legal_texts", "--association", "XX-PR", *TEXT, "{tmp}/heads.txt", "--from", "someday"),
    ("bench_pages", "{tmp}/pages.json"),
    ("supervise", "--port", "http"),
    ("supervise", "--port", "99999"),
]  # fmt: skip


@pytest.fixture
def site(db, association, applicant, tmp_path, monkeypatch):
    """Places that the cases name. A command closes the connections at its end; the test's stays open."""
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    monkeypatch.setattr(base.connections, "close_all", lambda: None)
    draft = ApplicationFactory(person=applicant)
    audit.seal()  # verify_audit seals what waits before it judges
    return {"tmp": str(tmp_path), "draft": draft.reference_number}


def run(*argv: str) -> int:
    """The exit code, as from a terminal."""
    with pytest.raises(SystemExit) as left:
        ManagementUtility(["manage.py", *argv]).execute()
    return left.value.code


def state(folder: str) -> str:
    """Every row and every file, as one hash."""
    found = hashlib.sha256()
    for model in tables.kept():
        for line in tables.lines(model):
            found.update(line)
    for path in sorted(Path(folder).rglob("*")):
        found.update(str(path).encode() + (path.read_bytes() if path.is_file() else b""))
    return found.hexdigest()


def refused(capsys, *argv: str) -> str:
    """The one line on standard error of a command that exits 1."""
    capsys.readouterr()
    code = run(*argv, "--skip-checks")
    told = capsys.readouterr().err.splitlines()
    assert (code, len(told)) == (1, 1), told
    assert told[0].startswith("CommandError: ")
    return told[0].removeprefix("CommandError: ")


def test_what_is_promised_is_there():
    assert PROMISED - set(OURS) == set()
    assert {case[0] for case in BAD} | {"check_invariants"} == set(OURS)


@pytest.mark.parametrize("name", OURS)
def test_each_command_has_help_and_keeps_the_rule_for_errors(name, capsys):
    assert isinstance(ManagementUtility().fetch_command(name), PortalCommand)
    assert run(name, "--help") == 0
    told = capsys.readouterr().out
    assert told.startswith(f"usage: manage.py {name}")
    assert len(ManagementUtility().fetch_command(name).help) > 20


@pytest.mark.parametrize("case", BAD, ids=" ".join)
def test_bad_input_is_one_line_and_writes_nothing(case, site, capsys):
    before = state(site["tmp"])
    assert len(refused(capsys, *(word.format(**site) for word in case))) > 8
    assert state(site["tmp"]) == before


def test_a_folder_that_nobody_may_write_is_one_line(site, capsys, monkeypatch, tmp_path):
    """Root may write anywhere, so the operating system's answer is put in its mouth."""

    def denied(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("endorsement_portal.backup.taking.tempfile.mkdtemp", denied)
    assert "Permission denied" in refused(capsys, "backup", str(tmp_path / "backup"))


def test_a_demo_that_is_there_is_not_seeded_again(site, capsys):
    before = state(site["tmp"])
    assert "here already" in refused(capsys, "seed_demo")
    assert state(site["tmp"]) == before


@override_settings(DEMO=True)
def test_pages_without_the_demo_are_one_line(site, capsys, tmp_path):
    assert "seed_demo" in refused(capsys, "bench_pages", str(tmp_path / "pages.json"))
    assert "no folder" in refused(capsys, "bench_pages", str(tmp_path / "no" / "pages.json"))


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"ruleset": {}}', b"\xff"])
def test_broken_standards_are_one_line(site, capsys, monkeypatch, tmp_path, content):
    monkeypatch.setattr(standards_files.read, "__defaults__", (tmp_path / "standards",))
    (tmp_path / "standards").mkdir()
    assert "categories.json" in refused(capsys, "load_standards", "--check")
    for name in standards_files.FILES:
        (tmp_path / "standards" / f"{name}.json").write_bytes(content)
    before = state(site["tmp"])
    assert "categories.json" in refused(capsys, "load_standards")
    assert state(site["tmp"]) == before


@pytest.mark.parametrize(
    ("database_url", "said"),
    [
        ("sqlite:///{tmp}/empty.sqlite3", "no such table"),
        ("postgresql://root@127.0.0.1:1/nowhere", "refused"),
    ],
)
def test_the_database_of_the_environment_is_the_one_that_is_asked(tmp_path, database_url, said):
    """And one that is not migrated, or not there, is told in one line."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "endorsement_portal.settings.development",
        "VAR_DIR": str(tmp_path / "var"),
        "DATABASE_URL": database_url.format(tmp=tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "assess", "a@example.org", "IFS"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    told = done.stderr.splitlines()
    assert (done.returncode, len(told)) == (1, 1), told
    assert told[0].startswith("CommandError: The database refused: ")
    assert said in told[0]


def test_a_traceback_comes_when_it_is_asked_for(site):
    with pytest.raises(base.CommandError):
        ManagementUtility(["manage.py", "assess", "maren@example.org", "--traceback"]).execute()
