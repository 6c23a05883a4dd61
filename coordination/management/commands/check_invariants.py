"""`manage.py check_invariants`: walks the whole database and reports everything that must hold and does not."""

from typing import Any

from django.core.management.base import CommandError

from coordination.invariants import INVARIANTS, broken
from endorsement_portal.web.commands import PortalCommand


class Command(PortalCommand):
    help = "Walks the whole database and reports every broken invariant."

    def handle(self, **options: Any) -> None:
        number = 0
        for name, sentence in broken():
            number += 1
            self.stdout.write(f"{name}: {sentence}")
        if number:
            raise CommandError(f"{number} broken")
        self.stdout.write(f"{len(INVARIANTS)} invariants hold.")
