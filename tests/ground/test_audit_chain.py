"""The pure chain: what it finds, and that it names the first bad row."""

import dataclasses
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endorsement_portal.audit import chain as chains
from endorsement_portal.audit.chain import EventFacts, Fault, Head

AT = datetime(2026, 5, 12, 17, 0, tzinfo=UTC)
EMPTY = Head("xx-pr", 0, chains.GENESIS)


def event(number: int, **changes) -> EventFacts:
    facts = {
        "id": number, "at": AT + timedelta(seconds=number), "chain": "xx-pr", "verb": "thing.done",
        "actor_kind": "user", "actor_id": "u1", "object_type": "members.person", "object_id": "p1",
        "data": {"n": number}, "text_digest": "", "request_id": "r1",
    }  # fmt: skip
    return EventFacts(**{**facts, **changes})


def with_text(number: int, text: str, salt: str = "s") -> EventFacts:
    return event(number, text_digest=chains.text_digest(text, salt), text=text, salt=salt)


def rows_of(*events: EventFacts):
    rows = list(chains.sealed(events, EMPTY))
    last = rows[-1]
    return rows, Head("xx-pr", last.sequence, last.hash)


def test_sealed_rows_follow_one_another_and_verify():
    rows, head = rows_of(event(1), event(2), with_text(3, "because"))
    assert [row.sequence for row in rows] == [1, 2, 3]
    assert [row.previous_hash for row in rows] == [chains.GENESIS, rows[0].hash, rows[1].hash]
    assert chains.first_fault(rows, head) is None


def test_an_empty_chain_is_whole():
    assert chains.first_fault([], EMPTY) is None


def test_sealing_goes_on_after_the_head():
    rows, head = rows_of(event(1), event(2))
    more = list(chains.sealed([event(3)], head))
    assert (more[0].sequence, more[0].previous_hash) == (3, head.hash)
    assert chains.first_fault([*rows, *more], Head("xx-pr", 3, more[0].hash)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"at": AT}, {"verb": "x"}, {"actor_kind": "link"}, {"actor_id": "x"}, {"object_type": "x"}, {"object_id": "x"},
        {"data": {"n": 3}}, {"text_digest": "x"}, {"request_id": "x"}, {"id": 9}, {"chain": "xx-hl"},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_a_change_to_any_field_is_found_at_its_row(change):
    rows, head = rows_of(event(1), event(2), event(3))
    rows[1] = dataclasses.replace(rows[1], event=dataclasses.replace(rows[1].event, **change))
    fault = chains.first_fault(rows, head)
    assert (fault.sequence, fault.event_id) == (2, rows[1].event.id)
    assert fault.reason == "it was changed after it was sealed"


def test_the_same_instant_in_another_zone_is_no_change():
    rows, head = rows_of(event(1))
    elsewhere = rows[0].event.at.astimezone(timezone(timedelta(hours=-5)))
    rows[0] = dataclasses.replace(rows[0], event=dataclasses.replace(rows[0].event, at=elsewhere))
    assert chains.first_fault(rows, head) is None


def test_a_deleted_row_is_found_where_it_stood():
    rows, head = rows_of(event(1), event(2), event(3))
    assert chains.first_fault([rows[0], rows[2]], head) == Fault(
        "xx-pr", 2, None, "the row is missing; the next one is 3"
    )


def test_swapped_rows_are_found():
    rows, head = rows_of(event(1), event(2), event(3))
    rows[1], rows[2] = (
        dataclasses.replace(rows[1], event=rows[2].event),
        dataclasses.replace(rows[2], event=rows[1].event),
    )
    assert chains.first_fault(rows, head) == Fault("xx-pr", 2, 3, "it was changed after it was sealed")


def test_an_inserted_row_is_found():
    rows, head = rows_of(event(1), event(2))
    forged = next(chains.sealed([event(7)], Head("xx-pr", 1, rows[0].hash)))
    moved = dataclasses.replace(rows[1], sequence=3)
    assert chains.first_fault([rows[0], forged, moved], head) == Fault(
        "xx-pr", 3, 2, "the row was added behind the head, which stands at row 2"
    )


def test_a_replaced_row_breaks_the_next_one():
    rows, head = rows_of(event(1), event(2))
    forged = next(chains.sealed([event(1, verb="thing.hidden")], EMPTY))
    assert chains.first_fault([forged, rows[1]], head) == Fault("xx-pr", 2, 2, "it does not follow the row before it")


def test_a_replaced_last_row_contradicts_the_head():
    rows, head = rows_of(event(1), event(2))
    forged = next(chains.sealed([event(2, verb="thing.hidden")], Head("xx-pr", 1, rows[0].hash)))
    assert chains.first_fault([rows[0], forged], head) == Fault(
        "xx-pr", 2, None, "the head names another hash for this row"
    )


def test_a_cut_tail_no_longer_reaches_the_head():
    rows, head = rows_of(event(1), event(2), event(3))
    assert chains.first_fault(rows[:1], head) == Fault("xx-pr", 2, None, "the tail is cut: the head stands at row 3")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"text": "other"}, "its text was changed"),
        ({"salt": "other"}, "its text was changed"),
        ({"text": None, "salt": None}, "its text was removed without an erasure"),
        ({"text": "", "salt": "", "erased": True}, ""),
        ({"text": "more", "salt": "", "erased": True}, "its text was changed after its erasure"),
    ],
)
def test_personal_text_may_be_erased_but_not_changed(change, reason):
    rows, head = rows_of(with_text(1, "because"))
    rows[0] = dataclasses.replace(rows[0], event=dataclasses.replace(rows[0].event, **change))
    fault = chains.first_fault(rows, head)
    assert (fault.reason if fault else "") == reason


def test_text_added_later_is_found():
    rows, head = rows_of(event(1))
    rows[0] = dataclasses.replace(rows[0], event=dataclasses.replace(rows[0].event, text="slander", salt="s"))
    assert chains.first_fault(rows, head) == Fault("xx-pr", 1, 1, "text was added to it")


def test_a_fault_reads_as_a_sentence():
    assert str(Fault("xx-pr", 2, 14, "it was changed")) == "chain xx-pr, row 2 (event 14): it was changed"
    assert str(Fault("xx-pr", 2, None, "it is gone")) == "chain xx-pr, row 2: it is gone"


def test_the_same_text_with_another_salt_has_another_digest():
    assert chains.text_digest("Maren", "a") != chains.text_digest("Maren", "b")


@given(count=st.integers(1, 12), data=st.data())
def test_any_chain_verifies_and_any_dropped_row_is_named(count, data):
    rows, head = rows_of(*(event(number) for number in range(1, count + 1)))
    assert chains.first_fault(rows, head) is None
    dropped = data.draw(st.integers(0, count - 1))
    fault = chains.first_fault(rows[:dropped] + rows[dropped + 1 :], head)
    assert fault.sequence == dropped + 1
