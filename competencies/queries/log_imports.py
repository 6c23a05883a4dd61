"""Imported logs as pages and the importer read them: the dry run, what changed since, what waits."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from competencies.enums import DayOrder, EntryKind, ImportState, NumberUnit, SessionState
from competencies.log_import.columns import Columns, from_data, guess, missing
from competencies.log_import.duplicates import Duplicate, Identity, identity, sort_out
from competencies.log_import.fields import FIELDS
from competencies.log_import.row_reader import Fault
from competencies.log_import.rows import AnyRow, Known, read
from competencies.models import Competency, Evidence, LogImport, RememberedColumns, Supervision, Training
from competencies.queries.portfolio import MODELS, OWNER_FIELD
from competencies.queries.providers import used_by
from endorsement_portal.sheets.intake import table_of
from endorsement_portal.sheets.table import Table
from members import standing
from members.models import Person, User

UNDO_WITHIN = datetime.timedelta(hours=24)
KEPT_FOR = datetime.timedelta(hours=24)
"""How long a file waits for its person."""
WAITING = (ImportState.PENDING, ImportState.RUNNING)


@dataclass(frozen=True, slots=True)
class DryRun:
    """What an import would do. With any fault it does nothing at all."""

    new: tuple[AnyRow, ...]
    duplicates: tuple[Duplicate, ...]
    faults: tuple[Fault, ...]

    @property
    def faulty_rows(self) -> int:
        return len({fault.row for fault in self.faults})


def imports_of(user: User) -> "QuerySet[LogImport]":
    return LogImport.objects.visible_to(user).select_related("person", "file")


def table_for(log_import: LogImport) -> Table:
    assert log_import.file is not None
    return table_of(log_import.file)


def remembered(person: Person, kind: str) -> RememberedColumns | None:
    return RememberedColumns.objects.filter(person=person, kind=kind).first()


def first_columns(person: Person, kind: EntryKind, table: Table) -> tuple[Columns, bool]:
    """The columns to begin with, and whether a remembered choice answers every question of this file."""
    memory = remembered(person, kind)
    guessed = guess(FIELDS[kind], table, memory.headings if memory else None)
    if memory is None:
        return guessed, False
    columns = Columns(
        places=guessed.places,
        for_all={name: word for name, word in memory.for_all.items() if name not in guessed.places},
        unit=guessed.unit or (NumberUnit(memory.unit) if memory.unit else None),
        order=guessed.order or (DayOrder(memory.order) if memory.order else None),
    )
    return columns, set(memory.headings.values()) == set(columns.places) and not missing(FIELDS[kind], columns)


def columns_of(log_import: LogImport) -> Columns | None:
    return from_data(log_import.columns) if log_import.columns else None


def dry_run(log_import: LogImport, *, now: datetime.datetime | None = None) -> DryRun:
    """The whole file read as it would be imported, in four queries. Needs the columns to be said."""
    kind, columns = EntryKind(log_import.kind), columns_of(log_import)
    assert columns is not None
    reading = read(kind, table_for(log_import), columns, known_for(log_import.person, kind, now))
    found = sort_out(reading.rows, present(log_import.person, kind))
    return DryRun(found.new, found.duplicates, reading.faults)


def known_for(person: Person, kind: EntryKind, now: datetime.datetime | None = None) -> Known:
    providers: dict[str, list[str]] = defaultdict(list)
    if kind is EntryKind.SUPERVISION:
        for provider in used_by(person):
            providers[provider.name.casefold()].append(provider.email)
    names: dict[str, str] = {}
    for code, name in Competency.objects.values_list("code", "name"):
        names[code.casefold()] = code
        names.setdefault(name.casefold(), code)
    return Known(
        today=standing.today(now or timezone.now(), person.time_zone),
        own_email=person.email,
        providers={name: tuple(addresses) for name, addresses in providers.items()},
        competencies=names,
    )


def present(person: Person, kind: EntryKind) -> frozenset[Identity]:
    """What the portfolio holds already; withdrawn entries hold nothing back."""
    rows: QuerySet[Any, Any]
    if kind is EntryKind.TRAINING:
        rows = Training.objects.current().filter(person=person).values_list("on", "title", "minutes")
    else:
        rows = Supervision.objects.current().filter(person=person).values_list("on", "provider__email", "minutes")
    return frozenset(identity(on, what or "", minutes) for on, what, minutes in rows)


def entries_of_import(log_import: LogImport) -> "QuerySet[Any]":
    """What came with this import and is still there, also when it was changed or withdrawn since."""
    if not log_import.key_prefix:
        return MODELS[EntryKind(log_import.kind)].objects.none()
    return MODELS[EntryKind(log_import.kind)].objects.filter(
        person=log_import.person, key__startswith=f"{log_import.key_prefix}-"
    )


def untouched(log_import: LogImport) -> "QuerySet[Any]":
    """Entries of an import that nobody changed, gave a file, or asked a provider about since."""
    kind = EntryKind(log_import.kind)
    owner = OWNER_FIELD[kind]
    with_files = Evidence.objects.filter(person=log_import.person, **{f"{owner}__isnull": False}).values(owner)
    entries = entries_of_import(log_import).filter(version=1, withdrawn_at__isnull=True).exclude(pk__in=with_files)
    if kind is EntryKind.SUPERVISION:
        entries = entries.filter(state=SessionState.LOGGED, asked_at__isnull=True)
    return entries


def touched(log_import: LogImport) -> list[Any]:
    """The others, newest first: an undoing leaves them alone."""
    entries = entries_of_import(log_import).exclude(pk__in=untouched(log_import).values("pk"))
    if log_import.kind == EntryKind.SUPERVISION:
        entries = entries.select_related("provider")
    return list(entries.order_by("-on", "-pk"))


def undo_until(log_import: LogImport) -> datetime.datetime | None:
    return log_import.finished_at + UNDO_WITHIN if log_import.finished_at else None


def may_undo(log_import: LogImport, now: datetime.datetime) -> bool:
    until = undo_until(log_import)
    return log_import.state == ImportState.DONE and until is not None and now < until


def waiting(now: datetime.datetime) -> "QuerySet[LogImport]":
    """Imports to carry out: pending ones whose pause is over, and those whose worker vanished."""
    over = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    return LogImport.objects.filter(over, state__in=WAITING)


def stale(now: datetime.datetime) -> "QuerySet[LogImport]":
    """Files that nobody came back for within a day."""
    return LogImport.objects.filter(state=ImportState.READ, file__isnull=False, created_at__lte=now - KEPT_FOR)
