"""Building packets: a row is taken by lease, built outside any transaction, and finished in one.

A builder that is killed leaves an expired lease; the sweep takes the row again and makes the same bytes.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import logging
import uuid
from collections.abc import Callable

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from weasyprint.urls import FatalURLFetchingError

from applications import snapshot as snapshots
from applications.enums import PacketKind, PacketState
from applications.models import Packet
from applications.packet import assemble as assembling
from applications.packet.contents import contents
from applications.packet.pages import Attachment, Contents
from applications.packet.render import LANGUAGE, render
from applications.queries.packets import rating_pages, waiting
from endorsement_portal.audit.actions import record
from endorsement_portal.files.intake import store_generated
from endorsement_portal.files.models import StoredFile
from endorsement_portal.outbox.actions import post
from endorsement_portal.web.addresses import absolute
from members.queries import recipient

logger = logging.getLogger(__name__)

ATTEMPTS_MAX = 5
LEASE = datetime.timedelta(minutes=15)
"""Longer than a task may run at all (CELERY_TASK_TIME_LIMIT)."""
PAUSE = datetime.timedelta(seconds=30)
"""After the first failure; doubled with each further one."""
SWEEP_MAX = 20
PDF = "application/pdf"


@dataclasses.dataclass(frozen=True, slots=True)
class Built:
    content: bytes
    pages: int
    sha256: str


def take(*, packet_uuid: uuid.UUID | str, now: datetime.datetime | None = None) -> Packet | None:
    """Lease a packet for this builder; None when it is done, dead, or in somebody else's hands."""
    now = now or timezone.now()
    token = str(uuid.uuid4())
    taken = (
        waiting(now)
        .filter(uuid=packet_uuid, attempts__lt=ATTEMPTS_MAX)
        .update(
            state=PacketState.BUILDING,
            lease_token=token,
            lease_until=now + LEASE,
            attempts=F("attempts") + 1,
            progress=5,
            updated_at=now,
        )
    )
    if not taken:
        _bury(packet_uuid, now)
        return None
    return Packet.objects.select_related(
        "submission__application__person__user", "submission__application__association"
    ).get(uuid=packet_uuid)


def _bury(packet_uuid: uuid.UUID | str, now: datetime.datetime) -> None:
    """A packet whose last builder vanished too: no further attempt, staff see it."""
    with transaction.atomic():
        dead = waiting(now).filter(uuid=packet_uuid, attempts__gte=ATTEMPTS_MAX)
        if dead.update(state=PacketState.DEAD, error="The builder vanished", lease_token="", updated_at=now):
            packet = Packet.objects.select_related("submission__application__association").get(uuid=packet_uuid)
            _audit("dead", packet)
            logger.error("Packet %s is dead: its builder vanished %d times", packet_uuid, ATTEMPTS_MAX)


def build(*, packet_uuid: uuid.UUID | str, now: datetime.datetime | None = None) -> Packet | None:
    """Build one packet, if it waits. Whatever goes wrong is written on the row; nothing is raised."""
    packet = take(packet_uuid=packet_uuid, now=now)
    if packet is None:
        return None
    try:
        built = make(packet, step=lambda percent: _progress(packet, percent))
        return _finish(packet, built)
    except (Exception, FatalURLFetchingError) as error:  # any fault of one packet stays its own
        logger.exception("Packet %s could not be built", packet.uuid)
        return _failed(packet, error, now or timezone.now())


def make(packet: Packet, *, step: Callable[[int], None] = lambda _percent: None) -> Built:
    """The bytes, from the snapshot (and, for reviewers, the ratings). Writes nothing."""
    submission = packet.submission
    snapshot = snapshots.read(submission.snapshot)
    with translation.override(LANGUAGE):
        ratings = rating_pages(submission) if packet.kind == PacketKind.REVIEWERS else None
        pages = contents(snapshot, submission.snapshot_sha256, ratings=ratings)
    files = _files(pages)
    step(15)
    pages = _counted(pages, files)
    step(20)
    rendered = render(pages, identifier=f"{submission.snapshot_sha256}:{packet.kind}", step=step)
    step(70)
    done = assembling.assemble(rendered, lambda attachment: _bytes(files[attachment.uuid]), step=step)
    step(95)
    return Built(content=done.content, pages=done.pages, sha256=hashlib.sha256(done.content).hexdigest())


def _files(pages: Contents) -> dict[str, StoredFile]:
    rows = StoredFile.objects.filter(uuid__in=[attachment.uuid for attachment in pages.attachments])
    return {str(row.uuid): row for row in rows}


def _bytes(stored: StoredFile) -> bytes:
    with stored.content.open("rb") as handle:
        content: bytes = handle.read()
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        raise ValueError(f"File {stored.uuid} is not what was submitted")
    return content


