"""Pure: rows of cells become a table: where the headings stand, which rows hold something, the limits."""

from __future__ import annotations

from collections.abc import Iterable

from endorsement_portal.files.limits import Unfit
from endorsement_portal.sheets.table import CELL_CHARACTERS_MAX, COLUMNS_MAX, ROWS_MAX, Cell, Row, Table, letter

HEADINGS_MIN = 2
"""A line above the headings, such as a title, has a single cell."""


def assemble(rows: Iterable[tuple[int, tuple[Cell, ...]]]) -> Table:
    """The first row with at least two cells holds the headings (else the first that holds anything).

    Raises Unfit with the code of the limit that was passed, or "no_rows" when nothing stands below the headings.
    """
    kept: list[Row] = []
    found_headings = False
    for number, cells in rows:
        row = _fitted(number, cells)
        if row is None:
            continue
        if not found_headings and len(kept) and _width(row) >= HEADINGS_MIN > _width(kept[0]):
            kept.clear()
        found_headings = found_headings or _width(row) >= HEADINGS_MIN
        kept.append(row)
        if len(kept) > ROWS_MAX + 1:
            raise Unfit("too_many_rows", limit=ROWS_MAX)
    if len(kept) < 2:
        raise Unfit("no_rows")
    headings = kept[0]
    return Table(
        headings=tuple(" ".join(cell.text.split()) for cell in headings.cells),
        rows=tuple(kept[1:]),
        heading_row=headings.number,
    )


def _width(row: Row) -> int:
    return sum(not cell.empty for cell in row.cells)


def _fitted(number: int, cells: tuple[Cell, ...]) -> Row | None:
    """The row up to its last cell that holds anything; None for a blank one."""
    last = max((place for place, cell in enumerate(cells) if not cell.empty), default=-1)
    if last < 0:
        return None
    if last >= COLUMNS_MAX:
        raise Unfit("too_many_columns", limit=COLUMNS_MAX, row=number)
    for place, cell in enumerate(cells[: last + 1]):
        if len(cell.text) > CELL_CHARACTERS_MAX:
            raise Unfit("cell_too_long", row=number, column=letter(place), limit=CELL_CHARACTERS_MAX)
    return Row(number, tuple(cells[: last + 1]))
