"""The blob first, durable on its disk, then its row. A blob without a row is swept; a row without a blob cannot be."""

from __future__ import annotations

import hashlib
import logging
import os
from functools import partial
from pathlib import Path

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import transaction
from django.utils import timezone

from endorsement_portal.files.models import ScanState, StoredFile, storage_name
from endorsement_portal.files.refusals import Refused

logger = logging.getLogger(__name__)


def store(
    content: bytes,
    *,
    name: str,
    content_type: str,
    pages: int | None = None,
    scan_state: str = ScanState.NOT_SCANNED,
    by: AbstractBaseUser | None = None,
) -> StoredFile:
    """Write, read back, then insert. Raises Refused("not_saved") when the storage failed; then there is no row."""
    digest = hashlib.sha256(content).hexdigest()
    row = StoredFile(
        sha256=digest,
        size=len(content),
        content_type=content_type,
        name=name,
        pages=pages,
        scan_state=scan_state,
        uploaded_by_id=by.pk if by is not None else None,
    )
    row.content.name = _write(storage_name(row, name), content)
    row.save(force_insert=True)
    return row


def discard(stored: StoredFile) -> None:
    """Remove a file that nothing points to any more, and its preview: rows now, blobs once that is committed."""
    pictures = list(StoredFile.objects.filter(depicts__file=stored))
    for gone in (stored, *pictures):
        blob = str(gone.content.name)
        gone.delete()
        transaction.on_commit(partial(_forget, blob))


def set_aside(stored: StoredFile) -> None:
    """Its owner took it off: kept for what was handed in with it, and no longer part of what they store."""
    StoredFile.objects.filter(pk=stored.pk, set_aside_at__isnull=True).update(set_aside_at=timezone.now())


def _write(target: str, content: bytes) -> str:
    try:
        stored = default_storage.save(target, ContentFile(content))
        if isinstance(default_storage, FileSystemStorage):
            make_durable(Path(default_storage.path(stored)))
        if default_storage.size(stored) != len(content):
            raise OSError(f"stored {default_storage.size(stored)} of {len(content)} bytes")  # noqa: TRY301
    except Exception:  # a full disk here, a client's own errors with object storage
        logger.exception("A file could not be stored as %s", target)
        _forget(target)
        raise Refused("not_saved") from None
    return stored


def make_durable(path: Path) -> None:
    """Flush the file and its directory entries to the disk. Object storages promise this by themselves."""
    for place in (path, path.parent, path.parent.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _forget(target: str) -> None:
    try:
        default_storage.delete(target)
    except Exception:  # object storages have errors of their own; what is left over is swept
        logger.exception("What was left of %s could not be removed; the sweep will", target)
