"""import_members ASSOCIATION FILE.csv [--dry-run]: the association's member roster."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db.models import Q

from endorsement_portal.audit.context import acting_as_command
from endorsement_portal.web.commands import PortalCommand
from members import roster
from members.actions import rosters
from members.models import Association


class Command(PortalCommand):
    help = (
        "Read an association's member roster: a UTF-8 CSV file with the columns email, name, kind, number, starts_on, "
        "ends_on. All rows are written, or none; each fault is told by line and column. The same file twice changes "
        "nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("association", help="code or slug, such as US-MO or us-mo")
        parser.add_argument("file", type=Path, help="the roster, as CSV")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        association = Association.objects.filter(
            Q(code__iexact=options["association"]) | Q(slug=options["association"].lower())
        ).first()
        if association is None:
            raise CommandError(f"No association has the code {options['association']}.")
        try:
            content = options["file"].read_bytes()
        except OSError as problem:
            raise CommandError(f"{options['file']} cannot be read: {problem.strerror}.") from None
        read = roster.read(content)
        if read.faults:
            for fault in read.faults:
                self.stdout.write(str(fault))
            raise CommandError(f"{len(read.faults)} fault(s) in {options['file'].name}; nothing was imported.")
        with acting_as_command("import_members"):
            outcome = rosters.import_rows(association=association, rows=read.rows, dry_run=options["dry_run"])
        words = "Would be" if options["dry_run"] else "Done"
        self.stdout.write(f"{words}: {len(read.rows)} rows, {outcome}.")
