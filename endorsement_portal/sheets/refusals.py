"""Why a spreadsheet was not taken, in words that say how to mend it. One sentence for each code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from endorsement_portal.sheets.table import FILE_BYTES_MAX

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class SheetRefused(ValidationError):
    """The spreadsheet was not taken and nothing was stored. `code` names the reason."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(MESSAGES[code], code=code, params=params or None)


MESSAGES: dict[str, _StrPromise] = {
    "empty": _("This file is empty (0 bytes). See on your device whether it was saved, then choose it again."),
    "too_large": _("This file is %(size)s. The limit is %(limit)s. Split it and import one part after the other."),
    "not_sheet": _("This is not a spreadsheet. Choose an Excel workbook (.xlsx) or a CSV file."),
    "old_workbook": _(
        "This is an old Excel file (.xls), or one with a password. Save it as an Excel workbook (.xlsx) without a "
        "password, and choose that."
    ),
    "not_workbook": _("This is no Excel workbook. Save it as an Excel workbook (.xlsx) or as CSV, and choose that."),
    "locked": _("This workbook has a password. Save a copy without one, and choose the copy."),
    "macros": _("This workbook holds programs (macros). Save it as a plain Excel workbook (.xlsx), and choose that."),
    "bomb": _(
        "This workbook unpacks to far more than its size, so we cannot check it safely. Copy your rows into a new one, "
        "and choose that."
    ),
    "damaged": _("This file is damaged or incomplete. Open it, save it again as .xlsx or CSV, and choose that one."),
    "too_complex": _("We could not read this file in time. Copy your rows into a new workbook, and choose that."),
    "encoding": _("We cannot tell how the letters of this file are written. Save it as CSV UTF-8, and choose that."),
    "not_text": _("This file is not plain text. Save it as CSV UTF-8 or as an Excel workbook (.xlsx)."),
    "quotes": _(
        "In row %(row)s a quotation mark stands where we cannot read it. Save the file again from your spreadsheet as "
        "CSV or .xlsx, and choose that."
    ),
    "no_rows": _("There is no row below the headings. The first row names the columns, the entries stand below it."),
    "too_many_rows": _("There are more than %(limit)s rows. Split the file and import one part after the other."),
    "too_many_columns": _("Row %(row)s has more than %(limit)s columns. Remove those that you do not need."),
    "cell_too_long": _(
        "The cell in row %(row)s, column %(column)s has more than %(limit)s characters. Shorten it, or remove the "
        "column if it is not needed."
    ),
    "infected": _("The virus scan found something in this file. Nothing was stored. Check your device first."),
    "not_saved": _("We could not read this file just now. Nothing is lost on your side: try again in a few minutes."),
}  # fmt: skip


def too_large(size: int) -> SheetRefused:
    """`size` in bytes. Says the limit and the file's own size."""
    return SheetRefused("too_large", size=filesizeformat(size), limit=filesizeformat(FILE_BYTES_MAX))
