"""The process under fire: makes its own database, posts mail, and forks delivery workers that the test kills.

Reads one command per line, answers each with one line of JSON: `seed N`, `start` (the worker's process id), `report`.
Forking after Django has started gives a real process with its own connections in a few milliseconds.
"""

import json
import os
import signal
import sys
import time
from datetime import timedelta

import django

LEASE_SECONDS = 1


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.faults.mail_settings"
    django.setup()
    from django.core.management import call_command
    from django.db import connections
    from django.template.loader import get_template

    from endorsement_portal.outbox.actions import leasing

    call_command("migrate", verbosity=0)
    get_template("emails/ground_note.html")
    leasing.LEASE = timedelta(seconds=LEASE_SECONDS)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # killed workers leave no zombies
    answer({"ready": True})
    for line in sys.stdin:
        command, *arguments = line.split()
        connections.close_all()
        answer(COMMANDS[command](*arguments))


def answer(value: object) -> None:
    sys.stdout.write(f"{json.dumps(value)}\n")
    sys.stdout.flush()


def seed(count: str) -> int:
    from django.db import transaction
    from django.utils import timezone

    from endorsement_portal.outbox.models import OutgoingMessage
    from tests.ground.mailing import note

    with transaction.atomic():
        for number in range(int(count)):
            note(f"fault:{number}", scope="xx-pr", due_at=timezone.now() + timedelta(milliseconds=1))
    return OutgoingMessage.objects.count()


def start() -> int:
    """A worker that delivers until nothing is left to do."""
    from endorsement_portal.outbox.actions import deliver_due
    from endorsement_portal.outbox.models import MessageState, OutgoingMessage

    pid = os.fork()
    if pid:
        return pid
    waiting = OutgoingMessage.objects.filter(state__in=(MessageState.NEW, MessageState.LEASED))
    while deliver_due(batch=25) or waiting.exists():
        time.sleep(0.05)
    os._exit(0)


def report() -> list[list[object]]:
    from endorsement_portal.outbox import queries
    from endorsement_portal.outbox.models import OutgoingMessage

    listed = set(queries.uncertain("xx-pr").values_list("pk", flat=True))
    rows = OutgoingMessage.objects.values_list("pk", "message_id", "state")
    return [[message_id, state, pk in listed] for pk, message_id, state in rows]


COMMANDS = {"seed": seed, "start": start, "report": report}

if __name__ == "__main__":
    main()
