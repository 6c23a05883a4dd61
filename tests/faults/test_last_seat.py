"""Two people reach for the last seat at the same instant: one sits, the other is told what to do.

On a file of SQLite with real threads; with DATABASE_URL set, on PostgreSQL as well (the tests' own database there).
"""

from __future__ import annotations

import datetime
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, connections

from cohorts.actions import enrolment as seats
from cohorts.models import Cohort, Enrolment
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.settings.base import database
from endorsement_portal.workflow import NotAllowed
from members.models import Person
from tests.factories.cohorts import CohortFactory
from tests.factories.members import PersonFactory

ON_POSTGRESQL = os.environ.get("DATABASE_URL", "").startswith("postgres")
pytestmark = pytest.mark.django_db(transaction=ON_POSTGRESQL)

ROUNDS = 5
RACERS = 8
NOW = datetime.datetime(2026, 5, 12, 17, 0, tzinfo=datetime.UTC)


@contextmanager
def _sqlite_file(path: Path) -> Iterator[None]:
    """Every thread works on this file instead of the main thread's memory."""
    memory, before = connections["default"], connections.databases["default"]
    connections.databases["default"] = {**before, **database(f"sqlite:///{path}")}
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        connections.databases["default"] = before
        connections["default"] = memory


@pytest.fixture(scope="module")
def migrated_file(django_db_setup, django_db_blocker, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("race") / "migrated.sqlite3"
    if not ON_POSTGRESQL:
        with django_db_blocker.unblock(), _sqlite_file(path):
            call_command("migrate", verbosity=0)
    return path


@pytest.fixture
def shared_database(request: pytest.FixtureRequest, migrated_file: Path, tmp_path: Path) -> Iterator[None]:
    """A database that several threads can share: PostgreSQL as it is, else a migrated file instead of memory."""
    if ON_POSTGRESQL:
        assert connection.vendor == "postgresql"
        yield
        return
    path = Path(shutil.copy(migrated_file, tmp_path / "race.sqlite3"))
    with request.getfixturevalue("django_db_blocker").unblock(), _sqlite_file(path):
        yield


def together(*acts: Callable[[], Enrolment]) -> list[str]:
    """Everyone acts at once. Returns each one's answer: the state of the seat, or the reason of the refusal."""
    barrier = threading.Barrier(len(acts))
    answers: list[str] = []

    def run(act: Callable[[], Enrolment]) -> None:
        try:
            barrier.wait(timeout=30)
            answers.append(act().state)
        except NotAllowed as refusal:
            answers.append(refusal.findings[0].requirement)
        except Exception as error:
            answers.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(answers)


def reserving(cohort: Cohort, person: Person) -> Callable[[], Enrolment]:
    return lambda: seats.reserve(cohort=cohort, person=person, by=person.user, now=NOW)


def test_the_last_seat_is_taken_once(shared_database):
    for number in range(ROUNDS):
        people = [PersonFactory(with_user=True) for _number in range(RACERS)]
        cohort = CohortFactory(name=f"Round {number}", capacity=1)
        answers = together(*(reserving(cohort, person) for person in people))
        assert answers == ["cohort_full"] * (RACERS - 1) + ["seated"]
        cohort.refresh_from_db()
        assert (cohort.seats_taken, Enrolment.objects.filter(cohort=cohort).count()) == (1, 1)
    assert OutgoingMessage.objects.filter(kind="seat_confirmed").count() == ROUNDS


def test_one_person_pressing_twice_takes_one_seat(shared_database):
    person, cohort = PersonFactory(with_user=True), CohortFactory(capacity=5)
    answers = together(*[reserving(cohort, person)] * 4)
    assert answers == ["already_seated"] * 3 + ["seated"]
    cohort.refresh_from_db()
    assert (cohort.seats_taken, Enrolment.objects.filter(cohort=cohort).count()) == (1, 1)


def test_one_person_reaching_for_two_cohorts_takes_one(shared_database):
    person, first = PersonFactory(with_user=True), CohortFactory(capacity=5)
    second = CohortFactory(capacity=5, association=first.association)
    assert together(reserving(first, person), reserving(second, person)) == ["seat_elsewhere", "seated"]
    assert sum(Cohort.objects.values_list("seats_taken", flat=True)) == 1


def test_two_moves_in_opposite_directions_both_end(shared_database):
    """Locks are always taken in one order, so neither waits for the other forever."""
    one = CohortFactory(capacity=5)
    other = CohortFactory(capacity=5, association=one.association)
    for _round in range(ROUNDS):
        here, there = (reserving(cohort, PersonFactory(with_user=True))() for cohort in (one, other))
        moves = [
            lambda: seats.move(enrolment=here, to=other, by=here.person.user, reason="swap", now=NOW),  # noqa: B023
            lambda: seats.move(enrolment=there, to=one, by=there.person.user, reason="swap", now=NOW),  # noqa: B023
        ]
        assert together(*moves) == ["seated", "seated"]
        seats.leave(enrolment=Enrolment.objects.get(person=here.person, state="seated"), by=here.person.user, now=NOW)
        seats.leave(enrolment=Enrolment.objects.get(person=there.person, state="seated"), by=there.person.user, now=NOW)
    assert list(Cohort.objects.values_list("seats_taken", flat=True)) == [0, 0]


def test_a_double_press_on_leaving_frees_one_seat(shared_database):
    cohort, stays, goes = CohortFactory(capacity=5), PersonFactory(with_user=True), PersonFactory(with_user=True)
    reserving(cohort, stays)()
    seat = reserving(cohort, goes)()
    leaving = [lambda: seats.leave(enrolment=seat, by=goes.user, now=NOW)] * 4
    assert together(*leaving) == ["left"] + ["not_seated"] * 3
    cohort.refresh_from_db()
    assert cohort.seats_taken == 1
