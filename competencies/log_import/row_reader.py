"""Pure: one row read cell by cell. All its faults are collected, not only the first."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from competencies.log_import import values
from competencies.log_import.columns import Columns, unit_of
from competencies.log_import.fields import LogField
from competencies.log_import.values import Unread
from endorsement_portal.sheets.table import Cell, CellKind, Row, Table, letter

LINE_MAX = 200
"""Characters of a title or a name."""

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Fault:
    """One cell, or one whole row, that cannot be taken."""

    row: int
    column: str
    """Its letter; empty when a value is missing that has no column."""
    heading: str
    value: str
    message: str


class RowReader:
    """What every kind of row needs: cells by field, days, lengths, lines of text, faults with their place."""

    def __init__(
        self, fields: Sequence[LogField], table: Table, columns: Columns, row: Row, today: datetime.date
    ) -> None:
        self.labels = {known.name: known.label for known in fields}
        self.table = table
        self.columns = columns
        self.row = row
        self.today = today
        self.faults: list[Fault] = list(self._beyond_the_headings())

    def cell(self, name: str) -> Cell | None:
        """The cell of a field that has a column and is not empty."""
        place = self.columns.places.get(name)
        cell = self.row.cell(place) if place is not None else None
        return None if cell is None or cell.empty else cell

    def needed(self, name: str, reader: Callable[[Cell], Read]) -> Read | None:
        if self.cell(name) is None:
            self.fault(name, _("This is missing."))
            return None
        return self.optional(name, reader, None)

    def optional(self, name: str, reader: Callable[[Cell], Read], otherwise: Any) -> Any:
        cell = self.cell(name)
        if cell is None:
            return otherwise
        try:
            return reader(cell)
        except Unread as unread:
            self.fault(name, str(unread))
            return otherwise

    def for_all(self, name: str, reader: Callable[[Cell], Any]) -> str | None:
        """A word of the cell; where there is no column, the word said once for every row."""
        if name not in self.columns.places and name in self.columns.for_all:
            return self.columns.for_all[name]
        found = self.needed(name, reader)
        return None if found is None else str(found.value)

    def line(self, cell: Cell) -> str:
        return values.text(cell, longest=LINE_MAX)

    def day(self, cell: Cell) -> datetime.date:
        return values.day(cell, order=self.columns.order, today=self.today)

    def length(self, name: str, cell: Cell, longest: int) -> int:
        return values.length(cell, unit=unit_of(name, self.table, self.columns), longest=longest)

    def fault(self, name: str, message: str) -> None:
        place = self.columns.places.get(name)
        cell = self.row.cell(place) if place is not None else None
        heading = self.table.headings[place] if place is not None else ""
        self.faults.append(
            Fault(
                row=self.row.number,
                column=letter(place) if place is not None else "",
                heading=values.shown(heading or str(self.labels[name])),
                value=_shown(cell) if cell is not None else "",
                message=message,
            )
        )

    def _beyond_the_headings(self) -> Iterator[Fault]:
        """A filled cell to the right of the last heading: a separator inside a text, most often."""
        for place in range(len(self.table.headings), len(self.row.cells)):
            cell = self.row.cell(place)
            if not cell.empty:
                message = _("This cell has no heading. A text that holds a separator needs quotation marks around it.")
                yield Fault(self.row.number, letter(place), "", _shown(cell), message)
                return


def _shown(cell: Cell) -> str:
    """What stands in a cell. Of a formula only that it is one."""
    return "=…" if cell.kind is CellKind.FORMULA else values.shown(cell.text)
