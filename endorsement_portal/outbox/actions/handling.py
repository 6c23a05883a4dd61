"""The staff's hand on the outbox. Each act changes a message only if it still stands where the page showed it."""

from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from endorsement_portal.audit.actions import record
from endorsement_portal.outbox.actions.leasing import FREE
from endorsement_portal.outbox.models import MessageState, OutgoingMessage
from endorsement_portal.web.jobs import enqueue
from endorsement_portal.workflow import LostRace


def hold(*, message: OutgoingMessage, by: Model, reason: str = "") -> OutgoingMessage:
    """Keep a waiting message back until somebody releases it."""
    return _move(message, by, "outbox.held", (MessageState.NEW,), {"state": MessageState.HELD}, reason)


def release(*, message: OutgoingMessage, by: Model) -> OutgoingMessage:
    """Let a held message go: now, or on its due day when that is still to come."""
    return _move(message, by, "outbox.released", (MessageState.HELD,), {"state": MessageState.NEW})


def skip(*, message: OutgoingMessage, by: Model, reason: str = "") -> OutgoingMessage:
    """Never send it. Its key stays used, so that no plan posts it again."""
    sources = (MessageState.NEW, MessageState.HELD, MessageState.UNCERTAIN, MessageState.DEAD)
    return _move(message, by, "outbox.skipped", sources, {"state": MessageState.SKIPPED, **FREE}, reason)


def resend_uncertain(*, message: OutgoingMessage, by: Model) -> OutgoingMessage:
    """Send again what may have arrived, with the same Message-ID; a person takes the risk of a second copy."""
    return _move(message, by, "outbox.resent", (MessageState.UNCERTAIN,), _again())


def resend_dead(*, message: OutgoingMessage, by: Model) -> OutgoingMessage:
    """Try again what could not be sent, with fresh attempts."""
    return _move(message, by, "outbox.revived", (MessageState.DEAD,), _again())


def mark_sent(*, message: OutgoingMessage, by: Model) -> OutgoingMessage:
    """Somebody found out that an uncertain message did arrive."""
    sent = {"state": MessageState.SENT, "sent_at": message.handed_over_at or timezone.now(), **FREE}
    return _move(message, by, "outbox.marked_sent", (MessageState.UNCERTAIN,), sent)


def _again() -> dict[str, Any]:
    fresh = {"handed_over_at": None, "attempts": 0, "last_error": ""}
    return {"state": MessageState.NEW, "due_at": timezone.now(), **fresh, **FREE}


def _move(
    message: OutgoingMessage,
    by: Model,
    verb: str,
    sources: tuple[MessageState, ...],
    fields: dict[str, Any],
    reason: str = "",
) -> OutgoingMessage:
    """Write the change and its history; raises LostRace when the message has moved on."""
    with transaction.atomic():
        here = OutgoingMessage.objects.filter(pk=message.pk, state__in=sources)
        if not here.update(updated_at=timezone.now(), **fields):
            raise LostRace.because(
                "message_moved_on",
                _("This message has moved on since you opened the page. Nothing was changed."),
                fix=_("Look at the list again."),
            )
        message.refresh_from_db()
        record(verb=verb, obj=message, by=by, chain=message.scope, data={"key": message.key}, text=reason)
        if message.state == MessageState.NEW and message.due_at <= timezone.now():
            enqueue("outbox.deliver_due")
    return message
