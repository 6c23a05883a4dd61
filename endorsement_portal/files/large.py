"""A large file that we made, stored from an open handle: it never stands in memory as a whole."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import IO

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage

from endorsement_portal.files.models import ScanState, StoredFile, storage_name
from endorsement_portal.files.storing import make_durable

CHUNK = 1024 * 1024


def store_made(handle: IO[bytes], *, name: str, content_type: str) -> StoredFile:
    """Write the blob, then insert its row. Raises OSError when the storage failed; then there is no row."""
    digest, size = _measured(handle)
    row = StoredFile(
        sha256=digest, size=size, content_type=content_type, name=name, scan_state=ScanState.CLEAN
    )  # fmt: skip
    handle.seek(0)
    stored = default_storage.save(storage_name(row, name), File(handle))
    if isinstance(default_storage, FileSystemStorage):
        make_durable(Path(default_storage.path(stored)))
    if default_storage.size(stored) != size:
        default_storage.delete(stored)
        raise OSError(f"stored {stored} of {size} bytes only in part")
    row.content.name = stored
    row.save(force_insert=True)
    return row


def _measured(handle: IO[bytes]) -> tuple[str, int]:
    handle.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := handle.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size
