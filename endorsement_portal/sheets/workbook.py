"""An XLSX file as a table, inside the limited child. Sizes first, values as typed text, formulas never."""

from __future__ import annotations

import dataclasses
import datetime
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.read_only import EmptyCell

from endorsement_portal.files.limits import Unfit
from endorsement_portal.sheets.assembly import assemble
from endorsement_portal.sheets.marks import unmarked
from endorsement_portal.sheets.table import EMPTY, PARTS_MAX, UNPACKED_BYTES_MAX, Cell, CellKind, Table

ENCRYPTED_FLAG = 0x1
DECLARATIONS = (b"<!doctype", b"<!entity")
HEAD_BYTES = 4096
SHEETS_LOOKED_AT = 20


def read_workbook(source: Path) -> Table:
    """The first visible sheet that holds anything. Raises Unfit: not_workbook, locked, macros, bomb, or a limit."""
    check_parts(source)
    with source.open("rb") as handle:  # a name without an ending would be refused
        book = load_workbook(handle, read_only=True, data_only=False, keep_links=False)
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"][:SHEETS_LOOKED_AT]
        filled = [sheet for sheet in visible if _holds_anything(sheet)]
        if not filled:
            raise Unfit("no_rows")
        table = assemble(_rows(filled[0]))
    others = tuple(sheet.title for sheet in filled[1:])
    return dataclasses.replace(table, sheet=filled[0].title, other_sheets=others)


def check_parts(source: Path) -> None:
    """What the archive's own directory says, before any part is unpacked; then the head of each XML part."""
    try:
        archive = zipfile.ZipFile(source)
    except zipfile.BadZipFile:
        raise Unfit("damaged") from None
    with archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if "xl/workbook.xml" not in names:
            raise Unfit("not_workbook")
        if any(part.flag_bits & ENCRYPTED_FLAG for part in parts):
            raise Unfit("locked")
        if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > UNPACKED_BYTES_MAX:
            raise Unfit("bomb")
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise Unfit("macros")
        for part in parts:
            if part.filename.endswith((".xml", ".rels", ".vml")):
                _refuse_declarations(archive, part)


def _refuse_declarations(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Spreadsheets need no document type: one is there to make the parser fetch or multiply something."""
    with archive.open(part) as handle:
        head = handle.read(HEAD_BYTES)
    plain = head.replace(b"\x00", b"").lower()  # UTF-16 hides nothing
    if any(word in plain for word in DECLARATIONS):
        raise Unfit("bomb")


def _holds_anything(sheet: Any) -> bool:
    sheet.reset_dimensions()  # what the file states about itself is not believed
    return any(not _cell(cell).empty for row in sheet.iter_rows() for cell in row)


def _rows(sheet: Any) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    for number, row in enumerate(sheet.iter_rows(), 1):
        yield number, tuple(_cell(cell) for cell in row)


def _cell(cell: Any) -> Cell:
    if isinstance(cell, EmptyCell) or cell.value is None:
        return EMPTY
    if cell.data_type == "f":
        return Cell(CellKind.FORMULA, "")
    if cell.data_type == "e":
        return Cell(CellKind.ERROR, str(cell.value))
    return _typed(cell.value, str(cell.number_format))


def _typed(value: object, number_format: str) -> Cell:
    if isinstance(value, bool):
        return Cell(CellKind.YES_NO, "TRUE" if value else "FALSE")
    if isinstance(value, datetime.timedelta):
        return Cell(CellKind.SPAN, _span(round(value.total_seconds())))
    if isinstance(value, datetime.time):
        if "am/pm" in number_format.lower():
            return Cell(CellKind.CLOCK, value.isoformat("minutes"))
        seconds = value.hour * 3600 + value.minute * 60 + value.second + round(value.microsecond / 1_000_000)
        return Cell(CellKind.SPAN, _span(seconds))
    if isinstance(value, datetime.date):
        day = value.date() if isinstance(value, datetime.datetime) else value
        return Cell(CellKind.DATE, day.isoformat())
    if isinstance(value, int | float):
        return Cell(CellKind.NUMBER, str(int(value)) if value == int(value) else repr(round(value, 6)))
    return Cell(CellKind.TEXT, unmarked(str(value).strip()))


def _span(seconds: int) -> str:
    """1:30, or with seconds 1:30:20, which no length of ours may have."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}" + (f":{rest:02d}" if rest else "")
