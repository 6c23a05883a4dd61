"""Letting tests empty the tables that nobody may empty.

A test with `transaction=True` ends by flushing every table: DELETE on SQLite, TRUNCATE on PostgreSQL. The audit's
triggers refuse both, and have no switch inside the database that an intruder could find. So the flush itself takes the
triggers away and puts them back. Importing this module (tests/conftest.py does) is enough.
"""

from django.db import connections
from django.test import TransactionTestCase

from endorsement_portal.audit import triggers

_flush = TransactionTestCase._fixture_teardown


def _flush_without_triggers(self: TransactionTestCase) -> None:
    aliases = list(self._databases_names(include_mirrors=False))
    for alias in aliases:
        triggers.remove(connections[alias])
    try:
        _flush(self)
    finally:
        for alias in aliases:
            triggers.install(connections[alias])


TransactionTestCase._fixture_teardown = _flush_without_triggers
