"""Putting a backup into an empty site: everything is checked before, inside the transaction, and from the disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction

from endorsement_portal.backup import blobs, manifest, tables
from endorsement_portal.backup.blobs import Blob
from endorsement_portal.backup.manifest import BackupFault, FileEntry, Manifest, TableEntry
from endorsement_portal.files.models import StoredFile


def restore(folder: Path) -> Manifest:
    """Fill this site. Answers what was found in it afterwards, which is what the manifest promised."""
    try:
        promised = read(folder)
        if difference := manifest.other_migrations(promised, tables.migrations()):
            raise BackupFault(f"Not of this version: {difference}")
        found = _fill(folder, promised)
    except (OSError, DatabaseError, ValidationError, ValueError, TypeError, KeyError) as error:
        raise BackupFault(f"Nothing was restored: {error}") from error
    ContentType.objects.clear_cache()
    cache.clear()
    return found


def read(folder: Path) -> Manifest:
    """The manifest, when every table and file in the folder is what it says."""
    try:
        promised = manifest.from_json((folder / manifest.FILE_NAME).read_text(encoding="utf-8"))
        if faults := manifest.differences(promised, _on_disk(folder, promised)):
            raise BackupFault(_first(faults))
    except UnicodeDecodeError as error:
        raise BackupFault(f"{manifest.FILE_NAME} is not UTF-8") from error
    except OSError as error:
        raise BackupFault(f"{error.filename or folder} cannot be read: {error.strerror}") from error
    if {table.name for table in promised.tables} != {model._meta.db_table for model in tables.kept()}:
        raise BackupFault("Not of this version: the backup has other tables")
    return promised


def _on_disk(folder: Path, promised: Manifest) -> Manifest:
    """What lies in the folder. Only names that stand there are opened; the manifest is not asked for paths."""
    there = {path.stem: path for path in (folder / "tables").iterdir() if path.suffix == ".jsonl"}
    return Manifest(
        created_at=promised.created_at,
        migrations=promised.migrations,
        left_out=promised.left_out,
        tables=tuple(_table(name, path) for name, path in sorted(there.items())),
        files=tuple(_file(path) for path in sorted((folder / "files").iterdir())),
    )


def _table(name: str, path: Path) -> TableEntry:
    with path.open("rb") as file:
        return _counted(name, file)


def _file(path: Path) -> FileEntry:
    with path.open("rb") as file:
        found = blobs.digest(file)
    if found.sha256 != path.name:
        raise BackupFault(f"file {path.name} was changed")
    return found


def _counted(name: str, lines: Iterable[bytes]) -> TableEntry:
    sha256, rows = hashlib.sha256(), 0
    for line in lines:
        sha256.update(line)
        rows += 1
    return TableEntry(name, rows, sha256.hexdigest())


def _fill(folder: Path, promised: Manifest) -> Manifest:
    tables.refuse_filled_site()
    stored = _blobs(folder, promised)
    placed: list[str] = []
    try:
        blobs.put(stored, folder / "files", placed)
        with transaction.atomic():
            tables.refuse_filled_site()
            _fill_tables(folder)
            return _verified(promised)
    except BaseException:
        blobs.remove(placed)
        raise


def _blobs(folder: Path, promised: Manifest) -> list[Blob]:
    """As the rows of the backup name them."""
    with (folder / "tables" / f"{StoredFile._meta.db_table}.jsonl").open("rb") as lines:
        rows = [json.loads(line) for line in lines]
    stored = [Blob(row["content"], row["sha256"], row["size"]) for row in rows]
    if {FileEntry(blob.sha256, blob.size) for blob in stored} != set(promised.files):
        raise BackupFault("The rows name other files than the manifest")
    return stored


def _fill_tables(folder: Path) -> None:
    """Constraints wait for the end on both engines, so rows may point to rows that come later."""
    models = tables.kept()
    for model in reversed(models):
        if model._meta.label in tables.FILLED_BY_MIGRATING:
            tables.empty(model)
    for model in models:
        with (folder / "tables" / f"{model._meta.db_table}.jsonl").open("rb") as lines:
            tables.insert(model, lines)
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)


def _verified(promised: Manifest) -> Manifest:
    """Read back from the database and from the storage, counted and hashed anew, and compared."""
    found = Manifest(
        created_at=promised.created_at,
        migrations=tables.migrations(),
        left_out=tables.left_out(),
        tables=tuple(_counted(model._meta.db_table, tables.lines(model)) for model in tables.kept()),
        files=tuple(sorted(set(blobs.checked(blobs.of_rows())), key=lambda file: file.sha256)),
    )
    if faults := manifest.differences(promised, found):
        raise BackupFault(f"Nothing was restored: {_first(faults)}")
    return found


def _first(faults: tuple[str, ...]) -> str:
    return faults[0] if len(faults) == 1 else f"{faults[0]} (and {len(faults) - 1} more)"
