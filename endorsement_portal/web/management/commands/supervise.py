"""`manage.py supervise`: web, worker and scheduler in one terminal, for the embedded installation."""

import os
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandParser

from endorsement_portal.supervisor import Child, Supervisor
from endorsement_portal.web.commands import PortalCommand


def children(*, port: int, var_dir: Path) -> list[Child]:
    """The three processes. Beat runs by itself: inside a worker it would outlive a killed worker as an orphan."""
    celery = [sys.executable, "-m", "celery", "-A", "endorsement_portal"]
    return [
        Child("web", [
            sys.executable, "-m", "gunicorn", "endorsement_portal.wsgi:application",
            "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4", "--access-logfile", "/dev/null",
            "--log-level", "warning",
        ]),
        Child("worker", [*celery, "worker", "--concurrency", "2", "--loglevel", "warning"]),
        Child("beat", [*celery, "beat", "--schedule", str(var_dir / "beat-schedule"), "--loglevel", "warning"]),
    ]  # fmt: skip


class Command(PortalCommand):
    help = "Runs web, worker and scheduler; restarts what dies; Ctrl-C stops all."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, choices=range(1, 65536), metavar="PORT", default=8000)

    def handle(self, *, port: int, **options: object) -> None:
        address = f"http://localhost:{port}"
        supervisor = Supervisor(
            children(port=port, var_dir=Path(settings.VAR_DIR)),
            say=self.stdout.write,
            environment={"PUBLIC_ADDRESS": address, **os.environ},
        )
        self.stdout.write(f"The portal answers on {address} - stop it with Ctrl-C")
        supervisor.run()
        self.stdout.write("Stopped.")
