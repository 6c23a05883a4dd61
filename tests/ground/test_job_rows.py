"""Rows that are worked on behind the page: one worker at a time, again after a fault, dead after the last attempt."""

import datetime

import pytest

from competencies.models import StandingChange
from endorsement_portal import jobs
from tests.factories.members import PersonFactory

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 5, 12, 17, 0, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def row():
    return StandingChange.objects.create(person=PersonFactory())


def work(row, do, now=NOW):
    return jobs.work(StandingChange.objects.all(), row.pk, do, now=now)


def fails(_row):
    raise ValueError("no\x00 luck")


def test_a_row_is_done_once(row):
    done = []
    assert work(row, lambda taken: (done.append(taken.pk), jobs.finish(taken, told=3))) is True
    assert work(row, lambda taken: done.append(taken.pk)) is False
    row.refresh_from_db()
    assert (done, row.job_state, row.told, row.lease_token, row.lease_until) == ([row.pk], "done", 3, "", None)


def test_pauses_double_and_the_last_attempt_is_the_end(row):
    now, pauses = NOW, []
    for _attempt in range(jobs.ATTEMPTS_MAX):
        assert work(row, fails, now) is True
        row.refresh_from_db()
        if row.lease_until:
            pauses.append((row.lease_until - now).total_seconds())
            assert work(row, fails, row.lease_until - datetime.timedelta(seconds=1)) is False
            now = row.lease_until
    assert pauses == [30, 60, 120, 240]
    assert (row.job_state, row.error) == ("dead", "ValueError: no luck")
    assert work(row, fails, now + 60 * MINUTE) is False


def test_a_worker_that_vanished_is_followed_and_cannot_finish_any_more(row):
    taken = []
    work(row, taken.append)
    row.refresh_from_db()
    assert row.job_state == "working"
    assert work(row, lambda other: jobs.finish(other), NOW + jobs.LEASE) is True
    with pytest.raises(jobs.LeaseLost):
        jobs.finish(taken[0])
    assert work(row, lambda _row: None, NOW + 3 * jobs.LEASE) is False


def test_one_who_lost_the_lease_is_silent(row):
    def lost(_row):
        raise jobs.LeaseLost

    assert work(row, lost) is False


def test_workers_that_vanish_again_and_again_end_it(row):
    StandingChange.objects.update(attempts=jobs.ATTEMPTS_MAX, job_state="working", lease_until=NOW)
    assert work(row, lambda _row: None) is False
    row.refresh_from_db()
    assert (row.job_state, row.error) == ("dead", "The worker vanished")
