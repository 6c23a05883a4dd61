"""Delivering: render, hand over outside any transaction, write the outcome. One message's trouble is its own."""

import logging
import smtplib
import uuid
from collections import Counter
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from endorsement_portal.outbox import queries, rendering
from endorsement_portal.outbox.actions import leasing, recovery
from endorsement_portal.outbox.models import InAppMessage, MessageState, OutgoingMessage

logger = logging.getLogger(__name__)

BATCH = 50
LINK_MAX = 300
REFUSED = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPHeloError,
    smtplib.SMTPConnectError,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPNotSupportedError,
)
"""Answers of a server that has certainly not taken the mail."""


def deliver_due(now: datetime | None = None, batch: int = BATCH) -> Counter[str]:
    """Recover what a dead worker left, then send one batch of what is due; how many messages ended in which state.

    Never call it inside a transaction: the mark "handed over" must be on disk before the mail leaves.
    """
    outcomes = recovery.recover()
    token, messages = leasing.claim(now=now or timezone.now(), batch=batch)
    if not messages:
        return outcomes
    connection = get_connection()
    try:
        connection.open()
    except Exception as error:  # noqa: BLE001 - the transport is away: no message's fault, so no attempt is counted
        logger.warning("The mail transport does not answer; %s messages wait: %s", leasing.release(token), error)
        return outcomes
    portal_only = queries.portal_only(messages)
    try:
        for message in messages:
            by_mail = message.required or (message.user_id, message.kind) not in portal_only
            outcomes[_deliver(message, connection, now=now, by_mail=by_mail)] += 1
    finally:
        _close(connection)
        leasing.release(token)
    return outcomes


def _deliver(message: OutgoingMessage, connection: BaseEmailBackend, *, now: datetime | None, by_mail: bool) -> str:
    """One message from its lease to its outcome; returns the state it ended in."""
    if not leasing.begin(message):
        return "lost"
    if message.user and not message.user.is_active:
        leasing.finish(message, MessageState.SKIPPED, error="Its reader's account is closed.")
        return MessageState.SKIPPED
    moment = now or timezone.now()
    try:
        validate_email(message.to_email)
        mail = rendering.mail_of(message, rendering.render(message)) if by_mail else None
        if not _hand_over(message, moment, by_mail=by_mail):
            return "lost"
    except rendering.LinkClosed:
        leasing.finish(message, MessageState.SKIPPED, error="The private link in it no longer opens.")
        return MessageState.SKIPPED
    except ValidationError:
        leasing.finish(message, MessageState.DEAD, error="This is not an email address.")
        return MessageState.DEAD
    except Exception as error:  # a broken template or value must not hold up the others; its trace is logged once
        first = message.attempts == 1
        logger.exception("Message %s could not be built (attempt %s)", message.uuid, message.attempts, exc_info=first)
        return _again(message, error, moment)
    return _send(message, mail, connection, now=now) if mail else MessageState.SKIPPED


def _hand_over(message: OutgoingMessage, moment: datetime, *, by_mail: bool) -> bool:
    """Write the portal's copy and the mark that the mail is about to leave, in one transaction; False: lease lost.

    The copy is written here and not when posting: what is held, skipped or not yet due must not be readable, and what
    is sent later must be in the words of the day it is sent. Its unique key keeps it single over all attempts.
    """
    with transaction.atomic(durable=True):
        mine = OutgoingMessage.objects.leased_with(message.lease_token).filter(pk=message.pk)
        if by_mail:
            held = mine.update(handed_over_at=timezone.now())
        else:
            reason = "Its reader wants this kind in the portal only."
            held = mine.update(state=MessageState.SKIPPED, last_error=reason, **leasing.FREE)
        if held and message.user_id:
            _write_copy(message, message.user_id, moment)
    return bool(held)


def _write_copy(message: OutgoingMessage, user_id: int, moment: datetime) -> None:
    if InAppMessage.objects.filter(key=message.key).exists():
        return
    copy_uuid = uuid.uuid4()
    copy = rendering.render_copy(message, copy_uuid)
    InAppMessage.objects.create(
        uuid=copy_uuid,
        user_id=user_id,
        key=message.key,
        kind=message.kind,
        subject=copy.subject,
        body=copy.body,
        link=copy.link if len(copy.link) <= LINK_MAX else "",
        created_at=moment,
    )


def _send(
    message: OutgoingMessage, mail: EmailMultiAlternatives, connection: BaseEmailBackend, *, now: datetime | None
) -> str:
    """The hand-over itself. Between its mark and its outcome nobody knows; recovery asks or leaves it to a person."""
    try:
        sent = connection.send_messages([mail])
    except REFUSED as error:
        _close(connection)
        return _again(message, error, now or timezone.now())
    except Exception as error:  # noqa: BLE001 - the line broke somewhere: it may have arrived
        logger.warning("Message %s: no clear answer from the mail transport: %s", message.uuid, error)
        _close(connection)
        again_at = leasing.pause_from(message, now or timezone.now())
        return recovery.settle_unknown(message, connection, error=_words(error), again_at=again_at)
    if not sent:
        return _again(message, RuntimeError("The mail transport took nothing."), now or timezone.now())
    leasing.finish(message, MessageState.SENT, sent_at=now or timezone.now())
    return MessageState.SENT


def _again(message: OutgoingMessage, error: Exception, moment: datetime) -> str:
    leasing.retry_at(message, leasing.pause_from(message, moment), error=_words(error))
    return "retried"


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except Exception as error:  # noqa: BLE001 - a broken line may also refuse to hang up
        logger.info("The mail transport did not close cleanly: %s", error)
