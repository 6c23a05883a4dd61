"""import_portfolio EMAIL FILE [--create]: a portable portfolio into a member's own, all of it or nothing.

FILE is the JSON, or the ZIP of own data that another installation gave its member.
"""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from competencies.actions.imports import Imported, import_portfolio
from competencies.own_data.opening import JSON_BYTES_MAX as LARGEST
from competencies.own_data.opening import Opened, is_zip, opened, read_json
from competencies.portable import PortableFault, from_portable
from competencies.queries.portable import standing_codes
from endorsement_portal.web.commands import PortalCommand
from members.actions.people import find_or_create
from members.models import Person


class Command(PortalCommand):
    help = "Imports a portfolio in the format endorsement-portfolio/1. What an operator imports is trusted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the member's email address")
        parser.add_argument("file", help="the JSON file, or a ZIP of own data")
        parser.add_argument("--create", action="store_true", help="make the member when there is none")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = read_file(Path(options["file"]))
            imported = self._import(options["email"], found, create=options["create"])
        except PortableFault as fault:
            raise CommandError("; ".join(fault.faults)) from fault
        if found.files:
            self.stdout.write(f"{found.files} evidence files of the ZIP were not taken over: their member adds them")
        for kept in imported.kept:
            self.stdout.write(f"Kept as staff confirmed it: {kept}")
        self.stdout.write(f"{imported.added} added, {imported.changed} changed, {imported.unchanged} already there")

    @transaction.atomic
    def _import(self, email: str, found: Opened, *, create: bool) -> Imported:
        member, facts = from_portable(found.data, codes=standing_codes())
        person = Person.objects.by_email(email).first()
        if person is None:
            person = self._create(email, member.name, create=create)
        if member.residence and not person.residence:
            Person.objects.filter(pk=person.pk).update(residence=member.residence)
        return import_portfolio(person=person, facts=facts, by=None, trusted=True, keys=found.keys)

    def _create(self, email: str, name: str, *, create: bool) -> Person:
        if not create:
            raise CommandError(f"No member has the address {email}. Add --create to make one.")
        try:
            validate_email(email.strip())
        except ValidationError as error:
            raise CommandError(f"{email} is no email address.") from error
        return find_or_create(email=email, name=name)


def read_file(path: Path) -> Opened:
    """The portfolio in a JSON file or in a ZIP. Raises PortableFault for a ZIP that is not taken."""
    try:
        with path.open("rb") as handle:
            if is_zip(handle):
                return opened(handle)
        if path.stat().st_size > LARGEST:
            raise CommandError(f"{path}: larger than {LARGEST // 1_000_000} MB.")
        return Opened(data=read_json(path.read_bytes(), str(path)))
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}.") from error
