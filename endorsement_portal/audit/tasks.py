"""The sealer's nudge, every minute."""

from celery import shared_task

from endorsement_portal.audit import actions


@shared_task(name="audit.seal")
def seal() -> int:
    return actions.seal()
