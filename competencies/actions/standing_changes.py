"""Noting what a correction of standings changes, so that everybody whose hours it touches can be told (N40)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from competencies.models import StandingChange, Supervision
from competencies.queries.standing_rows import standing_rows
from members.models import Association, Person


@contextmanager
def noted(person: Person, association: Association | None) -> Iterator[None]:
    """Compare the person's standings before and after what happens inside. Call it in the transaction of the act.

    Nothing is noted where nothing differs, or where nobody has logged a session with this person.
    """
    before = standing_rows(person)
    yield
    after = standing_rows(person)
    if before != after and Supervision.objects.current().filter(provider=person).exists():
        StandingChange.objects.create(person=person, association=association, before=before, after=after)
