"""Twenty SIGKILLs during 500 outgoing mails: none lost, none sent twice, the uncertain ones listed for staff."""

import json
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest

from tests.faults.sink import taken
from tests.house.tree import ROOT

pytestmark = [pytest.mark.faults]

MAILS = 500
KILLS = 20
PATIENCE_SECONDS = 80
SERVER = os.environ.get("DATABASE_URL", "")
ENGINES = ["sqlite", *(["postgresql"] if SERVER.startswith("postgres") else [])]


class Office:
    """The process that posts and forks workers, spoken to line by line."""

    def __init__(self, database_url: str, sink: str, sink_file: Path) -> None:
        environment = {
            **os.environ, "FAULT_DATABASE_URL": database_url, "FAULT_SINK": sink, "FAULT_SINK_FILE": str(sink_file),
        }  # fmt: skip
        environment.pop("DATABASE_URL", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.mail_worker"],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.worker = 0
        self._answer()

    def start(self) -> int:
        self.worker = self.ask("start")
        return self.worker

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
        if self.worker:
            kill(self.worker)
        with self.process:
            self.process.kill()


@contextmanager
def database(engine: str, folder: Path) -> Iterator[str]:
    """A fresh database of its own."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'faults.sqlite3'}"
        return
    name = f"mail_faults_{uuid.uuid4().hex[:8]}"
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


def kill(pid: int) -> bool:
    """True when the worker was still there to be killed."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def wait_for(*workers: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and any(Path(f"/proc/{worker}").exists() for worker in workers):
        time.sleep(0.1)
    assert [worker for worker in workers if Path(f"/proc/{worker}").exists()] == [], "a worker did not finish"


def work_under_fire(office: Office, sink_file: Path) -> int:
    """Kill the worker again and again over the whole run, then let the last one finish; how many kills hit."""
    chance = random.Random(20)
    hits = 0
    for kill_number in range(KILLS):
        worker = office.start()
        goal = (kill_number + 1) * MAILS // (KILLS + 4)
        give_up = time.monotonic() + 8
        while len(taken(sink_file)) < goal and time.monotonic() < give_up:
            time.sleep(0.01)
        time.sleep(chance.random() * 0.03)
        hits += kill(worker)
    wait_for(office.start())
    return hits


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("lookup", [True, False], ids=["with lookup", "without lookup"])
def test_twenty_kills_lose_nothing_and_send_nothing_twice(tmp_path, engine, lookup):
    sink_file = tmp_path / "sink"
    sink = f"tests.faults.sink.{'AnsweringSink' if lookup else 'Sink'}"
    with database(engine, tmp_path) as database_url:
        office = Office(database_url, sink, sink_file)
        try:
            assert office.ask(f"seed {MAILS}") == MAILS
            assert work_under_fire(office, sink_file) == KILLS
            rows = office.ask("report")
        finally:
            office.close()
    arrived = Counter(taken(sink_file))
    states = Counter(state for _message_id, state, _listed in rows)
    assert [message_id for message_id, times in arrived.items() if times > 1] == []
    assert len(rows) == MAILS
    assert set(states) <= ({"sent"} if lookup else {"sent", "uncertain"})
    assert [message_id for message_id, state, _listed in rows if state == "sent" and message_id not in arrived] == []
    assert [message_id for message_id, state, listed in rows if listed != (state == "uncertain")] == []
    if lookup:
        assert len(arrived) == MAILS
    else:
        assert 1 <= states["uncertain"] <= KILLS  # none at all would mean that the kills missed every hand-over


@pytest.mark.parametrize("engine", ENGINES)
def test_three_workers_at_once_send_each_mail_once(tmp_path, engine):
    sink_file = tmp_path / "sink"
    with database(engine, tmp_path) as database_url:
        office = Office(database_url, "tests.faults.sink.Sink", sink_file)
        try:
            office.ask("seed 150")
            wait_for(*[office.start() for _worker in range(3)])
            states = Counter(state for _message_id, state, _listed in office.ask("report"))
        finally:
            office.close()
    assert states == {"sent": 150}
    assert sorted(Counter(taken(sink_file)).values()) == [1] * 150
