"""Taking a backup: the database from one snapshot first, then the files that its rows name. Whole or not at all."""

from __future__ import annotations

import datetime
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from endorsement_portal.backup import blobs, manifest, tables
from endorsement_portal.backup.manifest import BackupFault, Manifest, TableEntry


def take(folder: Path, *, now: datetime.datetime) -> Manifest:
    """Write the site to `folder`, which does not exist yet or is empty."""
    work = _beside(folder)
    try:
        taken = _take(work, now)
        work.replace(folder)
    except (OSError, DatabaseError) as error:
        raise BackupFault(error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return taken


def _beside(folder: Path) -> Path:
    """A folder of ours on the same disk, readable by nobody else; it gets its name when all is written."""
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise BackupFault(f"{folder} is there already and not an empty folder")
        return Path(tempfile.mkdtemp(dir=folder.absolute().parent, prefix=f".{folder.name}-"))
    except OSError as error:
        raise BackupFault(f"{folder} cannot be written: {error.strerror}") from error


def _take(work: Path, now: datetime.datetime) -> Manifest:
    (work / "tables").mkdir()
    (work / "files").mkdir()
    with snapshot():
        migrations = tables.migrations()
        entries = tuple(_write(model, work / "tables") for model in tables.kept())
        named = blobs.of_rows()
    taken = Manifest(
        created_at=now.astimezone(datetime.UTC).isoformat(timespec="seconds"),
        migrations=migrations,
        left_out=tables.left_out(),
        tables=entries,
        files=blobs.fetch(named, work / "files"),
    )
    (work / manifest.FILE_NAME).write_text(manifest.to_json(taken), encoding="utf-8")
    os.sync()
    return taken


@contextmanager
def snapshot() -> Iterator[None]:
    """All reads inside see one instant. Writers go on meanwhile: on SQLite thanks to its write-ahead log."""
    if connection.in_atomic_block:  # somebody's transaction already
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def _write(model: type[Model], folder: Path) -> TableEntry:
    sha256, rows = hashlib.sha256(), 0
    name = model._meta.db_table
    with (folder / f"{name}.jsonl").open("wb") as file:
        for line in tables.lines(model):
            sha256.update(line)
            file.write(line)
            rows += 1
    return TableEntry(name, rows, sha256.hexdigest())
