"""Background work on files: ids only. The rows are the truth, a task is a nudge."""

from __future__ import annotations

from celery import shared_task

from endorsement_portal.files import previews, scanning, sweep


@shared_task(name="files.draw_preview", ignore_result=True)
def draw_preview(file_uuid: str) -> None:
    previews.draw(file_uuid)


@shared_task(name="files.draw_pending_previews", ignore_result=True)
def draw_pending_previews() -> None:
    previews.draw_pending()


@shared_task(name="files.scan_waiting", ignore_result=True)
def scan_waiting() -> None:
    scanning.settle_waiting()


@shared_task(name="files.sweep", ignore_result=True)
def sweep_files() -> None:
    sweep.remove_orphans()
