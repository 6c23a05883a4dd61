"""Pure: a CSV file as a table. UTF-8, UTF-16 with its mark, or Windows-1252; comma, semicolon or tab.

The encoding is never guessed silently: the table says which one was read, and the page shows it beside the first rows.
"""

from __future__ import annotations

import codecs
import csv
import dataclasses
import io
from collections.abc import Iterator
from itertools import islice

from endorsement_portal.files.limits import Unfit
from endorsement_portal.sheets.assembly import assemble
from endorsement_portal.sheets.marks import unmarked
from endorsement_portal.sheets.table import EMPTY, Cell, CellKind, Table

SEPARATORS = (",", ";", "\t")
LOOKED_AT = 50
"""Rows that decide which separator fits."""
FIELD_CHARACTERS_MAX = 1_000_000
"""What the reader holds at most; a quotation mark that is never closed swallows the rest of a file."""


def read_delimited(content: bytes) -> Table:
    """Raises Unfit: encoding, not_text, quotes (with the row), or a limit of `assembly`."""
    text, encoding = decoded(content)
    if "\x00" in text:
        raise Unfit("not_text")
    said, text = _separator_line(text)
    separator = said or separator_of(text)
    table = assemble(_rows(text, separator))
    return dataclasses.replace(table, encoding=encoding, separator=separator)


def decoded(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises Unfit("encoding")."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        order = ("utf-16", "UTF-16")
    else:
        order = ("utf-8-sig", "UTF-8")
    for codec, name in (order, ("cp1252", "Windows-1252")):
        try:
            return content.decode(codec), name
        except UnicodeDecodeError:
            if codec == "utf-16":
                break
    raise Unfit("encoding")


def _separator_line(text: str) -> tuple[str, str]:
    """Excel's own first line "sep=;": it is no row of the table."""
    first, _end, rest = text.partition("\n")
    said = first.strip("\r \ufeff")
    if said.lower().startswith("sep=") and said[4:] in (",", ";"):
        return said[4:], rest
    return "", text


def separator_of(text: str) -> str:
    """The separator under which most of the first rows are as wide as the headings; then the widest."""

    csv.field_size_limit(FIELD_CHARACTERS_MAX)

    def fit(separator: str) -> tuple[int, int]:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        try:
            widths = [len(row) for row in islice(rows, LOOKED_AT) if row]
        except csv.Error:
            return 0, 0
        heading = next((width for width in widths if width > 1), 1)
        return (sum(width == heading for width in widths), heading) if heading > 1 else (0, 0)

    return max(SEPARATORS, key=fit)


def _rows(text: str, separator: str) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    csv.field_size_limit(FIELD_CHARACTERS_MAX)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Unfit("quotes", row=number) from None
        yield number, tuple(_cell(value) for value in values)


def _cell(value: str) -> Cell:
    text = value.strip()
    if not text:
        return EMPTY
    if text.startswith("="):
        return Cell(CellKind.FORMULA, "")
    return Cell(CellKind.TEXT, unmarked(text))
