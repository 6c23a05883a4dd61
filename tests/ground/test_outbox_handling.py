"""The staff's hand on the outbox, and the lists it works from."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.outbox import actions, kinds, queries
from endorsement_portal.outbox.models import MessageState, OutgoingMessage
from endorsement_portal.workflow import LostRace
from tests.factories.members import UserFactory
from tests.ground import mailing
from tests.ground.mailing import note

pytestmark = pytest.mark.django_db

S = MessageState
ACTS = {
    "hold": (actions.hold, {S.NEW: S.HELD}),
    "release": (actions.release, {S.HELD: S.NEW}),
    "skip": (actions.skip, dict.fromkeys((S.NEW, S.HELD, S.UNCERTAIN, S.DEAD), S.SKIPPED)),
    "resend_uncertain": (actions.resend_uncertain, {S.UNCERTAIN: S.NEW}),
    "resend_dead": (actions.resend_dead, {S.DEAD: S.NEW}),
    "mark_sent": (actions.mark_sent, {S.UNCERTAIN: S.SENT}),
}


@pytest.fixture(autouse=True)
def _templates(settings):
    mailing.with_test_templates(settings)


@pytest.fixture
def staff():
    return UserFactory()


def message_in(state, **fields) -> OutgoingMessage:
    message = note(f"note:{state}", scope="xx-pr")
    if state == S.SENT:
        fields["sent_at"] = timezone.now()
    OutgoingMessage.objects.filter(pk=message.pk).update(state=state, **fields)
    message.refresh_from_db()
    return message


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("act", ACTS)
def test_each_act_works_from_its_own_states_only(staff, act, state):
    do, moves = ACTS[act]
    message = message_in(state)
    if state in moves:
        assert do(message=message, by=staff).state == moves[state]
        event = AuditEvent.objects.of(message).get()
        assert (event.chain, event.actor_id, event.data) == ("xx-pr", str(staff.uuid), {"key": message.key})
    else:
        with pytest.raises(LostRace) as refused:
            do(message=message, by=staff)
        assert refused.value.findings[0].requirement == "message_moved_on"
        message.refresh_from_db()
        assert message.state == state
        assert not AuditEvent.objects.of(message).exists()


def test_resending_starts_afresh_under_the_same_message_id(staff, django_capture_on_commit_callbacks):
    message = message_in(S.UNCERTAIN, attempts=3, handed_over_at=timezone.now(), lease_token="x", last_error="gone")
    with django_capture_on_commit_callbacks(execute=True):
        fresh = actions.resend_uncertain(message=message, by=staff)
        assert (fresh.attempts, fresh.handed_over_at, fresh.lease_token, fresh.last_error) == (0, None, "", "")
    assert [letter.extra_headers["Message-ID"] for letter in mail.outbox] == [message.message_id]


def test_marking_sent_keeps_the_instant_of_the_hand_over(staff):
    handed_over_at = timezone.now() - timedelta(hours=2)
    message = actions.mark_sent(message=message_in(S.UNCERTAIN, handed_over_at=handed_over_at), by=staff)
    assert message.sent_at == handed_over_at


def test_a_released_message_waits_for_its_day(staff, django_capture_on_commit_callbacks):
    message = message_in(S.HELD, due_at=timezone.now() + timedelta(days=1))
    with django_capture_on_commit_callbacks() as callbacks:
        actions.release(message=message, by=staff)
    assert callbacks == []


def test_a_reason_is_kept_as_erasable_text(staff):
    message = actions.hold(message=message_in(S.NEW), by=staff, reason="She asked us to wait")
    assert AuditEvent.objects.of(message).get().text.text == "She asked us to wait"


# --- lists


def test_lists_belong_to_one_association():
    now = timezone.now()
    mine = {state: message_in(state) for state in S}
    note("elsewhere", scope="xx-hl")
    later = note("later", scope="xx-pr", due_at=now + timedelta(days=40), name="Zara", email="zara@example.org")
    assert list(queries.upcoming("xx-pr", now + timedelta(days=30))) == [mine[S.NEW], mine[S.HELD]]
    assert list(queries.upcoming("xx-pr", now + timedelta(days=50))) == [mine[S.NEW], mine[S.HELD], later]
    assert queries.due(now).count() == 0
    assert list(queries.due(timezone.now()).filter(scope="xx-pr")) == [mine[S.NEW]]
    assert list(queries.uncertain("xx-pr")) == [mine[S.UNCERTAIN]]
    assert list(queries.needing_a_person("xx-pr")) == [mine[S.HELD], mine[S.UNCERTAIN], mine[S.DEAD]]
    assert queries.counts("xx-pr") == {**dict.fromkeys(S.values, 1), "new": 2}
    assert queries.counts("nowhere") == dict.fromkeys(S.values, 0)
    assert queries.listing("xx-pr").count() == 8
    assert list(queries.listing("xx-pr", state="dead")) == [mine[S.DEAD]]
    assert list(queries.listing("xx-pr", search="zar", kind="note")) == [later]
    assert list(queries.listing("xx-pr", kind="digest")) == []


def test_the_age_of_what_waits():
    now = timezone.now()
    assert queries.age_of_oldest_due(now) == timedelta()
    note(due_at=now - timedelta(minutes=7))
    assert queries.age_of_oldest_due(now) == timedelta(minutes=7)


def test_kinds_have_a_label(monkeypatch):
    monkeypatch.setattr(kinds, "_REGISTERED", {})
    kinds.register("digest", "What your cohort wrote")
    assert (kinds.label_of("digest"), kinds.label_of("cohort_news")) == ("What your cohort wrote", "Cohort news")
    assert [optional.kind for optional in kinds.registered()] == ["digest"]
