"""assess EMAIL CATEGORY [--as-of DATE] [--json] [--association CODE]: the gap report of one member for one category."""

import datetime
import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from applications.queries.gap import GapReport, as_json, report
from competencies.queries.standards import NoStandards, find_category
from endorsement_portal.web.commands import PortalCommand
from endorsement_portal.workflow import Finding
from members.models import Association, Person


class Command(PortalCommand):
    help = "Prints where a member stands for a category."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the member's email address")
        parser.add_argument("category", help="the category's code or slug: IMHM-R/F or imhm-rf")
        parser.add_argument("--as-of", metavar="DATE", help="judge as of this day, such as 2026-01-15; else today")
        parser.add_argument("--association", metavar="CODE", help="with this association's settings")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.by_email(options["email"]).first()
        if person is None:
            raise CommandError(f"No member has the address {options['email']}.")
        category = find_category(options["category"])
        if category is None:
            raise CommandError(f"There is no category {options['category']}.")
        try:
            found = report(person, category, _day(options["as_of"]), _association(options["association"]))
        except NoStandards as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(as_json(found), ensure_ascii=False, indent=1))
        else:
            self.stdout.write(in_words(found))


def in_words(found: GapReport) -> str:
    overlay = f", settings of {found.spec.overlay}" if found.spec.overlay else ""
    lines = [
        f"{found.spec.name} ({found.spec.code}), as of {found.as_of.isoformat()}",
        f"Edition {found.spec.edition}{overlay}",
        f"Met: {_yes(found.met)}. Portfolio alone: {_yes(found.portfolio_met)}.",
    ]
    for finding in found.findings:
        lines.append(f"{_mark(finding)} {finding.requirement}: {finding.message}")
        lines.extend(f"      part {part.key}: {part.have_minutes} of {part.need_minutes} min" for part in finding.parts)
        lines.extend(
            f"      {entry.entry}: {entry.minutes} min not counted, {entry.reason}" for entry in finding.uncounted
        )
    return "\n".join(lines)


def _mark(finding: Finding) -> str:
    if finding.met:
        return "[met]  "
    if finding.group is not None:
        return "[or]   "
    return "[short]" if finding.required else "[      ]"


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


def _day(text: str | None) -> datetime.date | None:
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text} is no date. Write it as 2026-01-15.") from error


def _association(code: str | None) -> Association | None:
    if code is None:
        return None
    association = Association.objects.filter(code=code.strip().upper()).first()
    if association is None:
        raise CommandError(f"There is no association {code}.")
    return association
