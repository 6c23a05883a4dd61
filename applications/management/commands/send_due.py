"""Plan and deliver what is due, as the scheduler does."""

import datetime
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from applications.actions.reminders import Plan, plan
from endorsement_portal.outbox import actions as outbox
from endorsement_portal.outbox.actions.delivery import BATCH
from endorsement_portal.outbox.models import MessageState, OutgoingMessage
from endorsement_portal.web.commands import PortalCommand

YEARS = range(2000, 2101)


class Command(PortalCommand):
    help = "Plans reminders and the morning brief, then delivers what is due. --dry-run lists it and writes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--now", metavar="ISO", help="as if it were this instant, such as 2026-06-19T09:00:00-05:00"
        )
        parser.add_argument("--dry-run", action="store_true", help="list what would go; nothing is written or sent")

    def handle(self, *args: Any, dry_run: bool = False, **options: Any) -> None:
        now = _instant(options["now"]) if options.get("now") else timezone.now()
        planned = plan(now, dry_run=dry_run)
        self._list(planned)
        if dry_run:
            waiting = OutgoingMessage.objects.filter(state=MessageState.NEW, due_at__lte=now).order_by("due_at", "pk")
            for message in waiting:
                self.stdout.write(f"{message.key} -> {message.to_email} (posted)")
            self.stdout.write(f"{len(planned.mails)} to plan, {len(waiting)} posted and due; nothing was sent")
            return
        handled = _deliver(max(now, timezone.now()))
        self.stdout.write(f"{len(planned.mails)} planned, {handled} handed to the mail transport")

    def _list(self, planned: Plan) -> None:
        for mail in planned.mails:
            self.stdout.write(f"{mail.key} -> {mail.to}: {', '.join(mail.lines)}")
        for key in planned.passed_over:
            self.stdout.write(f"{key}: passed over")


def _instant(text: str) -> datetime.datetime:
    try:
        instant = datetime.datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"Not an instant: {text!r}. Write it as 2026-06-19T09:00:00-05:00") from error
    if instant.tzinfo is None:
        raise CommandError(f"{text!r} has no offset: write 2026-06-19T09:00:00-05:00 or end it with Z")
    if instant.year not in YEARS:
        raise CommandError(f"{text!r} is too far away: years from {YEARS[0]} to {YEARS[-1]}")
    return instant


def _deliver(now: datetime.datetime) -> int:
    handled = 0
    while (batch := outbox.deliver_due(now).total()) > 0:
        handled += batch
        if batch < BATCH:
            break
    return handled
