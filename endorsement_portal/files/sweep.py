"""Blobs without rows, left by a crash between the blob and its row, or by a transaction that was taken back.

Only for a folder of ours. On S3-compatible storage let a lifecycle rule do it, or run this against a listing: walking
a large bucket every hour costs more than the few orphans it would find.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterator
from pathlib import Path

from django.core.files.storage import FileSystemStorage, default_storage
from django.utils import timezone

from endorsement_portal.files.models import StoredFile

logger = logging.getLogger(__name__)

ORPHAN_AGE = datetime.timedelta(days=1)


def remove_orphans(now: datetime.datetime | None = None) -> int:
    """Remove blobs older than a day that no row names. Answers how many went."""
    if not isinstance(default_storage, FileSystemStorage):
        return 0
    before = (now or timezone.now()) - ORPHAN_AGE
    removed = 0
    for folder in _folders(Path(default_storage.location)):
        names = {f"{folder.name}/{path.name}": path for path in folder.iterdir() if _older(path, before)}
        known = set(StoredFile.objects.filter(content__in=names).values_list("content", flat=True))
        for name in names.keys() - known:
            default_storage.delete(name)
            removed += 1
    if removed:
        logger.info("%s stored blobs without a row were removed", removed)
    return removed


def missing_blobs() -> Iterator[StoredFile]:
    """Rows whose blob is gone: there should be none, ever."""
    for row in StoredFile.objects.iterator():
        if not default_storage.exists(str(row.content.name)):
            yield row


def _folders(root: Path) -> list[Path]:
    """The folders that `models.storage_name` makes: two hexadecimal letters."""
    if not root.is_dir():
        return []
    return sorted(path for path in root.iterdir() if path.is_dir() and len(path.name) == 2)


def _older(path: Path, moment: datetime.datetime) -> bool:
    return path.is_file() and datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC) < moment
