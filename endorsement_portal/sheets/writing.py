"""The one writer of spreadsheets: every CSV and XLSX that leaves the house is made here.

Whatever a person typed is text and stays text: what a spreadsheet would take for a formula gets a quotation mark in
front (`marks`), in a workbook the cell is typed as text besides. Dates and whole numbers of ours keep their type.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from endorsement_portal.sheets.marks import marked

Value: TypeAlias = str | int | datetime.date | None
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT_FORMAT = "@"
DATE_FORMAT = "yyyy-mm-dd"
SHEET_NAME_MAX = 31
WIDTHS = (10, 40)
UNWRITTEN = "\N{REPLACEMENT CHARACTER}"


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """UTF-8 with its mark, so that Excel reads names as they are written; lines end as the format says."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_text(heading) for heading in headings])
    writer.writerows([_plain(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def xlsx_bytes(headings: Sequence[str], rows: Iterable[Sequence[Value]], *, sheet: str) -> bytes:
    """One sheet with a bold first row that stays in sight."""
    book = Workbook(write_only=True)
    page = book.create_sheet(_sheet_name(sheet))
    page.freeze_panes = "A2"
    for place, heading in enumerate(headings, 1):
        width = min(max(len(heading) + 4, WIDTHS[0]), WIDTHS[1])
        page.column_dimensions[get_column_letter(place)].width = width
    page.append([_heading(page, heading) for heading in headings])
    for row in rows:
        page.append([_cell(page, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def download(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    """An attachment under a name of ours."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)


def _plain(value: Value) -> str | int:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return _text(value) if isinstance(value, str) else ("" if value is None else value)


def _text(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub(UNWRITTEN, marked(text))


def _cell(page: Any, value: Value) -> Any:
    cell = WriteOnlyCell(page, value=_text(value) if isinstance(value, str) else value)  # type: ignore[arg-type]
    if isinstance(value, str):
        cell.data_type = "s"
        cell.number_format = TEXT_FORMAT
    elif isinstance(value, datetime.date):
        cell.number_format = DATE_FORMAT
    return cell


def _heading(page: Any, heading: str) -> Any:
    cell = _cell(page, heading)
    cell.font = Font(bold=True)
    return cell


def _sheet_name(name: str) -> str:
    return "".join(" " if mark in "[]:*?/\\" else mark for mark in name)[:SHEET_NAME_MAX] or "Sheet"
