"""Background work on files."""

from __future__ import annotations

from celery import shared_task

from endorsement_portal.files import sweep


@shared_task(name="files.sweep")
def sweep_files() -> None:
    sweep.remove_orphans()
