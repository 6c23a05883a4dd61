"""What the limited child does with a spreadsheet: SOURCE read as a table, written to TARGET as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from endorsement_portal.files.limits import Limits
from endorsement_portal.sheets.delimited import read_delimited
from endorsement_portal.sheets.table import to_json

ZIPPED = b"PK\x03\x04"


def read_sheet(source: Path, target: Path, limits: Limits) -> dict[str, Any]:
    """Raises Unfit with a code of `sheets.refusals.MESSAGES`."""
    with source.open("rb") as handle:
        head = handle.read(len(ZIPPED))
    if head == ZIPPED:
        from endorsement_portal.sheets.workbook import read_workbook

        table = read_workbook(source)
    else:
        table = read_delimited(source.read_bytes())
    target.write_bytes(to_json(table))
    return {"rows": len(table.rows)}
