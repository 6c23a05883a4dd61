"""The supervisor: restarts what dies with its whole group, stops all cleanly."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import call_command

from endorsement_portal.supervisor import BACKOFF_SECONDS, Child, Supervisor, backoff
from tests.house.tree import ROOT

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def _wait(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def _gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture
def supervisor():
    made = Supervisor([Child("sleeper", SLEEP)], say=lambda _text: None)
    yield made
    made.stop()


def test_a_killed_child_is_started_again(supervisor):
    child = supervisor.children[0]
    supervisor.tend(child)
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    assert _wait(lambda: child.process is None or child.process.poll() is not None)
    supervisor.tend(child)
    assert (child.process, child.failures) == (None, 1)
    child.restart_at = 0
    supervisor.tend(child)
    assert child.process.pid != first


def test_the_group_of_a_dead_child_is_ended(supervisor, tmp_path):
    note = tmp_path / "grandchild"
    child = supervisor.children[0]
    child.command = [
        sys.executable,
        "-c",
        (
            f"import subprocess, pathlib, time; p = subprocess.Popen({SLEEP!r}); "
            f"pathlib.Path({str(note)!r}).write_text(str(p.pid)); time.sleep(60)"
        ),
    ]
    supervisor.tend(child)
    assert _wait(lambda: note.exists() and note.read_text())
    grandchild = int(note.read_text())
    os.kill(child.process.pid, signal.SIGKILL)
    child.process.wait()
    supervisor.tend(child)
    assert _wait(lambda: _gone(grandchild) or _zombie(grandchild))


def _zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[-1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_stop_leaves_no_process(supervisor):
    child = supervisor.children[0]
    supervisor.tend(child)
    pid = child.process.pid
    supervisor.stop()
    assert _gone(pid)


def test_a_stopping_supervisor_ends_its_run(supervisor):
    supervisor.request_stop()
    supervisor.run()
    assert supervisor.children[0].process is None


@pytest.mark.parametrize(("failures", "seconds"), [(0, 0.0), (1, 0.5), (3, 2.0), (6, 30.0), (99, 30.0)])
def test_back_off_grows_to_a_cap(failures, seconds):
    assert backoff(failures) == seconds
    assert max(BACKOFF_SECONDS) == 30.0


@pytest.mark.parametrize(
    ("given", "links"), [("", "http://localhost:9123"), ("https://demo.example", "https://demo.example")]
)
def test_the_port_asked_for_is_the_one_that_is_said_and_linked(monkeypatch, given, links):
    """`make run PORT=9123`: the line in the terminal, the web process and the links in mails agree."""
    started: list[Supervisor] = []
    monkeypatch.setattr(Supervisor, "run", lambda self: started.append(self))
    monkeypatch.delenv("PUBLIC_ADDRESS", raising=False)
    if given:
        monkeypatch.setenv("PUBLIC_ADDRESS", given)
    out = io.StringIO()
    call_command("supervise", "--port", "9123", stdout=out)
    assert out.getvalue().splitlines() == [
        "The portal answers on http://localhost:9123 - stop it with Ctrl-C", "Stopped.",
    ]  # fmt: skip
    [supervisor] = started
    assert supervisor.environment["PUBLIC_ADDRESS"] == links
    assert "127.0.0.1:9123" in next(child.command for child in supervisor.children if child.name == "web")


@pytest.mark.parametrize(("given", "port"), [([], "8000"), (["PORT=9000"], "9000")])
def test_make_run_gives_every_step_the_address_of_its_port(tmp_path, given, port):
    """Seeding writes addresses into mails too. A shell that only says what it was asked stands in for the real one."""
    shell = tmp_path / "shell"
    shell.write_text('#!/bin/sh\necho "$PUBLIC_ADDRESS: $2"\n')
    shell.chmod(0o755)
    # The tests are themselves run by make, which would tell the inner one that it is an inner one.
    ours = ("PUBLIC_ADDRESS", "PORT", "MAKEFLAGS", "MFLAGS", "MAKELEVEL")
    clean = {name: value for name, value in os.environ.items() if name not in ours}
    said = subprocess.run(
        ["make", "run", f"SHELL={shell}", *given], cwd=ROOT, env=clean, capture_output=True, text=True, check=True
    ).stdout.splitlines()  # fmt: skip
    assert [line.partition(": ")[0] for line in said] == [f"http://localhost:{port}"] * 5
    assert said[-1].endswith(f"manage.py supervise --port {port}")
