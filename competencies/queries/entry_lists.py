"""The page of a list of entries: whatever the size of the log, it reads the rows that it shows and no more."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db.models import prefetch_related_objects

from competencies.enums import EntryKind, SessionState
from competencies.models import Supervision
from competencies.models.portfolio import AnyEntry
from competencies.queries.portfolio import DATED_BY, MODELS, Entries, Filters, answers, listed
from endorsement_portal.prepared import Prepared, PreparedTuples, Slices
from members.models import User

ANSWERED = frozenset({SessionState.CORRECTED, SessionState.DECLINED})
"""States whose rows say what the provider wrote."""


def rows_of(user: User, kind: EntryKind, filters: Filters) -> Entries | Slices[Any]:
    """The rows of `listed` for a paginator that knows their number, or asks for it where the filters narrow them."""
    return listed(user, kind, filters) if filters.narrowing else _all_rows(kind, filters.withdrawn).lazily(user.pk)


def read_answers(rows: Iterable[AnyEntry]) -> None:
    """What providers wrote, for the sessions that say it. One query, or none."""
    answered = [row for row in rows if isinstance(row, Supervision) and row.state in ANSWERED]
    prefetch_related_objects(answered, answers())


def years(user: User, kind: EntryKind) -> tuple[int, ...]:
    """Years that have entries, newest first, for the filter."""
    return tuple(sorted((int(year) for (year,) in _years(kind)(user.pk) if year is not None), reverse=True))


@cache
def _all_rows(kind: EntryKind, withdrawn: bool) -> Prepared[Any]:
    return Prepared(lambda user: listed(User(pk=user), kind, Filters(withdrawn=withdrawn)))


@cache
def _years(kind: EntryKind) -> PreparedTuples:
    def known(user: int) -> Any:
        entries = MODELS[kind].objects.visible_to(User(pk=user)).current().order_by()
        return entries.values_list(f"{DATED_BY[kind]}__year").distinct()

    return PreparedTuples(known)
