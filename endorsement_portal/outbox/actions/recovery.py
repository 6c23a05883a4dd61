"""Recovering what a dead worker left behind. Nothing is repeated blindly and nothing is lost silently."""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from endorsement_portal.outbox import retry
from endorsement_portal.outbox.actions import leasing
from endorsement_portal.outbox.models import MessageState, OutgoingMessage

logger = logging.getLogger(__name__)

UNKNOWN = "The worker stopped while the mail was being handed over: it may have arrived."


def recover() -> Counter[str]:
    """Settle every message whose lease ran out.

    Not yet handed over: it goes back, or to the dead when its attempts are spent (it killed its workers). Handed over:
    a transport that offers `was_sent(message_id)` is asked; without one the message is `uncertain` and listed to staff.
    """
    now = timezone.now()
    outcomes: Counter[str] = Counter()
    abandoned = OutgoingMessage.objects.abandoned(now)
    if not abandoned.exists():  # the usual case: no write, so that an idle poll locks nothing on SQLite
        return outcomes
    untouched = abandoned.filter(handed_over_at__isnull=True)
    poisonous = untouched.filter(attempts__gte=retry.ATTEMPTS_MAX)
    outcomes[MessageState.DEAD] += poisonous.update(
        state=MessageState.DEAD, last_error="Its worker died at every attempt.", **leasing.FREE
    )
    outcomes["recovered"] += untouched.update(state=MessageState.NEW, **leasing.FREE)
    unknown = list(abandoned.filter(handed_over_at__isnull=False).order_by("id"))
    if unknown:
        connection = get_connection()
        for message in unknown:
            outcomes[settle_unknown(message, connection, error=UNKNOWN, again_at=now)] += 1
    return +outcomes


def settle_unknown(message: OutgoingMessage, connection: BaseEmailBackend, *, error: str, again_at: datetime) -> str:
    """A mail that may or may not have left: ask the transport by its Message-ID, or leave it to a person.

    One that certainly did not leave goes again at `again_at`.
    """
    answer = _was_sent(message, connection)
    if answer is None:
        leasing.finish(message, MessageState.UNCERTAIN, error=error)
        return MessageState.UNCERTAIN
    if answer:
        leasing.finish(message, MessageState.SENT, sent_at=message.handed_over_at or timezone.now())
        return MessageState.SENT
    leasing.retry_at(message, again_at, error=error)
    return "retried"


def _was_sent(message: OutgoingMessage, connection: BaseEmailBackend) -> bool | None:
    """None when the transport cannot say."""
    lookup: Callable[[str], bool] | None = getattr(connection, "was_sent", None)
    if lookup is None:
        return None
    try:
        return lookup(message.message_id)
    except Exception:  # a lookup that fails leaves us as wise as before
        logger.exception("The mail transport could not look up message %s", message.uuid)
        return None
