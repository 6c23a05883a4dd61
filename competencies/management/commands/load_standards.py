"""load_standards [--check]: the rules of standards/*.json into the database, as a published edition."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from competencies.actions import standards
from competencies.standards_files import StandardsFault, read
from endorsement_portal.web.commands import PortalCommand


class Command(PortalCommand):
    help = "Loads competencies/standards/*.json. Run it as often as you like: a published edition never changes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only validate the files")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            files = read()
            if options["check"]:
                self.stdout.write(f"{files.code}: {len(files.all_categories)} categories, valid")
                return
            loaded = standards.load(standards=files)
        except StandardsFault as fault:
            more = f" (and {len(fault.faults) - 1} more)" if len(fault.faults) > 1 else ""
            raise CommandError(f"{fault.faults[0]}{more}") from fault
        word = "published" if loaded.published else "already published, unchanged"
        if options["verbosity"]:
            self.stdout.write(f"{loaded.edition.code}: {word}, sha256 {loaded.edition.sha256[:12]}")
