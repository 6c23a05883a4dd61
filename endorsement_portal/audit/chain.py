"""Pure: the hash chain, and the judge of it. Knows no database.

Each seal's hash covers the sequence, the hash before it and the canonical JSON of the event, in which personal text
stands only as a salted digest. A change, a hole, a swap or an inserted row breaks the chain at a row we can name; a
tail that was cut off no longer reaches the head.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class EventFacts:
    """An event as it lies in the table. `text` and `salt` are None when its text row is missing, "" once erased."""

    id: int
    at: datetime
    chain: str
    verb: str
    actor_kind: str
    actor_id: str
    object_type: str
    object_id: str
    data: Any
    text_digest: str
    request_id: str
    text: str | None = None
    salt: str | None = None
    erased: bool = False


@dataclass(frozen=True, slots=True)
class SealedEvent:
    sequence: int
    chain: str
    previous_hash: str
    hash: str
    event: EventFacts


@dataclass(frozen=True, slots=True)
class Head:
    chain: str
    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where a chain is broken. `event_id` is None where the row itself is gone."""

    chain: str
    sequence: int
    event_id: int | None
    reason: str

    def __str__(self) -> str:
        row = f" (event {self.event_id})" if self.event_id is not None else ""
        return f"chain {self.chain}, row {self.sequence}{row}: {self.reason}"


def text_digest(text: str, salt: str) -> str:
    return hashlib.sha256(f"{salt}:{text}".encode()).hexdigest()


def canonical(event: EventFacts) -> str:
    """Everything that must never change, as JSON with sorted keys and no spaces; the instant in UTC, microseconds."""
    return json.dumps(
        {
            "id": event.id,
            "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "chain": event.chain,
            "verb": event.verb,
            "actor_kind": event.actor_kind,
            "actor_id": event.actor_id,
            "object_type": event.object_type,
            "object_id": event.object_id,
            "data": event.data,
            "text_digest": event.text_digest,
            "request_id": event.request_id,
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )


def link_hash(event: EventFacts, *, sequence: int, previous_hash: str) -> str:
    return hashlib.sha256(f"{sequence}\n{previous_hash}\n{canonical(event)}".encode()).hexdigest()


def sealed(events: Iterable[EventFacts], head: Head) -> Iterator[SealedEvent]:
    """The events as the next rows after `head`, in the order given."""
    sequence, previous_hash = head.sequence, head.hash
    for event in events:
        sequence += 1
        own_hash = link_hash(event, sequence=sequence, previous_hash=previous_hash)
        yield SealedEvent(sequence, head.chain, previous_hash, own_hash, event)
        previous_hash = own_hash


def first_fault(rows: Iterable[SealedEvent], head: Head) -> Fault | None:
    """The first broken row of one chain, or None. `rows` come in the order of their sequence, from the first on."""
    sequence, previous_hash = 0, GENESIS
    for row in rows:
        reason = _fault_of(row, sequence + 1, previous_hash, head)
        if reason:
            missing = row.sequence > sequence + 1
            return Fault(head.chain, sequence + 1, None if missing else row.event.id, reason)
        sequence, previous_hash = row.sequence, row.hash
    if sequence < head.sequence:
        return Fault(head.chain, sequence + 1, None, f"the tail is cut: the head stands at row {head.sequence}")
    if previous_hash != head.hash:
        return Fault(head.chain, sequence, None, "the head names another hash for this row")
    return None


def _fault_of(row: SealedEvent, sequence: int, previous_hash: str, head: Head) -> str:
    event = row.event
    if row.sequence != sequence:
        return f"the row is missing; the next one is {row.sequence}"
    if sequence > head.sequence:
        return f"the row was added behind the head, which stands at row {head.sequence}"
    if row.previous_hash != previous_hash:
        return "it does not follow the row before it"
    if event.chain != head.chain or row.hash != link_hash(event, sequence=sequence, previous_hash=previous_hash):
        return "it was changed after it was sealed"
    return _text_fault(event)


def _text_fault(event: EventFacts) -> str:
    if not event.text_digest:
        return "" if event.text is None else "text was added to it"
    if event.text is None or event.salt is None:
        return "its text was removed without an erasure"
    if event.erased:
        return "" if event.text == "" and event.salt == "" else "its text was changed after its erasure"
    return "" if text_digest(event.text, event.salt) == event.text_digest else "its text was changed"
