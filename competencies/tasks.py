"""Background work of the portfolio: ids only. The rows are the truth, a task is a nudge."""

from celery import shared_task

from competencies.actions import exporting, importing, log_imports, rosters


@shared_task(name="competencies.import_log", ignore_result=True)
def import_log(import_uuid: str) -> None:
    importing.run(import_uuid=import_uuid)


@shared_task(name="competencies.import_pending_logs", ignore_result=True)
def import_pending_logs() -> None:
    """The sweep: what waits is carried out, what nobody came back for is forgotten."""
    importing.run_pending()
    log_imports.put_aside_stale()
    rosters.put_aside_stale()


@shared_task(name="competencies.export", ignore_result=True)
def export(export_uuid: str) -> None:
    exporting.run(export_uuid=export_uuid)


@shared_task(name="competencies.make_pending_exports", ignore_result=True)
def make_pending_exports() -> None:
    exporting.run_pending()


@shared_task(name="competencies.remove_expired_exports", ignore_result=True)
def remove_expired_exports() -> None:
    exporting.remove_expired()
