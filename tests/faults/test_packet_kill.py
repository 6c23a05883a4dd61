"""A builder killed at each of its steps: every packet exists once, opens, and is what its row says (threat 20)."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pikepdf
import psycopg2
import pytest

from tests.faults.packet_worker import POINTS
from tests.house.tree import ROOT

pytestmark = [pytest.mark.faults]

SUBMISSIONS = 3
SERVER = os.environ.get("DATABASE_URL", "")
ENGINES = ["sqlite", *(["postgresql"] if SERVER.startswith("postgres") else [])]


class Office:
    """The process that forks builders, spoken to line by line."""

    def __init__(self, database_url: str, folder: Path) -> None:
        environment = {**os.environ, "FAULT_DATABASE_URL": database_url, "FAULT_FOLDER": str(folder)}
        environment.pop("DATABASE_URL", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.packet_worker"],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._answer()

    def ask(self, command: str):
        assert self.process.stdin
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self):
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "the office closed early"
        return json.loads(line)

    def close(self) -> None:
        with self.process:
            self.process.kill()


@contextmanager
def database(engine: str, folder: Path) -> Iterator[str]:
    """A fresh database of its own."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'faults.sqlite3'}"
        return
    name = f"packet_faults_{uuid.uuid4().hex[:8]}"
    _on_server(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))
    finally:
        _on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _on_server(statement: str) -> None:
    server = psycopg2.connect(urlunsplit(urlsplit(SERVER)._replace(path="/postgres")))
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(statement)
    server.close()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_builder_killed_at_every_step_leaves_each_packet_once(tmp_path, engine):
    with database(engine, tmp_path) as database_url:
        office = Office(database_url, tmp_path)
        try:
            assert office.ask(f"seed {SUBMISSIONS}") == 2 * SUBMISSIONS
            ends = {point: office.ask(f"build {point}") for point in POINTS}
            found = office.ask("report")
        finally:
            office.close()
    assert ends == {point: 0 if point == "never" else -signal.SIGKILL for point in POINTS}
    assert {state for state, *_ in found["packets"]} == {"ready"}
    for _state, sha256, pages, path in found["packets"]:
        assert hashlib.sha256(Path(path).read_bytes()).hexdigest() == sha256
        with pikepdf.open(path) as pdf:
            assert len(pdf.pages) == pages
    assert (found["files"], found["blobs"], found["mails"]) == (2 * SUBMISSIONS, 2 * SUBMISSIONS, SUBMISSIONS)
    assert found["orphans"] == 2  # killed with the blob written and its row not yet committed
