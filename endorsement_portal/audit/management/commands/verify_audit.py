"""Check the audit chains, from the first row to the head of each."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from endorsement_portal.audit import actions, queries
from endorsement_portal.audit.chain import Head
from endorsement_portal.web.commands import PortalCommand


class Command(PortalCommand):
    help = (
        "Seals what waits, then checks every audit chain. Prints the head of each; exits 1 naming the first bad row. "
        "Keep the printed heads elsewhere: --against FILE then also finds a tail that was cut together with its head."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--against", type=Path, metavar="FILE", help="heads printed by an earlier run")

    def handle(self, *args: Any, against: Path | None = None, **options: Any) -> None:
        expected = _read(against) if against else ()
        actions.seal()
        faults: list[str] = []
        for head, fault in queries.verify():
            if fault:
                faults.append(str(fault))
            else:
                self.stdout.write(f"{head.chain} {head.sequence} {head.hash}")
        faults += filter(None, map(queries.fault_against, expected))
        if faults:
            raise CommandError("; ".join(faults))


def _read(path: Path) -> tuple[Head, ...]:
    try:
        rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return tuple(Head(chain, int(sequence), own_hash) for chain, sequence, own_hash in rows)
    except (OSError, ValueError) as error:
        raise CommandError(f"Cannot read heads from {path}: {error}") from error
