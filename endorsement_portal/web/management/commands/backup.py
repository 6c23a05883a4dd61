"""backup DIR: database and files together, with counts and hashes that a restore must show again."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from endorsement_portal.backup.manifest import BackupFault
from endorsement_portal.backup.taking import take
from endorsement_portal.web.commands import PortalCommand


class Command(PortalCommand):
    help = (
        "Writes database and stored files to a new folder, from one snapshot, while the site runs. Left out: sign-in "
        "sessions and caches. The secret key is not in it: keep it elsewhere, private links depend on it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dir", type=Path, metavar="DIR", help="a folder that does not exist yet, or an empty one")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            taken = take(options["dir"], now=timezone.now())
        except BackupFault as fault:
            raise CommandError(str(fault)) from fault
        for line in taken.lines():
            self.stdout.write(line)
        self.stdout.write(f"Left out: {', '.join(taken.left_out)}, caches.")
