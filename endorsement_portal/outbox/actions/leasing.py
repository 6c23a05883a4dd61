"""Leasing: which worker sends what. The same statements on SQLite and PostgreSQL."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from endorsement_portal.outbox import retry
from endorsement_portal.outbox.models import MessageState, OutgoingMessage

LEASE = timedelta(minutes=5)
"""Far longer than the transport's own time-out (EMAIL_TIMEOUT), so that a lease never ends during a hand-over."""

FREE = {"lease_token": "", "lease_until": None}


def claim(*, now: datetime, batch: int) -> tuple[str, list[OutgoingMessage]]:
    """Lease up to `batch` due messages in four statements, however many there are.

    `now` decides what is due; leases run on the real clock, also when `now` is a simulated day. The conditional UPDATE
    decides who gets a row; before it, PostgreSQL lets two workers skip each other's rows, and SQLite lets one in at a
    time. (As one statement with a subquery PostgreSQL may run the subquery again for each row and lease too many.)
    """
    token = str(uuid.uuid4())
    if not OutgoingMessage.objects.due(now).exists():  # asked outside a transaction: an idle poll locks nothing
        return token, []
    with transaction.atomic(durable=True):
        due = OutgoingMessage.objects.due(now).order_by("due_at", "id").select_for_update(skip_locked=True)
        chosen = list(due.values_list("pk", flat=True)[:batch])
        leased = OutgoingMessage.objects.filter(pk__in=chosen, state=MessageState.NEW).update(
            state=MessageState.LEASED, lease_token=token, lease_until=timezone.now() + LEASE, handed_over_at=None
        )
    if not leased:
        return token, []
    return token, list(OutgoingMessage.objects.leased_with(token).select_related("user").order_by("due_at", "id"))


def begin(message: OutgoingMessage) -> bool:
    """Count the attempt and renew the lease, before anything can go wrong; False when the lease is lost.

    Counted here and not at the claim: a worker that dies spoils the attempt of one message, not of its whole batch.
    """
    mine = OutgoingMessage.objects.leased_with(message.lease_token).filter(pk=message.pk)
    if not mine.update(attempts=F("attempts") + 1, lease_until=timezone.now() + LEASE):
        return False
    message.attempts += 1
    return True


def release(token: str) -> int:
    """Give back whatever is still leased with this token and was not handed over, as if never claimed."""
    waiting = OutgoingMessage.objects.leased_with(token).filter(handed_over_at__isnull=True)
    return waiting.update(state=MessageState.NEW, **FREE)


def pause_from(message: OutgoingMessage, now: datetime) -> datetime:
    """When a message that failed now is tried again: the pause grows with each attempt."""
    return now + retry.wait_after(message.attempts, message.key)


def retry_at(message: OutgoingMessage, due_at: datetime, *, error: str) -> None:
    """Certainly not sent: try again then, or stop when the attempts are spent."""
    dead = retry.spent(message.attempts)
    _settle(
        message,
        state=MessageState.DEAD if dead else MessageState.NEW,
        due_at=message.due_at if dead else due_at,
        handed_over_at=None,
        last_error=error[:500],
        **FREE,
    )


def finish(message: OutgoingMessage, state: MessageState, *, error: str = "", sent_at: datetime | None = None) -> None:
    """Write the outcome. An uncertain message keeps its token, so that a slow worker can still say "sent"."""
    free = {} if state == MessageState.UNCERTAIN else FREE
    _settle(message, state=state, last_error=error[:500], sent_at=sent_at, **free)


def _settle(message: OutgoingMessage, **fields: object) -> None:
    mine = OutgoingMessage.objects.filter(
        pk=message.pk, lease_token=message.lease_token, state__in=(MessageState.LEASED, MessageState.UNCERTAIN)
    )
    mine.update(updated_at=timezone.now(), **fields)
