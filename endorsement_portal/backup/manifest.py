"""Pure: what a backup says of itself, how it is written and read, and in which order tables go."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

FORMAT = "endorsement-backup/1"
FILE_NAME = "manifest.json"
_SHA256 = re.compile(r"[0-9a-f]{64}")


class BackupFault(Exception):
    """Why there is no backup, or no restore, in one line."""

    def __init__(self, message: object) -> None:
        super().__init__(" ".join(str(message).split()))


@dataclass(frozen=True, slots=True)
class TableEntry:
    name: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class FileEntry:
    sha256: str
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Manifest:
    created_at: str
    """ISO 8601 in UTC."""
    migrations: tuple[tuple[str, str], ...]
    """App and name of each one applied, sorted."""
    left_out: tuple[str, ...]
    """Tables that exist and are not in the backup."""
    tables: tuple[TableEntry, ...]
    """In the order in which they are filled: what a row points to comes before it."""
    files: tuple[FileEntry, ...]
    """By hash."""

    def lines(self) -> tuple[str, ...]:
        """Counts and hashes in words: a backup and its restore say the same, line by line."""
        rows = sum(table.rows for table in self.tables)
        size = sum(file.size for file in self.files)
        return (
            *(f"{table.name} {table.rows} {table.sha256}" for table in self.tables),
            *(f"file {file.size} {file.sha256}" for file in self.files),
            f"total {len(self.tables)} tables, {rows} rows, {len(self.files)} files, {size} bytes",
        )


def to_json(manifest: Manifest) -> str:
    return json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1, ensure_ascii=False) + "\n"


def from_json(text: str) -> Manifest:
    """Raises BackupFault for anything that `to_json` would not have written."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BackupFault(f"{FILE_NAME} is not JSON: {error}") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise BackupFault(f"{FILE_NAME} is not of the format {FORMAT}")
    try:
        manifest = _manifest(data)
    except (KeyError, TypeError, ValueError) as error:
        raise BackupFault(f"{FILE_NAME} is not complete: {error!r}") from error
    if json.loads(to_json(manifest)) != data:
        raise BackupFault(f"{FILE_NAME} holds what a backup does not write")
    return manifest


def _manifest(data: dict[str, Any]) -> Manifest:
    tables = tuple(TableEntry(**entry) for entry in data["tables"])
    files = tuple(FileEntry(**entry) for entry in data["files"])
    for digest in [*(table.sha256 for table in tables), *(file.sha256 for file in files)]:
        if not _SHA256.fullmatch(digest):
            raise ValueError(f"{digest!r} is no SHA-256")
    if any(type(number) is not int or number < 0 for number in (*(t.rows for t in tables), *(f.size for f in files))):
        raise ValueError("a count or size is no whole number")
    return Manifest(
        created_at=str(data["created_at"]),
        migrations=tuple((str(app), str(name)) for app, name in data["migrations"]),
        left_out=tuple(data["left_out"]),
        tables=tables,
        files=files,
    )


def differences(promised: Manifest, found: Manifest) -> tuple[str, ...]:
    """What a restored site, or a folder read again, has otherwise than the manifest says."""
    faults = []
    have = {table.name: table for table in found.tables}
    for table in promised.tables:
        other = have.get(table.name)
        if other is None:
            faults.append(f"{table.name} is missing")
        elif other.rows != table.rows:
            faults.append(f"{table.name} has {other.rows} rows instead of {table.rows}")
        elif other.sha256 != table.sha256:
            faults.append(f"{table.name} was changed")
    known = {table.name for table in promised.tables}
    faults += [f"{name} is not in the manifest" for name in have if name not in known]
    faults += [f"file {file.sha256} is missing or was changed" for file in promised.files if file not in found.files]
    faults += [f"file {file.sha256} is not in the manifest" for file in found.files if file not in promised.files]
    return tuple(faults)


def other_migrations(promised: Manifest, applied: tuple[tuple[str, str], ...]) -> str:
    """The first migration that only one side has; empty when both are the same."""
    only_there = sorted(set(promised.migrations) - set(applied))
    only_here = sorted(set(applied) - set(promised.migrations))
    if only_there:
        return "the backup has the migration {}.{}, this site has not".format(*only_there[0])
    if only_here:
        return "this site has the migration {}.{}, the backup has not".format(*only_here[0])
    return ""


def in_order(references: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """Names so that each comes after those it points to, alphabetical otherwise. Pointing to oneself is no obstacle.

    A circle is broken by the alphabet: constraints are deferred to the end of the transaction anyway.
    """
    graph = {name: (references[name] & references.keys()) - {name} for name in references}
    order: list[str] = []
    try:
        sorter = TopologicalSorter(graph)
        sorter.prepare()
    except CycleError:
        return tuple(sorted(references))
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order += ready
        sorter.done(*ready)
    return tuple(order)
