"""Nudging the workers. A row is the truth, a job only a nudge: a lost one costs time, never work."""

import logging
from functools import partial
from typing import cast

from celery import Task, current_app
from django.db import connection, transaction

logger = logging.getLogger(__name__)


def enqueue(task_name: str, *args: str | int) -> None:
    """Ask for the task of this name once the current transaction commits; asked twice in one transaction, sent once.

    A broker that does not answer is logged and never raised: the request has already been committed, and a sweep
    takes whatever is still pending. Under CELERY_TASK_ALWAYS_EAGER the task runs at once; an unknown name raises.
    """
    if _eager() or not _already_asked(task_name, args):
        transaction.on_commit(partial(_send, task_name, args))


def _already_asked(task_name: str, args: tuple[str | int, ...]) -> bool:
    """True when an equal job waits under savepoints that all enclose us: whatever drops it would drop ours too.

    Not asked where tasks run at once: there a test's one long transaction holds the jobs of all its steps.
    """
    enclosing = set(connection.savepoint_ids)
    return any(
        isinstance(waiting[1], partial)
        and waiting[1].func is _send
        and waiting[1].args == (task_name, args)
        and waiting[0] <= enclosing
        for waiting in connection.run_on_commit
    )


def _eager() -> bool:
    return bool(current_app.conf.task_always_eager)


def _send(task_name: str, args: tuple[str | int, ...]) -> None:
    if _eager():
        _registered(task_name).apply(args=args)
        return
    try:
        current_app.send_task(task_name, args=args)
    except Exception:  # every broker has its own errors, and none may reach a request that is already committed
        logger.exception("Could not enqueue %s; the sweep will find its work", task_name)


def _registered(task_name: str) -> Task:
    current_app.loader.import_default_modules()
    return cast("Task", current_app.tasks[task_name])
