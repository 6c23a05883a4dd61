"""The dry run as its page shows it: one list at a time, and only the lines of the page as entries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from competencies.enums import EntryKind
from competencies.log_import.duplicates import Duplicate
from competencies.log_import.row_reader import Fault
from competencies.log_import.rows import AnyRow, SessionRow
from competencies.models import LogImport
from competencies.models.portfolio import AnyEntry
from competencies.queries.log_imports import DryRun
from competencies.queries.portfolio import MODELS
from endorsement_portal.sheets.table import Table, letter

FAULTS, NEW, LEFT_OUT = "faults", "new", "left-out"
FIRST_ROWS = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file as the entry that it becomes. `entry` is not stored."""

    number: int
    entry: AnyEntry
    provider: str = ""
    same_as: int | None = None


def tab(found: DryRun, wanted: str) -> str:
    """The list asked for; else the one that needs the person most."""
    filled = {FAULTS: found.faults, NEW: found.new, LEFT_OUT: found.duplicates}
    if filled.get(wanted):
        return wanted
    return next((name for name, lines in filled.items() if lines), NEW)


def lines_of(found: DryRun, show: str) -> Sequence[Any]:
    return {FAULTS: found.faults, NEW: found.new, LEFT_OUT: found.duplicates}[show]


def shown(log_import: LogImport, lines: Iterable[Fault | AnyRow | Duplicate], show: str) -> list[Any]:
    """The lines of one page: faults as they are, rows as entries."""
    if show == FAULTS:
        return list(lines)
    return [_line(log_import, line) for line in lines]


def _line(log_import: LogImport, line: Any) -> Line:
    row, same_as = (line.row, line.same_as) if isinstance(line, Duplicate) else (line, None)
    entry = MODELS[EntryKind(log_import.kind)](person=log_import.person, **row.values())
    provider = row.provider if isinstance(row, SessionRow) else None
    return Line(row.number, entry, (provider.name or provider.email) if provider else "", same_as)


def first_rows(table: Table) -> dict[str, Any]:
    """The beginning of the file beside the choice of columns."""
    width = range(len(table.headings))
    return {
        "heads": [(letter(place), table.headings[place]) for place in width],
        "first_rows": [(row.number, [row.cell(place) for place in width]) for row in table.rows[:FIRST_ROWS]],
    }
