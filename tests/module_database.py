"""Rows that stand for a whole module of tests: one transaction around them, rolled back at its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def rolled_back_at_the_end(django_db_blocker: Any) -> Iterator[None]:
    """Each test works on a savepoint within. A test case of Django closes its connection when it ends, which on a
    server would end this transaction too: until then, closing waits."""
    with django_db_blocker.unblock():
        block = transaction.atomic()
        block._from_testcase = True  # mail is delivered in durable blocks, as in a test case of Django
        block.__enter__()
        connection.close = lambda: None
        try:
            yield
        finally:
            del connection.close
            transaction.set_rollback(True)
            block.__exit__(None, None, None)
