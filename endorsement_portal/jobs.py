"""Row first, job second: a row that says what is to be done, taken by lease and finished once.

A worker that is killed leaves an expired lease; the sweep takes the row again. After the last attempt it is dead, and
staff see it. The work itself is made so that doing it twice does no harm.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

ATTEMPTS_MAX = 5
LEASE = datetime.timedelta(minutes=15)
"""Longer than a task may run at all (CELERY_TASK_TIME_LIMIT)."""
PAUSE = datetime.timedelta(seconds=30)
"""After the first failure; doubled with each further one."""


class JobState(models.TextChoices):
    """Where work stands that is done behind the page."""

    WAITING = "waiting", _("Waiting")
    WORKING = "working", _("Being worked on")
    DONE = "done", _("Done")
    DEAD = "dead", _("Given up")


class JobRow(models.Model):
    job_state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    lease_token = models.CharField(max_length=36, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=JobRow)


class LeaseLost(Exception):
    """Somebody else works on this row now: what this worker has written is undone."""


def due(rows: models.QuerySet[Row], now: datetime.datetime) -> models.QuerySet[Row]:
    """Rows that wait, and those whose worker has vanished."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    return rows.filter(free, job_state__in=(JobState.WAITING, JobState.WORKING))


def work(
    rows: models.QuerySet[Row], pk: Any, do: Callable[[Row], None], *, now: datetime.datetime | None = None
) -> bool:
    """Take one row and do its work, if it waits. `do` ends with `finish`. Whatever goes wrong stands on the row."""
    now = now or timezone.now()
    row = _take(rows, pk, now)
    if row is None:
        return False
    try:
        do(row)
    except LeaseLost:
        return False
    except Exception as error:  # any fault of one row stays its own
        logger.exception("%s %s failed", row._meta.label, row.pk)
        _failed(row, error, now)
    return True


def _take(rows: models.QuerySet[Row], pk: Any, now: datetime.datetime) -> Row | None:
    token = str(uuid.uuid4())
    waiting = due(rows, now).filter(pk=pk)
    taken = waiting.filter(attempts__lt=ATTEMPTS_MAX).update(
        job_state=JobState.WORKING, lease_token=token, lease_until=now + LEASE, attempts=F("attempts") + 1
    )
    if taken:
        return rows.get(pk=pk)
    waiting.update(job_state=JobState.DEAD, error="The worker vanished", lease_token="", lease_until=None)
    return None


def mine(row: Row) -> models.QuerySet[Row]:
    """The row, as long as this worker holds it."""
    manager = type(row)._meta.default_manager
    assert manager is not None
    return manager.filter(pk=row.pk, job_state=JobState.WORKING, lease_token=row.lease_token)


def finish(row: JobRow, **values: Any) -> None:
    """Done, in the transaction of the work itself. Raises LeaseLost when another worker holds the row."""
    ended = {"job_state": JobState.DONE, "lease_token": "", "lease_until": None, "error": ""}
    if not mine(row).update(**ended, **values):
        raise LeaseLost
    row.refresh_from_db()


def _failed(row: JobRow, error: Exception, now: datetime.datetime) -> None:
    last = row.attempts >= ATTEMPTS_MAX
    with transaction.atomic():
        mine(row).update(
            job_state=JobState.DEAD if last else JobState.WAITING,
            error=f"{type(error).__name__}: {error}"[:500].replace("\x00", ""),
            lease_token="",
            lease_until=None if last else now + PAUSE * 2 ** (row.attempts - 1),
        )
