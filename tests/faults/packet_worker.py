"""The process under fire: makes its own database and forks packet builders that kill themselves at a named point.

Reads one command per line, answers each with one line of JSON: `seed N`, `build POINT`, `report`.
"""

import io
import json
import os
import signal
import sys
from datetime import timedelta

import django

LEASE_SECONDS = 0
POINTS = ("taken", "counted", "rendered", "assembled", "stored", "before commit", "committed", "never")


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.faults.packet_settings"
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from applications.actions import packets

    call_command("migrate", verbosity=0)
    call_command("load_standards", verbosity=0, stdout=io.StringIO())
    packets.LEASE = timedelta(seconds=LEASE_SECONDS)
    packets.ATTEMPTS_MAX = 100
    answer({"ready": True})
    for line in sys.stdin:
        command, _, argument = line.strip().partition(" ")
        connections.close_all()
        answer(COMMANDS[command](argument))


def answer(value: object) -> None:
    sys.stdout.write(f"{json.dumps(value)}\n")
    sys.stdout.flush()


def seed(count: str) -> int:
    from django.utils import timezone

    from applications.models import Packet
    from tests.applications.packet_desk import small_submission
    from tests.factories.applications import ApplicationFactory

    for _number in range(int(count)):
        small_submission(ApplicationFactory(submitted=True), timezone.now(), trainings=2, sessions=2)
    return Packet.objects.count()


def build(point: str) -> int:
    """Fork a builder that dies at `point` of its first packet; the signal that ended it, 0 for none."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    _arm(point)
    from applications.actions import packets

    packets.build_pending()
    os._exit(0)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _arm(point: str) -> None:
    """Put the kill behind (or before) one step of the builder."""
    from applications.actions import packets

    targets = {
        "taken": (packets, "take"),
        "counted": (packets, "_counted"),
        "rendered": (packets, "render"),
        "assembled": (packets.assembling, "assemble"),
        "stored": (packets, "store_generated"),
        "before commit": (packets, "_tell"),
        "committed": (packets, "_finish"),
    }
    if point not in targets:
        return
    module, name = targets[point]
    real = getattr(module, name)

    def deadly(*args, **values):
        answer = real(*args, **values)
        _die()
        return answer

    setattr(module, name, deadly)


def report(_argument: str) -> dict[str, object]:
    """Packets with their files, and what lies in the folder, after the sweep of a later day."""
    from pathlib import Path

    from django.core.files.storage import default_storage
    from django.utils import timezone

    from applications.models import Packet
    from endorsement_portal.files.models import StoredFile
    from endorsement_portal.files.sweep import remove_orphans
    from endorsement_portal.outbox.models import OutgoingMessage

    orphans = remove_orphans(timezone.now() + timedelta(days=2))
    return {
        "packets": [
            [row.state, row.sha256, row.pages, default_storage.path(row.file.content.name) if row.file else ""]
            for row in Packet.objects.select_related("file").order_by("pk")
        ],
        "files": StoredFile.objects.count(),
        "blobs": sum(path.is_file() for path in Path(default_storage.location).rglob("*")),
        "orphans": orphans,
        "mails": OutgoingMessage.objects.filter(kind="packet_ready").count(),
    }


COMMANDS = {"seed": seed, "build": build, "report": report}

if __name__ == "__main__":
    main()