def _counted(pages: Contents, files: dict[str, StoredFile]) -> Contents:
    """How many pages each attachment takes. A file that differs from the snapshot's digest stops the packet."""

    def pages_of(attachment: Attachment) -> int:
        stored = files.get(attachment.uuid)
        if stored is None or stored.sha256 != attachment.sha256:
            raise ValueError(f"File {attachment.uuid} is not what was submitted")
        return assembling.page_count(_bytes(stored), attachment.content_type)

    return dataclasses.replace(
        pages,
        attachments=tuple(
            dataclasses.replace(attachment, pages=pages_of(attachment)) for attachment in pages.attachments
        ),
    )


def _mine(packet: Packet) -> dict[str, object]:
    return {"pk": packet.pk, "state": PacketState.BUILDING, "lease_token": packet.lease_token}


def _progress(packet: Packet, percent: int) -> None:
    Packet.objects.filter(**_mine(packet), progress__lt=percent).update(progress=percent, updated_at=timezone.now())


class _LeaseLost(Exception):
    """Somebody else builds this packet now: what was stored is not wanted."""

    def __init__(self, stored: StoredFile) -> None:
        super().__init__()
        self.blob = str(stored.content.name)


def _finish(packet: Packet, built: Built) -> Packet | None:
    """The blob, then its row with the packet's in one transaction: a builder killed here leaves a blob for the sweep.

    A builder that lost its lease leaves nothing.
    """
    application = packet.submission.application
    name = f"{application.reference_number}-{packet.submission.number}-{packet.kind}.pdf"
    try:
        with transaction.atomic():
            stored = store_generated(built.content, name=name, content_type=PDF)
            StoredFile.objects.filter(pk=stored.pk).update(pages=built.pages)
            _set_ready(packet, built, stored)
            _audit("built", packet, sha256=built.sha256, pages=built.pages)
            _tell(packet)
    except _LeaseLost as lost:
        default_storage.delete(lost.blob)
        return None
    return packet


def _set_ready(packet: Packet, built: Built, stored: StoredFile) -> None:
    changed = Packet.objects.filter(**_mine(packet)).update(
        state=PacketState.READY,
        progress=100,
        file=stored,
        pages=built.pages,
        sha256=built.sha256,
        error="",
        lease_token="",
        lease_until=None,
        updated_at=timezone.now(),
    )
    if not changed:
        raise _LeaseLost(stored)
    packet.refresh_from_db()


def _failed(packet: Packet, error: BaseException, now: datetime.datetime) -> Packet:
    """Try again later, with longer pauses; after the last attempt the packet is dead and staff see it."""
    last = packet.attempts >= ATTEMPTS_MAX
    with transaction.atomic():
        changed = Packet.objects.filter(**_mine(packet)).update(
            state=PacketState.DEAD if last else PacketState.PENDING,
            error=f"{type(error).__name__}: {error}"[:500].replace("\x00", ""),
            lease_token="",
            lease_until=None if last else now + PAUSE * 2 ** (packet.attempts - 1),
            progress=0,
            updated_at=now,
        )
        packet.refresh_from_db()
        if changed and last:
            _audit("dead", packet)
    return packet


def _audit(verb: str, packet: Packet, **data: object) -> None:
    application = packet.submission.application
    record(
        verb=f"packet.{verb}",
        obj=packet,
        chain=application.association.code,
        data={"application": str(application.uuid), "kind": str(packet.kind), **data},
    )


def _tell(packet: Packet) -> None:
    """The applicant hears of their own packet; the reviewers' is built in silence."""
    if packet.kind != PacketKind.APPLICANT:
        return
    application = packet.submission.application
    post(
        key=f"packet:{packet.uuid}:ready",
        kind="packet_ready",
        template="packet_ready",
        to=recipient(application.person),
        context={
            "reference_number": application.reference_number,
            "pages": packet.pages,
            "sha256": packet.sha256,
            "address": absolute("applications:packet", application.uuid, packet.uuid),
        },
        scope=application.association.code,
        required=False,
    )


def build_pending(*, now: datetime.datetime | None = None) -> int:
    """The sweep: build what still waits, the oldest first; how many were taken."""
    now = now or timezone.now()
    found = list(waiting(now).order_by("created_at", "pk").values_list("uuid", flat=True)[:SWEEP_MAX])
    return sum(build(packet_uuid=packet_uuid) is not None for packet_uuid in found)


@transaction.atomic
def retry(*, packet: Packet, now: datetime.datetime | None = None) -> Packet:
    """Staff let a dead packet be tried again."""
    Packet.objects.filter(pk=packet.pk, state=PacketState.DEAD).update(
        state=PacketState.PENDING, attempts=0, error="", lease_until=None, updated_at=now or timezone.now()
    )
    packet.refresh_from_db()
    return packet
