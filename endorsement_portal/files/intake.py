"""Taking a file in: limits, type by content, cleaning in a limited child, then the blob, then its row.

`receive` is the only way in for what people send; `store_generated` is for files we make ourselves.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.uploadedfile import UploadedFile

from endorsement_portal.files import previews, scanning, storing
from endorsement_portal.files.cleaning import clean
from endorsement_portal.files.kinds import ACCEPTED, BY_EXTENSION, HEAD_BYTES, Kind, extension_of, kind_of
from endorsement_portal.files.models import ScanState, StoredFile
from endorsement_portal.files.names import clean_name
from endorsement_portal.files.quota import limit_total
from endorsement_portal.files.refusals import KIND_NAMES, Refused, too_large
from endorsement_portal.web import limits

__all__ = ["Inspected", "Refused", "check_outside", "inspect", "receive", "store_generated"]

logger = logging.getLogger(__name__)

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that passed: what will be stored, under which name, and what is known about it."""

    content: bytes
    name: str
    content_type: str
    pages: int | None
    scan_state: str


def check_outside(upload: UploadedFile) -> Kind:
    """What can be said without a parser: name, size, and whether the ending and the first bytes agree."""
    size = upload.size or 0
    if size > settings.UPLOAD_BYTES_MAX:
        raise too_large(size)
    if size == 0:
        raise Refused("empty")
    name = upload.name or ""
    if not name.strip(" ."):
        raise Refused("no_name")
    upload.seek(0)
    kind = kind_of(upload.read(HEAD_BYTES), name)
    upload.seek(0)
    if not isinstance(kind, Kind):
        raise Refused(str(kind))
    extension = extension_of(name)
    if BY_EXTENSION.get(extension) is not kind:
        raise Refused("extension", extension=f".{extension}"[:20], kind=KIND_NAMES[kind], right=f".{_ending(kind)}")
    return kind


def inspect(upload: UploadedFile) -> Inspected:
    """Everything that can refuse a file, and nothing that stores one. Raises Refused."""
    kind = check_outside(upload)
    scan_state = scanning.scan(upload)
    if scan_state == ScanState.QUARANTINED:
        raise Refused("infected")
    upload.seek(0)
    cleaned = clean(upload, kind)
    return Inspected(
        content=cleaned.content,
        name=clean_name(upload.name or "", _ending(cleaned.kind)),
        content_type=ACCEPTED[cleaned.kind].content_type,
        pages=cleaned.pages,
        scan_state=scan_state,
    )


def receive(upload: UploadedFile, *, by: AbstractBaseUser | None) -> StoredFile:
    """Check, clean and store what a person sent. Raises Refused (a ValidationError); then nothing was stored.

    A `DocumentField` has inspected the file already while its form was validated: that work is not done twice.
    """
    limit_rate(by)
    found = getattr(upload, "inspected", None) or inspect(upload)
    limit_total(by, len(found.content))
    stored = storing.store(
        found.content,
        name=found.name,
        content_type=found.content_type,
        pages=found.pages,
        scan_state=found.scan_state,
        by=by,
    )
    previews.want(stored)
    return stored


def store_generated(content: bytes, *, name: str, content_type: str) -> StoredFile:
    """Store a file that we made: no limits, no cleaning, no scan."""
    extension = extension_of(name) or "bin"
    return storing.store(
        content, name=clean_name(name, extension), content_type=content_type, scan_state=ScanState.CLEAN
    )


def _ending(kind: Kind) -> str:
    return ACCEPTED[kind].extensions[0]


def limit_rate(by: AbstractBaseUser | None) -> None:
    if by is not None and not limits.allow(f"upload:{by.pk}", limit=settings.UPLOADS_PER_HOUR, seconds=HOUR):
        raise Refused("too_often")
