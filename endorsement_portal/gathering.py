"""Several small tables read in one round trip.

A page that shows one person's whole affair needs a few rows from many tables. A `Gathering` asks for all of them with
one UNION ALL of JSON objects; the readers below give the values their types back, the same on SQLite and PostgreSQL.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import CharField, F, QuerySet, TextField
from django.db.models import Value as Text
from django.db.models.functions import Cast, JSONObject

from endorsement_portal.prepared import Statement, Value, stand_ins, write

Row = dict[str, Any]
Sources = Mapping[str, tuple[QuerySet[Any], tuple[str, ...]]]
UUID_DIGITS = 32


class Gathering:
    """name -> rows as dictionaries of the fields asked for. Order is that of the primary key within each name.

    `sources` says what to ask, given values. The statement is written once (see `prepared`).
    """

    def __init__(self, sources: Callable[..., Sources]) -> None:
        self._sources = sources
        self._written: dict[str, tuple[tuple[str, ...], Statement]] = {}

    def __call__(self, *values: Value) -> dict[str, list[Row]]:
        names, statement = self._written.get(connection.vendor) or self._write(values)
        rows: dict[str, list[Row]] = {name: [] for name in names}
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.filled(values))
            for name, _pk, data in sorted(cursor.fetchall()):
                rows[name].append(json.loads(data))
        return rows

    def _write(self, values: Sequence[Value]) -> tuple[tuple[str, ...], Statement]:
        stands = stand_ins(values)
        asked = self._sources(*stands)
        first, *others = (_as_json(name, queryset, fields) for name, (queryset, fields) in asked.items())
        together = first.union(*others, all=True) if others else first
        self._written[connection.vendor] = written = tuple(asked), write(together, stands)
        return written


def _as_json(name: str, queryset: QuerySet[Any], fields: tuple[str, ...]) -> QuerySet[Any, tuple[Any, ...]]:
    return (
        queryset.order_by()
        .annotate(
            gathered_as=Text(name, output_field=CharField()),
            gathered_pk=F("pk"),
            gathered=Cast(
                JSONObject(**{field.replace("__", "_"): field for field in fields}), output_field=TextField()
            ),
        )
        .values_list("gathered_as", "gathered_pk", "gathered")
    )


def day(value: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(value[:10]) if value else None


def instant(value: str | None) -> datetime.datetime | None:
    """Aware, in UTC. SQLite writes instants without their zone."""
    if not value:
        return None
    read = datetime.datetime.fromisoformat(value)
    return read.replace(tzinfo=datetime.UTC) if read.tzinfo is None else read.astimezone(datetime.UTC)


def flag(value: bool | int | None) -> bool | None:
    """SQLite writes booleans as 0 and 1."""
    return None if value is None else bool(value)


def nested(value: Any) -> Any:
    """A JSON column inside the object: SQLite gives its text."""
    return json.loads(value) if isinstance(value, str) else value


def identity(value: str) -> UUID:
    return UUID(value)


def identity_text(value: str) -> str:
    """The same as text with its dashes: SQLite keeps the 32 digits alone."""
    if len(value) == UUID_DIGITS:
        return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"
    return value
