"""Reading history: for the verifier and for the one staff page that searches it. No feature decides by it."""

from collections.abc import Iterator

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q, QuerySet

from endorsement_portal.audit import chain as chains
from endorsement_portal.audit.models import AuditEvent, AuditHead, AuditSeal, AuditText


def facts_of(event: AuditEvent) -> chains.EventFacts:
    """The event as the chain sees it. Select `text` beforehand when reading many."""
    text = _text_of(event)
    return chains.EventFacts(
        id=event.pk,
        at=event.at,
        chain=event.chain,
        verb=event.verb,
        actor_kind=event.actor_kind,
        actor_id=event.actor_id,
        object_type=event.object_type,
        object_id=event.object_id,
        data=event.data,
        text_digest=event.text_digest,
        request_id=event.request_id,
        text=text.text if text else None,
        salt=text.salt if text else None,
        erased=bool(text and text.erased_at),
    )


def _text_of(event: AuditEvent) -> AuditText | None:
    try:
        return event.text
    except ObjectDoesNotExist:
        return None


def chain_names() -> list[str]:
    """Every chain that has a head or rows."""
    named = AuditHead.objects.values_list("chain", flat=True)
    sealed = AuditSeal.objects.order_by("chain").values_list("chain", flat=True).distinct()
    return sorted({*named, *sealed})


def head_of(chain: str) -> chains.Head:
    """The end of a chain. Where the head is gone it is an empty one, which the rows then contradict."""
    head = AuditHead.objects.filter(chain=chain).first()
    return chains.Head(chain, head.sequence, head.hash) if head else chains.Head(chain, 0, chains.GENESIS)


def sealed_rows(chain: str) -> Iterator[chains.SealedEvent]:
    """The rows of a chain in their order, streamed."""
    seals = AuditSeal.objects.filter(chain=chain).select_related("event__text").order_by("sequence")
    for seal in seals.iterator(chunk_size=2000):
        yield chains.SealedEvent(seal.sequence, seal.chain, seal.previous_hash, seal.hash, facts_of(seal.event))


def verify() -> tuple[tuple[chains.Head, chains.Fault | None], ...]:
    """Each chain's head with its first fault, or None."""
    return tuple(_verify(chain) for chain in chain_names())


def _verify(chain: str) -> tuple[chains.Head, chains.Fault | None]:
    """One chain. When the sealer moved the head while the rows were read, they are read again."""
    head = head_of(chain)
    while True:
        fault = chains.first_fault(sealed_rows(chain), head)
        before, head = head, head_of(chain)
        if fault is None or head == before:
            return before, fault


def search(*, chain: str, text: str = "", verb: str = "") -> QuerySet[AuditEvent]:
    """Events of one chain, newest first; `text` looks into verbs, identifiers and personal text."""
    events = AuditEvent.objects.filter(chain=chain).select_related("text", "seal").order_by("-id")
    if verb:
        events = events.filter(verb=verb)
    if text:
        events = events.filter(
            Q(verb__icontains=text)
            | Q(object_id__iexact=text)
            | Q(actor_id__iexact=text)
            | Q(object_type__icontains=text)
            | Q(text__text__icontains=text)
        )
    return events


def fault_against(expected: chains.Head) -> str:
    """What contradicts a head that was kept elsewhere; empty when the chain still passes through it."""
    if expected.sequence == 0:
        return ""
    row = AuditSeal.objects.filter(chain=expected.chain, sequence=expected.sequence).first()
    if row is None:
        return f"chain {expected.chain}, row {expected.sequence}: the row is gone, its hash was kept elsewhere"
    if row.hash != expected.hash:
        return f"chain {expected.chain}, row {expected.sequence}: it differs from the hash kept elsewhere"
    return ""
