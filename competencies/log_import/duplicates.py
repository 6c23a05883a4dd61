"""Pure: rows that are there already, in the portfolio or earlier in the same file. They are shown and left out.

A training is the same when date, title and minutes are; an RSC session when date, provider and minutes are.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeAlias

from competencies.log_import.rows import AnyRow, TrainingRow

Identity: TypeAlias = tuple[datetime.date, str, int]


@dataclass(frozen=True, slots=True)
class Duplicate:
    row: AnyRow
    same_as: int | None
    """The row of the file that it repeats; None: it stands in the portfolio."""


@dataclass(frozen=True, slots=True)
class Sorted:
    new: tuple[AnyRow, ...]
    duplicates: tuple[Duplicate, ...]


def identity(on: datetime.date, what: str, minutes: int) -> Identity:
    """`what` is a title, or a provider's address (empty for a meeting of peers). Case and spaces tell nothing apart."""
    return on, " ".join(what.split()).casefold(), minutes


def identity_of(row: AnyRow) -> Identity:
    if isinstance(row, TrainingRow):
        return identity(row.on, row.title, row.minutes)
    return identity(row.on, row.provider.email if row.provider else "", row.minutes)


def sort_out(rows: Iterable[AnyRow], present: AbstractSet[Identity]) -> Sorted:
    """Of equal rows in the file the first is new, if the portfolio has none like it."""
    first: dict[Identity, int] = {}
    new: list[AnyRow] = []
    duplicates: list[Duplicate] = []
    for row in rows:
        same = identity_of(row)
        if same in present:
            duplicates.append(Duplicate(row, None))
        elif same in first:
            duplicates.append(Duplicate(row, first[same]))
        else:
            first[same] = row.number
            new.append(row)
    return Sorted(tuple(new), tuple(duplicates))
