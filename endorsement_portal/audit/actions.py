"""Writing history: recording, sealing, erasing personal text."""

import json
import secrets
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from endorsement_portal.audit import chain as chains
from endorsement_portal.audit import context
from endorsement_portal.audit.models import PLATFORM_CHAIN, ActorKind, AuditEvent, AuditHead, AuditSeal, AuditText
from endorsement_portal.audit.queries import facts_of
from endorsement_portal.links.models import PrivateLink

SEAL_BATCH = 1000


def record(
    *,
    verb: str,
    obj: Model,
    by: Model | None = None,
    chain: str = PLATFORM_CHAIN,
    data: dict[str, Any] | None = None,
    text: str = "",
) -> AuditEvent:
    """Write down what happened to `obj`. Call it inside the transaction of the act itself.

    `by` is the user or the private link that acted; without one the running command, else the system.
    `data` takes identifiers, hashes, codes and whole numbers, never personal text and no floats (they have no canonical
    form); personal text goes into `text`, which can be erased later without breaking the chain.
    """
    actor_kind, actor_id = _actor(by)
    text = _clean(text)
    salt = secrets.token_hex(16) if text else ""
    event = AuditEvent.objects.create(
        at=timezone.now(),
        chain=chain or PLATFORM_CHAIN,
        verb=verb,
        actor_kind=actor_kind,
        actor_id=actor_id,
        object_type=obj._meta.label_lower,
        object_id=_public_id(obj),
        data=_plain(data or {}),
        text_digest=chains.text_digest(text, salt) if text else "",
        request_id=context.request_id.get(),
    )
    if text:
        AuditText.objects.create(event=event, text=text, salt=salt)
    return event


def _actor(by: Model | None) -> tuple[ActorKind, str]:
    if isinstance(by, PrivateLink):
        return ActorKind.LINK, str(by.uuid)
    if by is not None:
        return ActorKind.USER, _public_id(by)
    command = context.command.get()
    return (ActorKind.COMMAND, command) if command else (ActorKind.SYSTEM, "")


def _public_id(obj: Model) -> str:
    return str(getattr(obj, "uuid", obj.pk))


def _clean(text: str) -> str:
    """PostgreSQL stores no NUL."""
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")


def _plain(data: dict[str, Any]) -> Any:
    """JSON-plain values that both engines give back as they were."""
    written = json.dumps(data, cls=DjangoJSONEncoder).replace("\\u0000", "\\ufffd")
    return json.loads(written, parse_float=_refuse, parse_constant=_refuse)


def _refuse(number: str) -> None:
    raise TypeError(f"Audit data holds no floats (got {number}): use whole numbers or text")


def seal(*, batch: int = SEAL_BATCH) -> int:
    """Give every waiting event its place in its chain; how many were sealed. Safe to run twice at once."""
    waiting = AuditEvent.objects.unsealed().order_by("chain").values_list("chain", flat=True).distinct()
    return sum(_seal_chain(chain, batch) for chain in list(waiting))


def _seal_chain(chain: str, batch: int) -> int:
    total = 0
    while sealed := _seal_batch(chain, batch):
        total += sealed
    return total


def _seal_batch(chain: str, batch: int) -> int:
    """One batch under the lock of the chain's head: a row lock on PostgreSQL, the IMMEDIATE transaction on SQLite."""
    AuditHead.objects.get_or_create(chain=chain, defaults={"hash": chains.GENESIS})
    with transaction.atomic():
        head = AuditHead.objects.select_for_update().get(chain=chain)
        waiting = AuditEvent.objects.unsealed().filter(chain=chain).select_related("text").order_by("id")[:batch]
        rows = list(chains.sealed([facts_of(event) for event in waiting], chains.Head(chain, head.sequence, head.hash)))
        if not rows:
            return 0
        AuditSeal.objects.bulk_create(
            AuditSeal(
                event_id=row.event.id,
                chain=chain,
                sequence=row.sequence,
                previous_hash=row.previous_hash,
                hash=row.hash,
            )
            for row in rows
        )
        AuditHead.objects.filter(pk=head.pk).update(sequence=rows[-1].sequence, hash=rows[-1].hash)
    return len(rows)


def erase_text(*, event: AuditEvent, by: Model | None = None) -> bool:
    """Erase an event's personal text with its salt; the chain still verifies. False when there was nothing to erase."""
    with transaction.atomic():
        texts = AuditText.objects.filter(event=event, erased_at__isnull=True)
        erased = texts.update(text="", salt="", erased_at=timezone.now()) == 1
        if erased:
            record(verb="audit.text_erased", obj=event, by=by, chain=event.chain)
    return erased
