"""Taking a spreadsheet in: limits, a virus scan, reading in the limited child. Only the table that was read is kept.

The uploaded bytes themselves are never stored: the stored file is our own list of typed text.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.uploadedfile import UploadedFile

from endorsement_portal.files import cleaning, scanning, storing
from endorsement_portal.files.intake import limit_rate, limit_total
from endorsement_portal.files.models import ScanState, StoredFile
from endorsement_portal.files.names import clean_name
from endorsement_portal.sheets.reading import ZIPPED
from endorsement_portal.sheets.refusals import MESSAGES, SheetRefused, too_large
from endorsement_portal.sheets.table import FILE_BYTES_MAX, Table, from_json

CONTENT_TYPE = "application/json"
HEAD_BYTES = 512
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NO_SHEETS = (
    b"%PDF-",
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"MZ",
    b"\x7fELF",
    b"{\\rtf",
    b"Rar!",
    b"\x1f\x8b",
    b"7z\xbc",
)


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """A spreadsheet that was read: its table, the stored form of it, and what it was called."""

    table: Table
    content: bytes
    name: str
    sha256: str
    """Of the uploaded bytes."""
    size: int
    scan_state: str


def inspect(upload: UploadedFile) -> ReadSheet:
    """Everything that can refuse a spreadsheet, and nothing that stores one. Raises SheetRefused."""
    _check_outside(upload)
    scan_state = scanning.scan(upload)
    if scan_state == ScanState.QUARANTINED:
        raise SheetRefused("infected")
    upload.seek(0)
    content = upload.read()
    answer, read = cleaning.in_child([content], "sheet")
    if not answer.get("ok"):
        code = str(answer.get("code", ""))
        raise SheetRefused(code if code in MESSAGES else "damaged", **answer.get("params", {}))
    name = upload.name or ""
    return ReadSheet(
        table=from_json(read),
        content=read,
        name=clean_name(name, "xlsx" if content.startswith(ZIPPED) else "csv"),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        scan_state=scan_state,
    )


def receive(upload: UploadedFile, *, by: AbstractBaseUser | None) -> tuple[ReadSheet, StoredFile]:
    """Read and store. Raises SheetRefused, or files.Refused for rate and quota; then nothing was stored."""
    limit_rate(by)
    found: ReadSheet = getattr(upload, "inspected", None) or inspect(upload)
    limit_total(by, len(found.content))
    stored = storing.store(
        found.content, name=found.name, content_type=CONTENT_TYPE, scan_state=found.scan_state, by=by
    )
    return found, stored


def table_of(stored: StoredFile) -> Table:
    with stored.content.open("rb") as handle:
        return from_json(handle.read())


def _check_outside(upload: UploadedFile) -> None:
    size = upload.size or 0
    if size > FILE_BYTES_MAX:
        raise too_large(size)
    if size == 0:
        raise SheetRefused("empty")
    upload.seek(0)
    head = upload.read(HEAD_BYTES)
    if head.startswith(OLD_WORKBOOK):
        raise SheetRefused("old_workbook")
    lowered = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith(NO_SHEETS) or lowered.startswith((b"<html", b"<!doctype", b"<?xml", b"<svg")):
        raise SheetRefused("not_sheet")
