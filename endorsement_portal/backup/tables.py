"""Rows as lines of JSON and back, the same bytes on both engines."""

from __future__ import annotations

import base64
import datetime
import decimal
import json
import uuid
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Field, JSONField, Model, QuerySet

from endorsement_portal.backup.manifest import BackupFault, in_order

LEFT_OUT = frozenset({"sessions.Session", "usersessions.UserSession"})
"""Signing in again makes these anew."""
FILLED_BY_MIGRATING = frozenset({"contenttypes.ContentType", "auth.Permission", "applications.LegalText"})
"""Rows that stand in a site before anybody was there. A restore puts the backup's in their place."""
BATCH = 500


def kept() -> tuple[type[Model], ...]:
    """The tables of a backup: what a row points to comes before it."""
    models = {model._meta.db_table: model for model in _all() if model._meta.label not in LEFT_OUT}
    references = {
        name: frozenset(
            field.related_model._meta.db_table
            for field in columns(model)
            if field.is_relation and isinstance(field.related_model, type)
        )
        for name, model in models.items()
    }
    return tuple(models[name] for name in in_order(references))


def left_out() -> tuple[str, ...]:
    return tuple(sorted(model._meta.db_table for model in _all() if model._meta.label in LEFT_OUT))


def _all() -> list[type[Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped
    ]


def columns(model: type[Model]) -> list[Field[Any, Any]]:
    """All but those that the database computes."""
    return [field for field in model._meta.concrete_fields if not field.generated]


def migrations() -> tuple[tuple[str, str], ...]:
    """Those applied. Raises BackupFault while some are not."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise BackupFault("The database is not migrated: run migrate first")
    return tuple(sorted(executor.loader.applied_migrations))


def lines(model: type[Model]) -> Iterator[bytes]:
    """The rows as they lie in the database, by primary key."""
    names = [field.attname for field in columns(model)]
    rows: QuerySet[Model, tuple[Any, ...]] = QuerySet(model).order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=2000):
        values = dict(zip(names, row, strict=True))
        yield json.dumps(values, ensure_ascii=False, sort_keys=True, default=_plain).encode() + b"\n"


def _plain(value: Any) -> str:
    match value:
        case datetime.datetime():
            return value.astimezone(datetime.UTC).isoformat(timespec="microseconds")
        case datetime.date() | datetime.time():
            return value.isoformat()
        case decimal.Decimal() | uuid.UUID():
            return str(value)
        case bytes() | memoryview():
            return base64.b64encode(value).decode()
        case _:
            raise BackupFault(f"No words for a value of the type {type(value).__name__}")


def insert(model: type[Model], rows: Iterable[bytes]) -> None:
    """As they were: no save(), no signal, no automatic date. Run it inside a transaction."""
    fields = columns(model)
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - names of our own models, quoted
    prepared = (_prepared(fields, row) for row in rows)
    with connection.cursor() as cursor:
        while batch := list(islice(prepared, BATCH)):
            cursor.executemany(statement, batch)


def _prepared(fields: list[Field[Any, Any]], row: bytes) -> list[Any]:
    values = json.loads(row)
    if not isinstance(values, dict) or values.keys() != {field.attname for field in fields}:
        raise BackupFault("A row has other columns than this site's tables")
    return [
        field.get_db_prep_save(
            values[field.attname] if isinstance(field, JSONField) else field.to_python(values[field.attname]),
            connection=connection,
        )
        for field in fields
    ]


def empty(model: type[Model]) -> None:
    """Take away what migrating put there."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 - as above


def refuse_filled_site() -> None:
    """Raises BackupFault when somebody has been here: any row that migrating did not make."""
    for model in kept():
        if model._meta.label not in FILLED_BY_MIGRATING and QuerySet(model).exists():
            raise BackupFault(f"This site is not empty: {model._meta.db_table} has rows. Restore into a new database")
