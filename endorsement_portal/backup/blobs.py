"""Stored files out of the storage by their hash, and back under the names that their rows know."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage

from endorsement_portal.backup.manifest import BackupFault, FileEntry
from endorsement_portal.files.models import StoredFile
from endorsement_portal.files.storing import make_durable

CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Blob:
    """Where a row says its file lies, and what it is."""

    name: str
    sha256: str
    size: int


def of_rows() -> list[Blob]:
    return [Blob(*row) for row in StoredFile.objects.order_by("pk").values_list("content", "sha256", "size")]


def digest(handle: IO[bytes], copy: IO[bytes] | None = None) -> FileEntry:
    """Hash and size of what is left in the handle, written on to `copy` on the way."""
    sha256, size = hashlib.sha256(), 0
    while chunk := handle.read(CHUNK):
        sha256.update(chunk)
        size += len(chunk)
        if copy is not None:
            copy.write(chunk)
    return FileEntry(sha256.hexdigest(), size)


def fetch(blobs: Iterable[Blob], folder: Path) -> tuple[FileEntry, ...]:
    """Each file once, under its hash. Raises BackupFault for one that is gone or no longer what its row says."""
    found: set[FileEntry] = set()
    for blob in blobs:
        promised = FileEntry(blob.sha256, blob.size)
        if promised in found:
            continue
        with (folder / blob.sha256).open("wb") as copy:
            if _read(blob.name, copy) != promised:
                raise BackupFault(f"The stored file {blob.name} is not what its row says")
        found.add(promised)
    return tuple(sorted(found, key=lambda file: file.sha256))


def put(blobs: Iterable[Blob], folder: Path, placed: list[str]) -> None:
    """Each file to where its row looks for it; `placed` is told of each new one, so that it can be taken back."""
    for blob in blobs:
        if _lies_there(blob.name):
            if _read(blob.name) != FileEntry(blob.sha256, blob.size):
                raise BackupFault(f"Another file lies where {blob.name} belongs")
            continue
        placed.append(blob.name)
        _write(blob.name, folder / blob.sha256)


def remove(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)


def checked(blobs: Iterable[Blob]) -> Iterator[FileEntry]:
    """Every file read again from the storage."""
    for blob in blobs:
        yield _read(blob.name)


def _lies_there(name: str) -> bool:
    try:
        return default_storage.exists(name)
    except Exception as error:  # a name that leads elsewhere, or a client's own errors with object storage
        raise BackupFault(f"The file {name} cannot be stored: {error}") from error


def _read(name: str, copy: IO[bytes] | None = None) -> FileEntry:
    try:
        with closing(default_storage.open(name, "rb")) as handle:
            return digest(handle, copy)
    except Exception as error:  # a disk here, a client's own errors with object storage
        raise BackupFault(f"The stored file {name} cannot be read: {error}") from error


def _write(name: str, source: Path) -> None:
    try:
        with source.open("rb") as handle:
            stored = default_storage.save(name, File(handle))
        if isinstance(default_storage, FileSystemStorage):
            make_durable(Path(default_storage.path(stored)))
    except Exception as error:  # a disk here, a client's own errors with object storage
        raise BackupFault(f"The file {name} cannot be stored: {error}") from error
    if stored != name:
        default_storage.delete(stored)
        raise BackupFault(f"The storage named {name} otherwise")
