"""Small pictures of first pages, drawn in the limited child from the clean copy. Row first, job second.

A preview is given out under the rules of its file: ask them first, as for the file itself.
"""

from __future__ import annotations

import datetime

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.utils import timezone

from endorsement_portal import jobs
from endorsement_portal.files import downloads, scanning, storing
from endorsement_portal.files.cleaning import in_child
from endorsement_portal.files.kinds import ACCEPTED, Kind
from endorsement_portal.files.models import Preview, ScanState, StoredFile
from endorsement_portal.web.jobs import enqueue

TASK = "files.draw_preview"
PICTURE_TYPE = "image/jpeg"
SWEEP_MAX = 50
DRAWN = {ACCEPTED[kind].content_type: kind for kind in (Kind.PDF, Kind.JPEG, Kind.PNG)}
"""What files are stored as: a photo in HEIC has become JPEG on its way in."""
AGAIN = frozenset({"not_saved"})
"""Answers that say nothing about the file: no turn was free, or the disk was full."""


class NotDrawn(Exception):
    """Nothing is known about the page; try again later."""


def want(stored: StoredFile) -> None:
    """Ask for the preview of a document, once."""
    if stored.content_type in DRAWN:
        Preview.objects.get_or_create(file=stored)
        enqueue(TASK, str(stored.uuid))


def draw(file_uuid: str, *, now: datetime.datetime | None = None) -> bool:
    """Draw one, if it waits and its file may leave. Whatever goes wrong stands on the row."""
    pk = Preview.objects.filter(file__uuid=file_uuid).values_list("pk", flat=True).first()
    return pk is not None and jobs.work(_drawable(), pk, _draw, now=now)


def draw_pending(*, now: datetime.datetime | None = None) -> int:
    """The sweep: what waits, the oldest first; how many were taken."""
    waiting = jobs.due(_drawable(), now or timezone.now()).order_by("pk").values_list("pk", flat=True)
    return sum(jobs.work(_drawable(), pk, _draw, now=now) for pk in list(waiting[:SWEEP_MAX]))


def respond(stored: StoredFile) -> FileResponse:
    """The picture. Raises Http404 when there is none, or its file is held back."""
    preview = Preview.objects.filter(file=stored, picture__isnull=False).select_related("picture").first()
    if preview is None or preview.picture is None or not downloads.may_leave(stored):
        raise Http404("no preview")
    return downloads.respond(preview.picture)


def _drawable() -> QuerySet[Preview]:
    """Nothing is drawn from a file that the virus check has not let go."""
    rows = Preview.objects.select_related("file")
    if scanning.is_set_up():
        return rows.filter(file__scan_state=ScanState.CLEAN)
    return rows.exclude(file__scan_state=ScanState.QUARANTINED)


def _draw(preview: Preview) -> None:
    stored = preview.file
    with stored.content.open("rb") as handle:
        answer, picture = in_child(handle.chunks(), f"preview-{DRAWN[stored.content_type]}")
    if answer.get("code") in AGAIN:
        raise NotDrawn(answer["code"])
    made = _stored(picture, stored) if answer.get("ok") else None
    try:
        jobs.finish(preview, picture=made)
    except jobs.LeaseLost:
        if made is not None:
            storing.discard(made)
        raise


def _stored(picture: bytes, stored: StoredFile) -> StoredFile:
    return storing.store(
        picture, name=f"{stored.uuid}.jpg", content_type=PICTURE_TYPE, scan_state=ScanState.CLEAN
    )  # fmt: skip
