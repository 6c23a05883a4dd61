"""200 people press "send" for one application at the same instant, over HTTP against gunicorn: one submission comes of
it.

On a file of SQLite; with DATABASE_URL set to PostgreSQL, on a database of its own there too.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.house.tree import ROOT

RACERS = 200
START_SECONDS = 60
POSTGRES = os.environ.get("DATABASE_URL", "")
ENGINES = ["sqlite", *(["postgresql"] if POSTGRES.startswith("postgres") else [])]

pytestmark = pytest.mark.faults


@pytest.fixture(params=ENGINES)
def environment(request, tmp_path: Path) -> Iterator[dict[str, str]]:
    base = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.faults.race_settings", "PYTHONPATH": str(ROOT)}
    if request.param == "sqlite":
        yield {**base, "RACE_DATABASE_URL": f"sqlite:///{tmp_path / 'race.sqlite3'}"}
        return
    name = f"race_{uuid.uuid4().hex[:12]}"
    address = urlsplit(POSTGRES)
    _on_server(address._replace(path="/postgres").geturl(), f'CREATE DATABASE "{name}"')
    yield {**base, "RACE_DATABASE_URL": address._replace(path=f"/{name}").geturl()}
    _on_server(address._replace(path="/postgres").geturl(), f'DROP DATABASE "{name}" WITH (FORCE)')


def _on_server(url: str, statement: str) -> None:
    import psycopg2

    link = psycopg2.connect(url)
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute(statement)
    link.close()


def _ask(environment: dict[str, str], what: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.race_report", what],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.fixture
def server(environment: dict[str, str], tmp_path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    prepared = _ask(environment, "prepare")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (tmp_path / "gunicorn.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "endorsement_portal.wsgi:application", "--bind", f"127.0.0.1:{port}",
         "--workers", "3", "--threads", "8", "--timeout", "120", "--backlog", "512"],
        cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True,
    )  # fmt: skip
    try:
        _wait_for(port, process, tmp_path / "gunicorn.log")
        yield port, prepared
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)
        log.close()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()[-3000:]
        try:
            if _request(port, "GET", "/healthz/live")[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text()[-3000:])


def _request(port: int, method: str, path: str, body: str = "", cookie: str = "") -> tuple[int, str, str]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Host": "127.0.0.1", "Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    link.request(method, path, body, headers)
    response = link.getresponse()
    text = response.read().decode("utf-8", "replace")
    link.close()
    return response.status, response.getheader("Location") or "", text


def test_one_of_two_hundred_submits_wins(environment, server):
    port, prepared = server
    address = f"/applications/{prepared['uuid']}/"
    session = f"sessionid={prepared['session']}"
    status, _, page = _request(port, "GET", f"{address}check/", cookie=session)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert status == 200
    assert token
    cookie = f"{session}; csrftoken={'c' * 32}"
    body = f"csrfmiddlewaretoken={'c' * 32}&declaration=Maren+Oakhill"
    answers: list[tuple[int, str, str]] = []
    barrier = threading.Barrier(RACERS)

    def press() -> None:
        barrier.wait()
        answers.append(_request(port, "POST", f"{address}submit/", body, cookie))

    threads = [threading.Thread(target=press) for _ in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(status for status, _, _ in answers) == {302: 1, 409: RACERS - 1}
    assert [place for status, place, _ in answers if status == 302] == [f"{address}submitted/1/"]
    assert all("This application was sent already" in text for status, _, text in answers if status == 409)
    assert _ask(environment, "report") == {
        "status": "submitted", "version": 2, "changes": 1, "submissions": 1, "packets": 2, "mails": 1,
    }  # fmt: skip
    assert _request(port, "GET", f"{address}submitted/1/", cookie=session)[0] == 200
