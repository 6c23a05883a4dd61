"""Posting: a message becomes a row inside the transaction of the act that causes it."""

import hashlib
import hmac
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from endorsement_portal.outbox import values
from endorsement_portal.outbox.models import MessageState, OutgoingMessage
from endorsement_portal.outbox.plain import one_line
from endorsement_portal.outbox.recipients import Recipient
from endorsement_portal.web.jobs import enqueue

EMAIL_MAX = 254
MESSAGE_ID_LABEL = b"endorsement_portal.outbox.message_id"


def post(
    *,
    key: str,
    kind: str,
    template: str,
    to: Recipient,
    context: dict[str, Any],
    due_at: datetime | None = None,
    scope: str = "",
    held: bool = False,
    required: bool = True,
) -> OutgoingMessage | None:
    """Claim the key and queue the message; None when the key was used before. Call it inside the act's transaction.

    `template` names templates/emails/<template>.html. `context` takes JSON-plain values, instants and dates. `scope` is
    the code of the association whose staff may see it. `held` waits for a coordinator. A message that is not `required`
    goes by mail only if its reader did not switch the kind off. The copy in the portal is made at delivery.
    """
    if OutgoingMessage.objects.filter(key=key).exists():
        return None
    now = timezone.now()
    message = OutgoingMessage(
        key=key,
        kind=kind,
        template=template,
        to_email=to.email.strip()[:EMAIL_MAX],
        to_name=one_line(to.name),
        user_id=to.user.pk if to.user else None,
        language=to.language or "en",
        context=values.stored(context),
        due_at=due_at or now,
        scope=scope,
        required=required,
        state=MessageState.HELD if held else MessageState.NEW,
        message_id=message_id_of(key),
    )
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        if OutgoingMessage.objects.filter(key=key).exists():
            return None  # somebody else claimed the key at the same instant
        raise
    if message.state == MessageState.NEW and message.due_at <= now:
        enqueue("outbox.deliver_due")
    return message


def message_id_of(key: str) -> str:
    """The Message-ID of this key, the same at every attempt, so that a repeat can be recognized."""
    secret = hmac.new(settings.SECRET_KEY.encode(), MESSAGE_ID_LABEL, hashlib.sha256).digest()
    digest = hmac.new(secret, key.encode(), hashlib.sha256).hexdigest()
    return f"<{digest[:40]}@{urlsplit(settings.PUBLIC_ADDRESS).hostname or 'localhost'}>"
