"""export_portfolio EMAIL: a member's portfolio in the format endorsement-portfolio/1, on standard output."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from competencies.queries.portable import to_portable
from endorsement_portal.web.commands import PortalCommand
from members.models import Person


class Command(PortalCommand):
    help = "Prints a member's portfolio as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the member's email address")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.by_email(options["email"]).first()
        if person is None:
            raise CommandError(f"No member has the address {options['email']}.")
        self.stdout.write(json.dumps(to_portable(person), ensure_ascii=False, indent=1))
