"""Tables for tests, as the reader of spreadsheets makes them."""

import datetime

from competencies.enums import EntryKind
from competencies.log_import.columns import Columns, guess
from competencies.log_import.fields import FIELDS
from competencies.log_import.rows import Known, Reading, read
from endorsement_portal.sheets.table import Cell, CellKind, Row, Table

TODAY = datetime.date(2026, 5, 12)
KNOWN = Known(
    today=TODAY,
    own_email="maren@example.org",
    providers={
        "tobias fernhollow": ("tobias@example.org",),
        "ada twin": ("ada.one@example.org", "ada.two@example.org"),
    },
    competencies={"tf.attachment_trauma": "TF.attachment_trauma", "attachment, trauma": "TF.attachment_trauma"},
)


def cell(value: str | Cell) -> Cell:
    return value if isinstance(value, Cell) else Cell(CellKind.TEXT, value)


def table(headings: str, *rows: list[str | Cell]) -> Table:
    """Headings with | between them; the first row below them is row 2."""
    return Table(
        headings=tuple(headings.split("|")),
        rows=tuple(Row(number, tuple(cell(value) for value in row)) for number, row in enumerate(rows, 2)),
    )


def reading(kind: EntryKind, made: Table, columns: Columns | None = None) -> Reading:
    return read(kind, made, columns or guess(FIELDS[kind], made), KNOWN)
