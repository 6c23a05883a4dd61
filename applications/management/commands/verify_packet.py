"""Say whether a packet or certificate file is ours and unchanged."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from applications.packet.verify import digest, verify
from endorsement_portal.web.commands import PortalCommand

CHUNK = 1024 * 1024


class Command(PortalCommand):
    help = "Recomputes a file's SHA-256 and looks it up. Exits 0 when the file is ours and unchanged, 1 when it is not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            with file.open("rb") as handle:
                found = verify(digest(iter(lambda: handle.read(CHUNK), b"")))
        except OSError as error:
            raise CommandError(f"Cannot read {file}: {error.strerror}") from error
        if not found.ours:
            raise CommandError(f"Not ours, or changed: {found.sha256}")
        assert found.issued_at is not None
        self.stdout.write(
            f"Ours and unchanged: {found.what} {found.reference_number}, {found.association}, "
            f"issued {found.issued_at.isoformat(timespec='seconds')}, SHA-256 {found.sha256}"
        )
