"""Pure: a table as it was read, each cell as text with what it was in the file.

Rows carry the number that a spreadsheet shows beside them; columns are counted from 0 and named by letters.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

FILE_BYTES_MAX = 5 * 1024 * 1024
UNPACKED_BYTES_MAX = 80 * 1024 * 1024
"""All parts of a workbook together, as its own directory states them: checked before anything is unpacked."""
PARTS_MAX = 1000
ROWS_MAX = 10_000
COLUMNS_MAX = 60
CELL_CHARACTERS_MAX = 2000


class CellKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    """Written with a point: 1.5."""
    DATE = "date"
    """A date cell: 2025-03-04."""
    SPAN = "span"
    """A cell formatted as hours and minutes: 1:30."""
    CLOCK = "clock"
    """A time of day with AM or PM, which is no length."""
    YES_NO = "yes_no"
    """TRUE or FALSE."""
    FORMULA = "formula"
    """Its text is empty: neither the formula nor its last result is read."""
    ERROR = "error"
    """#REF! and its like."""


@dataclass(frozen=True, slots=True)
class Cell:
    kind: CellKind
    text: str

    @property
    def empty(self) -> bool:
        return self.kind is not CellKind.FORMULA and not self.text.strip()


EMPTY = Cell(CellKind.TEXT, "")


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    cells: tuple[Cell, ...]

    def cell(self, column: int) -> Cell:
        """The cell of a column; rows may be shorter than the headings."""
        return self.cells[column] if column < len(self.cells) else EMPTY


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and the rows under them that hold anything.

    `encoding` and `separator` are those of a CSV file; `sheet` is the name of the workbook's sheet that was read and
    `other_sheets` names those that hold something and were not.
    """

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    heading_row: int = 1
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()

    def column(self, index: int) -> tuple[Cell, ...]:
        return tuple(row.cell(index) for row in self.rows)


def letter(column: int) -> str:
    """The name of a column as a spreadsheet shows it: 0 is A, 26 is AA."""
    name = ""
    rest = column + 1
    while rest:
        rest, place = divmod(rest - 1, 26)
        name = chr(ord("A") + place) + name
    return name


def to_json(table: Table) -> bytes:
    """The stored form of a table: text cells as text, all others as [kind, text]."""
    data = {
        "headings": table.headings,
        "rows": [[row.number, [_packed(cell) for cell in row.cells]] for row in table.rows],
        "heading_row": table.heading_row,
        "encoding": table.encoding,
        "separator": table.separator,
        "sheet": table.sheet,
        "other_sheets": table.other_sheets,
    }
    return json.dumps(data, separators=(",", ":")).encode("ascii")


def from_json(content: bytes) -> Table:
    data: dict[str, Any] = json.loads(content)
    return Table(
        headings=tuple(data["headings"]),
        rows=tuple(Row(number, tuple(_unpacked(cell) for cell in cells)) for number, cells in data["rows"]),
        heading_row=data["heading_row"],
        encoding=data["encoding"],
        separator=data["separator"],
        sheet=data["sheet"],
        other_sheets=tuple(data["other_sheets"]),
    )


def _packed(cell: Cell) -> str | list[str]:
    return cell.text if cell.kind is CellKind.TEXT else [cell.kind.value, cell.text]


def _unpacked(packed: str | list[str]) -> Cell:
    return Cell(CellKind.TEXT, packed) if isinstance(packed, str) else Cell(CellKind(packed[0]), packed[1])
