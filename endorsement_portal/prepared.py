"""Queries that are written once per engine; afterwards only their values change.

A page joins a dozen small tables. Django needs more time to write such a statement than the database to answer it, and
the statement is the same for everybody. `write` takes a queryset made with stand-ins for its values and remembers
where among its parameters they went; `Prepared` gives rows of the model, with their related rows, as it would.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeAlias, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

Value: TypeAlias = int | str | UUID | datetime.date | datetime.datetime
"""What may change from one call to the next: a key, a name in an address, a public identity, a day, an instant."""

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Statement:
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]
    places: tuple[int | None, ...]
    """For each parameter the value that belongs there; None: the parameter is always the same."""

    def filled(self, values: Sequence[Value]) -> tuple[Any, ...]:
        adapted = [_adapted(value) for value in values]
        return tuple(
            param if place is None else adapted[place] for param, place in zip(self.params, self.places, strict=True)
        )


def stand_ins(values: Sequence[Value]) -> list[Value]:
    """Of the same types as the values, and occurring nowhere else, so that they are found among the parameters."""
    return [_stand_in(value, place) for place, value in enumerate(values)]


def write(queryset: QuerySet[Any], stands: Sequence[Value]) -> Statement:
    """The queryset's statement. Raises ValueError when one of its values has left no trace in it."""
    compiler = queryset.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    where = {_adapted(stand): place for place, stand in enumerate(stands)}
    places = tuple(where.get(param) if isinstance(param, Value) else None for param in params)
    lost = set(range(len(stands))) - set(places)
    if lost:
        raise ValueError(f"The query does not use its values {sorted(lost)}")
    return Statement(compiler, sql, tuple(params), places)


def _stand_in(value: Value, place: int) -> Value:
    if isinstance(value, datetime.datetime):
        return datetime.datetime(1, 1, 2 + place, tzinfo=datetime.UTC)
    if isinstance(value, datetime.date):
        return datetime.date(1, 1, 2 + place)
    if isinstance(value, UUID):
        return UUID(int=place + 1)
    return f"stand-in {place}" if isinstance(value, str) else 1_900_000_001 + place


def _adapted(value: Value) -> Any:
    if isinstance(value, datetime.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, datetime.date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


class _Written:
    """A statement for each engine, written when it is first asked for."""

    def __init__(self, rows: Callable[..., QuerySet[Any, Any]]) -> None:
        self._rows = rows
        self._statements: dict[str, Statement] = {}

    def statement(self, values: Sequence[Value]) -> Statement:
        found = self._statements.get(connection.vendor)
        if found is None:
            stands = stand_ins(values)
            found = self._statements[connection.vendor] = write(self._rows(*stands), stands)
        return found


class Prepared(_Written, Generic[Row]):
    """`rows` says what to ask, given values; calling the prepared query with values answers a fresh list."""

    def __init__(self, rows: Callable[..., QuerySet[Row]]) -> None:
        super().__init__(rows)

    def __call__(self, *values: Value) -> list[Row]:
        return _read(self.statement(values), values)

    def lazily(self, *values: Value) -> Slices[Row]:
        """For a paginator: nothing is asked until a slice is taken."""
        return Slices(self.statement(values), values)


class Slices(Generic[Row]):
    """The rows of a prepared query, any part of them for one query."""

    ordered = True

    def __init__(self, statement: Statement, values: Sequence[Value]) -> None:
        self._statement, self._values = statement, values

    def __getitem__(self, part: slice) -> list[Row]:
        limited = replace(
            self._statement,
            sql=f"{self._statement.sql} LIMIT %s OFFSET %s",
            params=(*self._statement.params, part.stop - part.start, part.start),
            places=(*self._statement.places, None, None),
        )
        return _read(limited, self._values)


def _read(statement: Statement, values: Sequence[Value]) -> list[Any]:
    return list(ModelIterable(_Asked(statement, values)))  # type: ignore[arg-type]


class PreparedTuples(_Written):
    """The same for a `values_list`: plain tuples, as the database gives them."""

    def __call__(self, *values: Value) -> list[tuple[Any, ...]]:
        statement = self.statement(values)
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.filled(values))
            return cursor.fetchall()


class _Asked:
    """The little of a queryset and of its query that Django's own reading of rows asks for."""

    _hints: dict[str, Any] = {}
    _known_related_objects: dict[str, Any] = {}

    def __init__(self, statement: Statement, values: Sequence[Value]) -> None:
        self.query = self
        self.db = DEFAULT_DB_ALIAS
        self._compiler = copy.copy(statement.compiler)
        self._compiler.connection = connections[self.db]
        asked = (statement.sql, statement.filled(values))
        vars(self._compiler)["as_sql"] = lambda *_, **__: asked  # what `write` wrote, with this call's values

    def get_compiler(self, using: str) -> SQLCompiler:
        return self._compiler
