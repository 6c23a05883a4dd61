"""restore DIR: a backup into an empty site, all of it or nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from endorsement_portal.backup.manifest import BackupFault
from endorsement_portal.backup.restoring import restore
from endorsement_portal.web.commands import PortalCommand


class Command(PortalCommand):
    help = (
        "Puts a backup into an empty site: freshly migrated with the same version, nobody in it, nothing running. Then "
        "reads everything back and prints the counts and hashes, the same lines as the backup. Everyone signs in again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dir", type=Path, metavar="DIR", help="the folder that backup wrote")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = restore(options["dir"])
        except BackupFault as fault:
            raise CommandError(str(fault)) from fault
        for line in found.lines():
            self.stdout.write(line)
        self.stdout.write(f"Left out: {', '.join(found.left_out)}, caches.")
