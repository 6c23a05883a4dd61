"""Loads the default texts that applicants sign, or an association's own wording from a file."""

import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from applications.actions import legal_texts
from applications.enums import TextKind
from endorsement_portal.web.commands import PortalCommand
from endorsement_portal.workflow import NotAllowed
from members.models import Association


class Command(PortalCommand):
    help = (
        "Adds the default code of ethics and agreement where they are missing. With --association, --kind, --version, "
        "--title and --file it publishes an association's own text (plain text, paragraphs separated by empty lines)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--association", help="code, as in US-MO")
        parser.add_argument("--kind", choices=TextKind.values)
        parser.add_argument("--edition", help="the text's own version, as in 2026-1")
        parser.add_argument("--title")
        parser.add_argument("--file", type=Path)
        parser.add_argument("--from", dest="effective_from", help="first day in force, YYYY-MM-DD; today without it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["association"]:
                self._publish(options)
            else:
                self.stdout.write(f"{legal_texts.load_defaults()} texts added.")
        except NotAllowed as error:
            raise CommandError(str(error)) from error

    def _publish(self, options: dict[str, Any]) -> None:
        missing = [name for name in ("kind", "edition", "title", "file") if not options[name]]
        if missing:
            raise CommandError(f"Missing: {', '.join('--' + name for name in missing)}")
        association = Association.objects.filter(code__iexact=options["association"]).first()
        if association is None:
            raise CommandError(f"No association {options['association']}")
        try:
            body = options["file"].read_text(encoding="utf-8")
            first = options["effective_from"]
            day = datetime.date.fromisoformat(first) if first else datetime.datetime.now(datetime.UTC).date()
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        text = legal_texts.publish(
            association=association,
            kind=TextKind(options["kind"]),
            version=options["edition"],
            title=options["title"],
            body=body,
            effective_from=day,
        )
        self.stdout.write(f"{text.title} {text.version} is in force from {text.effective_from}.")
