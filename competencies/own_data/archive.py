"""The ZIP as it is written: fixed names, one moment on every member, files as they were stored."""

from __future__ import annotations

import datetime
import json
import zipfile
from collections.abc import Callable, Iterable
from typing import IO, Any

from competencies.own_data.tables import FileLine, Table
from competencies.portable.format import PORTABLE_KEYS

PORTFOLIO = "portfolio.json"
PAPER = "portfolio.pdf"
ABOUT = "READ-ME.txt"
MORE = "more.json"
SHEETS = "sheets/"
FILES = "files/"
MORE_FORMAT = "endorsement-portfolio-more/1"
CHUNK = 1024 * 1024


class Archive:
    """Writes into an open handle. `made_at` is the moment on every member: the same data give the same bytes."""

    def __init__(self, handle: IO[bytes], made_at: datetime.datetime) -> None:
        self._zip = zipfile.ZipFile(handle, "w")
        local = made_at.astimezone(datetime.UTC)
        self._moment = (max(local.year, 1980), local.month, local.day, local.hour, local.minute, local.second)

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def add(self, name: str, content: bytes) -> None:
        self._zip.writestr(self._member(name, zipfile.ZIP_DEFLATED), content)

    def add_json(self, name: str, data: Any) -> None:
        self.add(name, json.dumps(data, ensure_ascii=False, indent=1).encode())

    def add_sheet(self, table: Table, write: Callable[..., bytes]) -> None:
        self.add(f"{SHEETS}{table.name}", write(table.headings, table.rows))

    def add_file(self, path: str, handle: IO[bytes], size: int) -> None:
        """PDFs and pictures are packed already."""
        member = self._member(path, zipfile.ZIP_STORED)
        member.file_size = size
        with self._zip.open(member, "w") as out:
            while chunk := handle.read(CHUNK):
                out.write(chunk)

    def _member(self, name: str, packing: int) -> zipfile.ZipInfo:
        member = zipfile.ZipInfo(name, self._moment)
        member.compress_type = packing
        member.external_attr = 0o600 << 16
        return member


def more(keys: dict[str, list[str]], files: Iterable[FileLine]) -> dict[str, Any]:
    """What the portable portfolio has no place for: names of entries of the kinds without a key, and the files."""
    return {
        "format": MORE_FORMAT,
        "keys": keys,
        "files": [
            {
                "path": line.path,
                "list": PORTABLE_KEYS[line.kind],
                "key": line.entry_key,
                "document_type": line.document_type,
                "sha256": line.sha256,
            }
            for line in files
            if line.path
        ],
    }
