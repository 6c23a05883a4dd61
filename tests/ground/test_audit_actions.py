"""Recording, sealing, erasing; the triggers; the command."""

import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from endorsement_portal.audit import actions, context, queries, triggers
from endorsement_portal.audit.apps import restore_triggers
from endorsement_portal.audit.models import AuditEvent, AuditHead, AuditSeal, AuditText
from endorsement_portal.audit.tasks import seal as seal_task
from endorsement_portal.links.actions import issue
from tests.factories.members import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_history(db):
    """What loading the standards recorded for the whole session is no part of these tests."""
    triggers.remove(connection)
    for model in (AuditText, AuditSeal, AuditEvent, AuditHead):
        model.objects.all().delete()
    triggers.install(connection)


@pytest.fixture
def user():
    return UserFactory()


def record(user, **changes):
    return actions.record(**{"verb": "thing.done", "obj": user, "by": user, "chain": "xx-pr", **changes})


@pytest.fixture
def unfrozen():
    """An intruder who owns the database and lifted the triggers."""
    triggers.remove(connection)
    yield
    triggers.install(connection)


def run_sql(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


# --- recording


def test_an_event_names_actor_object_and_request(user):
    token = context.request_id.set("request-1")
    event = record(user, data={"role": "coordinator", "on": timezone.now().date(), "id": user.uuid})
    context.request_id.reset(token)
    event.refresh_from_db()
    assert (event.actor_kind, event.actor_id) == ("user", str(user.uuid))
    assert (event.object_type, event.object_id) == ("members.user", str(user.uuid))
    assert (event.chain, event.verb, event.request_id, event.text_digest) == ("xx-pr", "thing.done", "request-1", "")
    assert event.data == {"role": "coordinator", "on": timezone.now().date().isoformat(), "id": str(user.uuid)}
    assert not AuditText.objects.exists()


def test_a_link_a_command_and_the_system_are_told_apart(user):
    link = issue(purpose="rating", object_uuid=uuid.uuid4(), valid_for=timedelta(days=1))
    by_link = record(user, by=link)
    with context.acting_as_command("import_members"):
        by_command = record(user, by=None)
    by_system = record(user, by=None, chain="")
    assert [(event.actor_kind, event.actor_id) for event in (by_link, by_command, by_system)] == [
        ("link", str(link.uuid)),
        ("command", "import_members"),
        ("system", ""),
    ]
    assert by_system.chain == "platform"


def test_personal_text_lies_beside_the_event_with_its_salt(user):
    event = record(user, text="She moved\x00 away")
    assert event.text.text == "She moved\N{REPLACEMENT CHARACTER} away"
    assert len(event.text.salt) == 32
    assert event.text.salt not in event.text_digest


@pytest.mark.parametrize("value", [1.5, float("nan"), float("inf")])
def test_floats_are_refused_because_they_have_no_canonical_form(user, value):
    with pytest.raises(TypeError):
        record(user, data={"hours": value})


def test_events_of_an_object(user):
    mine = record(user)
    record(UserFactory())
    assert list(AuditEvent.objects.of(user)) == [mine]


# --- sealing and verifying


def faults():
    return [(fault.chain, fault.sequence) for _head, fault in queries.verify() if fault]


def test_each_chain_is_sealed_in_the_order_of_its_events(user):
    first, second = record(user), record(user)
    other = record(user, chain="platform")
    assert actions.seal(batch=1) == 3
    assert list(AuditSeal.objects.order_by("chain", "sequence").values_list("chain", "sequence", "event_id")) == [
        ("platform", 1, other.pk),
        ("xx-pr", 1, first.pk),
        ("xx-pr", 2, second.pk),
    ]
    assert AuditHead.objects.get(chain="xx-pr").sequence == 2
    assert (actions.seal(), faults()) == (0, [])


def test_the_sealer_goes_on_where_it_stopped(user):
    record(user)
    seal_task()
    record(user, text="a reason")
    assert seal_task() == 1
    assert [head.sequence for head, _fault in queries.verify()] == [2]
    assert faults() == []


def test_sealing_takes_the_same_number_of_statements_for_1_and_30_events(user):
    record(user)
    actions.seal()
    asked = []
    for count in (1, 30):
        for _number in range(count):
            record(user, text="a reason")
        with CaptureQueriesContext(connection) as statements:
            assert actions.seal() == count
        asked.append(len(statements))
    assert asked[0] == asked[1]


TAMPERING = {
    "edit": ("UPDATE audit_auditevent SET verb = 'thing.undone' WHERE id = %s", 1, 2),
    "delete": ("DELETE FROM audit_auditseal WHERE event_id = %s", 1, 2),
    "cut tail": ("DELETE FROM audit_auditseal WHERE event_id = %s", 3, 4),
    "reorder": ("UPDATE audit_auditseal SET sequence = 100 - sequence WHERE event_id >= %s", 0, 1),
    "text": ("UPDATE audit_audittext SET text = 'kinder words' WHERE event_id = %s", 2, 3),
    "text gone": ("DELETE FROM audit_audittext WHERE event_id = %s", 2, 3),
    "head": ("UPDATE audit_audithead SET hash = 'x' WHERE sequence = 4 AND id > 0 * %s", 3, 4),
    "no head": ("DELETE FROM audit_audithead WHERE id > 0 * %s", 0, 1),
}


@pytest.mark.parametrize(("statement", "index", "sequence"), TAMPERING.values(), ids=TAMPERING)
def test_tampering_is_found_at_its_row(user, unfrozen, statement, index, sequence):
    events = [record(user, text="harsh words" if number == 2 else "") for number in range(4)]
    actions.seal()
    run_sql(statement, events[index].pk)
    assert faults() == [("xx-pr", sequence)]


def test_an_inserted_row_is_found(user, unfrozen):
    events = [record(user) for _number in range(3)]
    actions.seal()
    forged = record(user)
    run_sql("UPDATE audit_auditseal SET sequence = sequence + 10 WHERE event_id > %s", events[0].pk)
    run_sql("UPDATE audit_auditseal SET sequence = sequence - 9 WHERE event_id > %s", events[0].pk)
    AuditSeal.objects.create(event=forged, chain="xx-pr", sequence=2, previous_hash="x", hash="y")
    assert faults() == [("xx-pr", 2)]


def test_a_sealer_at_work_during_the_check_is_no_fault(user, monkeypatch):
    record(user)
    actions.seal()
    real, busy = queries.sealed_rows, [1]

    def sealed_meanwhile(chain):
        if busy:
            busy.pop()
            record(user)
            actions.seal()
        return real(chain)

    monkeypatch.setattr(queries, "sealed_rows", sealed_meanwhile)
    assert [(head.sequence, fault) for head, fault in queries.verify()] == [(2, None)]


def test_erasing_leaves_the_chain_whole(user):
    event = record(user, text="Maren moved away")
    actions.seal()
    assert actions.erase_text(event=event, by=user) is True
    text = AuditText.objects.get(event=event)
    assert (text.text, text.salt, text.erased_at is not None) == ("", "", True)
    actions.seal()
    assert faults() == []
    assert AuditEvent.objects.of(event).get().verb == "audit.text_erased"
    assert actions.erase_text(event=event, by=user) is False


def test_search_looks_into_verbs_identifiers_and_text(user):
    moved = record(user, verb="cohort.moved", text="to the summer")
    plain = record(user, verb="cohort.joined")
    record(user, chain="xx-hl", verb="cohort.moved")
    assert list(queries.search(chain="xx-pr")) == [plain, moved]
    assert list(queries.search(chain="xx-pr", text="SUMMER")) == [moved]
    assert list(queries.search(chain="xx-pr", text=str(user.uuid))) == [plain, moved]
    assert list(queries.search(chain="xx-pr", verb="cohort.joined")) == [plain]


# --- triggers


REFUSED = (
    "UPDATE audit_auditevent SET verb = 'x'",
    "DELETE FROM audit_auditevent",
    "UPDATE audit_auditseal SET hash = 'x'",
    "DELETE FROM audit_auditseal",
    "UPDATE audit_audittext SET text = 'x'",
    "UPDATE audit_audittext SET text = '', salt = ''",
    "DELETE FROM audit_audittext",
)


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses_to_rewrite_history(user, statement):
    record(user, text="a reason")
    actions.seal()
    with pytest.raises(IntegrityError, match=triggers.MESSAGE), transaction.atomic():
        run_sql(statement)


def test_an_erased_text_cannot_be_written_again(user):
    event = record(user, text="a reason")
    actions.erase_text(event=event)
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditText.objects.filter(event=event).update(text="again")


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only PostgreSQL has TRUNCATE")
@pytest.mark.parametrize("table", ["audit_auditseal", "audit_audittext"])
def test_truncate_is_refused(table):
    with pytest.raises(DatabaseError, match=triggers.MESSAGE), transaction.atomic():
        run_sql(f"TRUNCATE {table}")


def test_postgresql_gets_the_same_refusals_and_one_for_truncate():
    created = {statement.split()[2] for statement in triggers._postgresql() if statement.startswith("CREATE TRIGGER")}
    tables = {*triggers.FROZEN_TABLES, triggers.TEXT_TABLE}
    assert created == triggers.names() | {f"{table}_truncate" for table in tables}


def test_lost_triggers_come_back_with_the_next_migrate(unfrozen):
    assert triggers.installed(connection) == frozenset()
    restore_triggers(using="default")
    assert triggers.installed(connection) == triggers.names()
    restore_triggers(using="default")  # nothing to do


# --- the command


def verify_audit(**options) -> str:
    out = StringIO()
    call_command("verify_audit", stdout=out, **options)
    return out.getvalue()


def test_verify_audit_seals_first_and_prints_the_heads(user):
    record(user)
    head = AuditSeal.objects.filter(chain="xx-pr")
    printed = verify_audit()
    assert printed == f"xx-pr 1 {head.get().hash}\n"


def test_verify_audit_names_the_first_bad_row(user, unfrozen):
    events = [record(user) for _number in range(3)]
    actions.seal()
    run_sql("UPDATE audit_auditevent SET verb = 'x' WHERE id = %s", events[1].pk)
    with pytest.raises(CommandError) as refused:
        verify_audit()
    assert str(refused.value) == f"chain xx-pr, row 2 (event {events[1].pk}): it was changed after it was sealed"
    assert refused.value.returncode == 1


def test_heads_kept_elsewhere_find_a_tail_cut_together_with_its_head(user, unfrozen, tmp_path):
    first, second = record(user), record(user)
    kept = tmp_path / "heads"
    kept.write_text(verify_audit() + "xx-hl 0 x\n")
    assert verify_audit(against=kept).startswith("xx-pr 2 ")
    AuditSeal.objects.filter(event=second).delete()
    second.delete()
    AuditHead.objects.update(sequence=1, hash=AuditSeal.objects.get(event=first).hash)
    assert verify_audit().startswith("xx-pr 1 ")
    with pytest.raises(CommandError, match="chain xx-pr, row 2: the row is gone"):
        verify_audit(against=kept)
    record(user)
    with pytest.raises(CommandError, match="chain xx-pr, row 2: it differs from the hash kept elsewhere"):
        verify_audit(against=kept)


@pytest.mark.parametrize("content", [None, "xx-pr one hash", "xx-pr 1"])
def test_unreadable_heads_are_one_clear_line(tmp_path, content):
    kept = tmp_path / "heads"
    if content:
        kept.write_text(content)
    with pytest.raises(CommandError, match=f"Cannot read heads from {kept}"):
        verify_audit(against=kept)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", [1, 2])
def test_a_transactional_test_leaves_no_history_and_whole_triggers(user, _round):
    record(user, text="a reason")
    actions.seal()
    assert triggers.installed(connection) == triggers.names()
