"""The sender's nudge: after each post, and every ten seconds."""

from celery import shared_task

from endorsement_portal.outbox import actions
from endorsement_portal.outbox.actions.delivery import BATCH

BATCHES_MAX = 20
"""So that one run ends well within the workers' time limit; the next nudge goes on."""


@shared_task(name="outbox.deliver_due")
def deliver_due() -> int:
    """Send what is due, batch by batch; how many messages were handled."""
    handled = 0
    for _batch in range(BATCHES_MAX):
        outcomes = actions.deliver_due()
        handled += outcomes.total()
        if outcomes.total() < BATCH:
            break
    return handled
