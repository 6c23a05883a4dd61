"""Write the submission packet of an application to a file."""

import os
import tempfile
import uuid
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.management.base import CommandError

from applications.actions import packets
from applications.enums import PacketKind, PacketState
from applications.models import Application, Packet, Submission
from applications.queries.packets import latest_submission
from endorsement_portal.web.commands import PortalCommand


class Command(PortalCommand):
    help = "Builds the packet of an application's newest submission, when it is not built yet, and writes it to a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("application", help="the application's UUID or reference number")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")
        parser.add_argument("--kind", choices=PacketKind.values, default=PacketKind.APPLICANT.value)

    def handle(self, *args: Any, application: str, out: Path, kind: str, **options: Any) -> None:
        found = _application(application)
        submission = latest_submission(found)
        if submission is None:
            raise CommandError(
                f"{found.reference_number} has not been submitted: there is nothing to put into a packet"
            )
        with _whole_or_not_at_all(out) as file:
            packet = self._built(submission, kind)
            assert packet.file is not None
            with packet.file.content.open("rb") as handle:
                file.write(handle.read())
        self.stdout.write(f"{out}: {packet.pages} pages, SHA-256 {packet.sha256}")

    def _built(self, submission: Submission, kind: str) -> Packet:
        packet = Packet.objects.get(submission=submission, kind=kind)
        if packet.state == PacketState.DEAD:
            packet = packets.retry(packet=packet)
        if packet.state != PacketState.READY:
            packets.build(packet_uuid=packet.uuid)
            packet.refresh_from_db()
        if packet.state != PacketState.READY or packet.file is None:
            raise CommandError(packet.error or "Another builder is at work on this packet: try again in a minute")
        return packet


def _application(text: str) -> Application:
    try:
        found = Application.objects.filter(uuid=uuid.UUID(text)).first()
    except ValueError:
        found = Application.objects.filter(reference_number=text).first()
    if found is None:
        raise CommandError(f"There is no application {text!r}")
    return found


@contextmanager
def _whole_or_not_at_all(out: Path) -> Iterator[IO[bytes]]:
    """A file beside `out` that takes its name at the end. Opened first: nothing is built that cannot be written."""
    if out.is_dir():
        raise CommandError(f"Cannot write {out}: Is a directory")
    if not out.parent.is_dir():
        raise CommandError(f"There is no folder {out.parent}")
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=".packet-")
    except OSError as error:
        raise CommandError(f"Cannot write {out}: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as temporary:
            yield temporary
        Path(name).replace(out)
    except OSError as error:
        raise CommandError(f"Cannot write {out}: {error.strerror or error}") from error
    finally:
        Path(name).unlink(missing_ok=True)
