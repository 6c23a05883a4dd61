"""Nudging the workers by name, and full addresses."""

import logging
from uuid import UUID

import pytest
from celery import current_app, shared_task
from celery.exceptions import NotRegistered
from django.db import transaction
from django.test.utils import override_script_prefix
from django.urls import reverse
from kombu.exceptions import OperationalError

from competencies.enums import EntryKind
from endorsement_portal.web import jobs
from endorsement_portal.web.addresses import absolute, row_address

pytestmark = pytest.mark.django_db

RUN: list[tuple] = []


@shared_task(name="tests.ground.note")
def note(*args) -> None:
    RUN.append(args)


@pytest.fixture(autouse=True)
def _nothing_run():
    RUN.clear()


@pytest.fixture
def with_broker():
    current_app.conf.task_always_eager = False
    yield
    current_app.conf.task_always_eager = True


@pytest.fixture
def sent(with_broker, monkeypatch) -> list[tuple]:
    """What goes to the broker."""
    jobs_sent: list[tuple] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args: jobs_sent.append((name, args)))
    return jobs_sent


def test_a_job_runs_after_the_commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue("tests.ground.note", "x", 1)
        assert RUN == []
    assert RUN == [("x", 1)]


def test_the_same_job_asked_twice_in_one_transaction_is_sent_once(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue("tests.ground.note", 1)
        with transaction.atomic():
            jobs.enqueue("tests.ground.note", 1)
        jobs.enqueue("tests.ground.note", 2)
    assert sent == [("tests.ground.note", (1,)), ("tests.ground.note", (2,))]


def test_a_job_of_a_savepoint_that_is_rolled_back_does_not_swallow_a_later_one(
    sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        try:
            with transaction.atomic():
                jobs.enqueue("tests.ground.note", 1)
                raise ValueError
        except ValueError:
            pass
        jobs.enqueue("tests.ground.note", 1)
    assert sent == [("tests.ground.note", (1,))]


def test_a_misspelled_task_is_loud_where_tasks_run_at_once(django_capture_on_commit_callbacks):
    with pytest.raises(NotRegistered), django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue("tests.ground.nope")


def test_with_a_broker_the_job_is_sent_by_name(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue("tests.ground.note", 7)
    assert (sent, RUN) == ([("tests.ground.note", (7,))], [])


def test_a_broker_that_is_away_is_logged_and_never_raised(
    with_broker, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def away(name, args):
        raise OperationalError("no broker")

    monkeypatch.setattr(current_app, "send_task", away)
    with caplog.at_level(logging.ERROR), django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue("tests.ground.note")
    assert caplog.messages == ["Could not enqueue tests.ground.note; the sweep will find its work"]


def test_addresses_are_full(settings):
    settings.PUBLIC_ADDRESS = "https://endorsement.example.org/"
    assert absolute("outbox:inbox") == "https://endorsement.example.org/messages/"
    assert absolute("outbox:read", "11111111-1111-4111-8111-111111111111") == (
        "https://endorsement.example.org/messages/11111111-1111-4111-8111-111111111111/"
    )


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("competency", ["ifs", "TF.pregnancy"]),
        ("competency", ["ers-imh", "SYS.resources"]),
        ("competency", ["ifs", "a word"]),
        ("portfolio:edit", [EntryKind.TRAINING, UUID("11111111-1111-4111-8111-111111111111")]),
        ("portfolio:row", ["supervision", UUID(int=3)]),
        ("portfolio:attend", [UUID(int=0)]),
    ],
)
def test_addresses_of_rows_are_those_of_reverse(name, args):
    for _twice in range(2):
        assert row_address(name, *args) == reverse(name, args=args)
    with override_script_prefix("/under/"):
        assert row_address(name, *args) == reverse(name, args=args)
