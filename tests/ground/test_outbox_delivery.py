"""Posting, delivering, recovering: once, never twice, never lost, and one message's trouble is its own."""

import email
import email.policy
import smtplib
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.translation import gettext

from endorsement_portal.links.actions import address_of, issue, placeholder, revoke, token_of
from endorsement_portal.outbox import queries, rendering, tasks
from endorsement_portal.outbox.actions import choose, deliver_due, leasing, posting, recovery
from endorsement_portal.outbox.models import InAppMessage, MessagePreference, MessageState, OutgoingMessage
from tests.factories.members import UserFactory
from tests.ground import mailing
from tests.ground.mailing import AnsweringTransport, Transport, note

pytestmark = pytest.mark.django_db

S = MessageState


@pytest.fixture(autouse=True)
def _templates(settings):
    mailing.with_test_templates(settings)


@pytest.fixture
def transport(settings):
    Transport.reset()
    settings.EMAIL_BACKEND = "tests.ground.mailing.Transport"
    return Transport


@pytest.fixture
def answering(settings):
    AnsweringTransport.reset()
    settings.EMAIL_BACKEND = "tests.ground.mailing.AnsweringTransport"
    return AnsweringTransport


def row(message) -> OutgoingMessage:
    return OutgoingMessage.objects.get(pk=message.pk)


def abandon(message, **fields) -> OutgoingMessage:
    """As a worker leaves it that died."""
    past = timezone.now() - timedelta(seconds=1)
    fields = {"state": S.LEASED, "lease_token": str(uuid.uuid4()), "lease_until": past, **fields}
    OutgoingMessage.objects.filter(pk=message.pk).update(**fields)
    return row(message)


# --- posting


def test_a_key_is_claimed_once():
    first = note(scope="xx-pr")
    assert note() is None
    assert OutgoingMessage.objects.get() == first
    assert (first.state, first.scope, first.required, first.attempts) == (S.NEW, "xx-pr", True, 0)


def test_a_key_claimed_at_the_same_instant_leaves_the_transaction_usable(monkeypatch):
    note()
    real, answers = OutgoingMessage.objects.filter, [True]

    def blind_once(*args, **kwargs):
        found = real(*args, **kwargs)
        return found.none() if answers and answers.pop() else found

    with transaction.atomic():
        monkeypatch.setattr(OutgoingMessage.objects, "filter", blind_once)
        assert note() is None
        assert OutgoingMessage.objects.count() == 1


def test_another_broken_rule_is_not_taken_for_a_used_key(monkeypatch):
    monkeypatch.setattr(posting, "message_id_of", lambda _key: "<same@testserver>")
    note("one")
    with pytest.raises(IntegrityError), transaction.atomic():
        note("two")


def test_what_is_rolled_back_is_not_posted():
    with transaction.atomic():
        note()
        transaction.set_rollback(True)
    assert note() is not None


def test_the_message_id_is_fixed_by_the_key(settings):
    settings.PUBLIC_ADDRESS = "https://endorsement.example.org"
    one = posting.message_id_of("a")
    assert one == posting.message_id_of("a") != posting.message_id_of("b")
    assert one.endswith("@endorsement.example.org>")


def test_posting_nudges_the_worker_for_what_can_go_now(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        note("one")
        note("later", due_at=timezone.now() + timedelta(days=1))
        note("held", held=True)
    assert len(callbacks) == 1


# --- a mail from one template


def sent(**changes):
    note(**changes)
    deliver_due()
    return mail.outbox[-1]


def test_html_and_text_come_from_one_template():
    due = datetime(2026, 6, 26, 22, 0, tzinfo=UTC)
    letter = sent(context={"due": due, "day": date(2026, 6, 26), "organization": "Prairie Rivers"})
    assert letter.subject == "Maren wrote: Please read this. username"
    assert letter.to == ['"Adaeze Stonebrook" <reader@example.org>']
    assert letter.body == (
        "Endorsement\n\nPrairie Rivers\n\nA note from Maren\n\nDear Adaeze Stonebrook,\n\nPlease read this.\n\n"
        "By: Fri, June 26, 2026, 5:00 pm CDT\nDay: Fri, June 26, 2026\n\n- one\n- two\n\n"
        "With thanks,\nthe team. See the help (http://testserver/help/).\n\n--\n"
        "You get this message because you take part in Endorsement.\n"
    )
    ((html, kind),) = letter.alternatives
    assert kind == "text/html"
    assert html.startswith("<!doctype html>")
    assert 'class="mail__body" style="padding:22px 32px 14px"' in html
    assert "http" not in html.replace("http://testserver/help/", "")  # nothing is fetched, nothing counts readers


def test_the_message_id_stands_in_the_header():
    letter = sent()
    message = OutgoingMessage.objects.get()
    assert letter.extra_headers == {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}
    assert (message.state, message.attempts, message.lease_token, message.last_error) == (S.SENT, 1, "", "")
    assert message.handed_over_at <= message.sent_at


def test_the_reader_is_addressed_in_their_language():
    with translation.override("es"):
        expected = gettext("username")
    assert expected != "username"
    assert sent(language="es").subject == f"Maren wrote: Please read this. {expected}"
    assert '<html lang="es">' in mail.outbox[0].alternatives[0][0]


INJECTIONS = ["Eve\r\nBcc: all@example.org", "Eve\x85Bcc: all@example.org", "Eve\u2028X: y", "=?utf-8?q?a=0ABcc=3A_x?=",
              'Eve", <all@example.org>, "', "Eve, all@example.org", "\\", '"', "<script>", ""]  # fmt: skip


@pytest.mark.parametrize("typed", INJECTIONS)
def test_names_reach_no_header_and_no_second_reader(typed):
    letter = sent(name=typed, context={"who": typed or "x", "what": typed})
    finished = letter.message()
    assert letter.recipients() == letter.to
    assert finished.get_all("Bcc") is None
    assert len(finished.get_all("To")) == len(finished.get_all("Subject")) == 1
    assert set(finished.keys()) == {
        "Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted",
    }  # fmt: skip
    read = email.message_from_bytes(finished.as_bytes(), policy=email.policy.default)
    assert [address.addr_spec for address in read["To"].addresses] == ["reader@example.org"]


def test_typed_text_is_neither_markup_nor_link():
    letter = sent(context={"what": "<a href=x>evil.com</a> {{ user.password }}"})
    html = letter.alternatives[0][0]
    assert "&lt;a href=x&gt;evil.\u2060com&lt;/a&gt; {{ user.\u2060password }}" in html


# --- private links


@pytest.fixture
def link():
    return issue(purpose="rating", object_uuid=uuid.uuid4(), valid_for=timedelta(days=7))


def test_a_private_link_is_put_in_when_the_mail_is_built(link):
    letter = sent(context={"link": placeholder(link, "outbox:unsubscribe")})
    assert f"Open it:\n{address_of(link, 'outbox:unsubscribe')}\n" in letter.body
    assert token_of(link) not in str(OutgoingMessage.objects.values().get())


@pytest.mark.parametrize("how", ["revoked", "expired", "gone"])
def test_a_message_whose_link_is_closed_is_skipped(link, how):
    message = note(context={"link": placeholder(link, "outbox:unsubscribe")})
    if how == "revoked":
        revoke(purpose=link.purpose, object_uuid=link.object_uuid)
    elif how == "expired":
        type(link).objects.update(expires_at=timezone.now())
    else:
        link.delete()
    assert deliver_due() == {S.SKIPPED: 1}
    assert (row(message).last_error, mail.outbox) == ("The private link in it no longer opens.", [])


def test_the_copy_in_the_portal_holds_no_secret(link):
    user = UserFactory()
    note(user=user, context={"link": placeholder(link, "outbox:unsubscribe")})
    deliver_due()
    copy = InAppMessage.objects.get()
    assert copy.link == f"/messages/{copy.uuid}/follow/"
    assert token_of(link) not in str(InAppMessage.objects.values().get())


# --- copies in the portal


def test_readers_with_an_account_get_one_copy():
    user = UserFactory()
    moment = timezone.now() + timedelta(minutes=1)
    note(user=user, context={"what": "Visit evil.com", "link": "http://testserver/messages/"})
    assert not InAppMessage.objects.exists()
    deliver_due(now=moment)
    copy = InAppMessage.objects.get()
    assert (copy.user, copy.key, copy.kind, copy.subject) == (
        user,
        "note:1",
        "note",
        "Maren wrote: Visit evil.com username",
    )
    assert copy.body.startswith("Dear Adaeze Stonebrook,\n\nVisit evil.com\n\n- one")
    assert (copy.link, copy.created_at, copy.read_at) == ("/messages/", moment, None)


@pytest.mark.parametrize("link", ["http://elsewhere.org/", "http://testserver/" + "x" * 400])
def test_a_copy_links_to_our_own_pages_only(link):
    note(user=UserFactory(), context={"link": link})
    deliver_due()
    assert InAppMessage.objects.get().link == ""


def test_readers_without_an_account_get_none():
    sent()
    assert not InAppMessage.objects.exists()


def test_a_second_attempt_writes_no_second_copy(transport):
    note(user=UserFactory())
    transport.fail = {"before": smtplib.SMTPDataError(451, b"later")}
    assert deliver_due() == {"retried": 1}
    transport.fail = {}
    assert deliver_due(now=timezone.now() + timedelta(hours=1)) == {S.SENT: 1}
    assert InAppMessage.objects.count() == 1


# --- what the reader chose


def test_optional_mail_honors_the_reader_and_keeps_the_copy():
    user = UserFactory()
    choose(user_id=user.pk, kind="note", choice=MessagePreference.Choice.PORTAL)
    optional, required = note("optional", user=user, required=False), note("required", user=user)
    other_kind = note("other", user=user, required=False, kind="digest")
    assert deliver_due() == {S.SKIPPED: 1, S.SENT: 2}
    assert [row(message).state for message in (optional, required, other_kind)] == [S.SKIPPED, S.SENT, S.SENT]
    assert row(optional).last_error == "Its reader wants this kind in the portal only."
    assert InAppMessage.objects.count() == 3


def test_optional_mail_can_be_stopped_with_one_click():
    letter = sent(user=UserFactory(), required=False)
    address = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address.startswith("http://testserver/messages/stop/")
    assert f"Stop mails of this kind ({address})" in letter.body


def test_optional_mail_to_readers_without_an_account_has_no_such_link():
    assert "List-Unsubscribe" not in sent(required=False).extra_headers


def test_a_closed_account_is_not_written_to():
    message = note(user=UserFactory(is_active=False))
    assert deliver_due() == {S.SKIPPED: 1}
    assert row(message).last_error == "Its reader's account is closed."
    assert not InAppMessage.objects.exists()


# --- what is due


def test_only_what_is_due_goes_and_held_messages_stay():
    tomorrow = timezone.now() + timedelta(days=1)
    due, later, held = note("due"), note("later", due_at=tomorrow), note("held", held=True)
    now = timezone.now()
    assert deliver_due(now=now) == {S.SENT: 1}
    assert [row(message).state for message in (due, later, held)] == [S.SENT, S.NEW, S.HELD]
    assert deliver_due(now=tomorrow) == {S.SENT: 1}
    assert row(later).sent_at == tomorrow
    assert deliver_due(now=now + timedelta(days=2)) == {}


def test_batches_go_oldest_first():
    now = timezone.now()
    for number in range(5):
        note(f"note:{number}", due_at=now - timedelta(minutes=number), context={"who": f"N{number}"})
    assert deliver_due(now=now, batch=2) == {S.SENT: 2}
    assert [letter.subject[:2] for letter in mail.outbox] == ["N4", "N3"]


def test_the_task_goes_on_until_nothing_is_due(monkeypatch):
    monkeypatch.setattr(tasks, "BATCH", 1)
    monkeypatch.setattr(tasks.actions, "deliver_due", lambda: deliver_due(batch=1))
    for number in range(3):
        note(f"note:{number}")
    assert tasks.deliver_due() == 3
    monkeypatch.setattr(tasks, "BATCHES_MAX", 1)
    note("a")
    note("b")
    assert tasks.deliver_due() == 1


def test_claiming_takes_the_same_number_of_statements_for_1_and_30():
    asked = []
    for count in (1, 30):
        for number in range(count):
            note(f"{count}:{number}")
        with CaptureQueriesContext(connection) as statements:
            _token, messages = leasing.claim(now=timezone.now(), batch=50)
        assert len(messages) == count
        asked.append(len(statements))
        OutgoingMessage.objects.all().delete()
    assert asked == [6, 6]  # EXISTS, savepoint, SELECT, UPDATE, release, SELECT


def test_a_second_worker_gets_nothing_that_is_leased():
    note()
    _token, mine = leasing.claim(now=timezone.now(), batch=50)
    assert leasing.claim(now=timezone.now(), batch=50)[1] == []
    assert mine[0].lease_until > timezone.now() + timedelta(minutes=4)


@pytest.mark.parametrize("moment", ["begin", "hand over"])
def test_a_lost_lease_sends_nothing(monkeypatch, moment):
    message = note()
    steal = lambda: OutgoingMessage.objects.update(lease_token="somebody else")  # noqa: E731
    if moment == "begin":
        claim = leasing.claim
        monkeypatch.setattr(leasing, "claim", lambda **kwargs: (claim(**kwargs), steal())[0])
    else:
        render = rendering.render
        monkeypatch.setattr(rendering, "render", lambda message: (steal(), render(message))[1])
    assert deliver_due() == {"lost": 1}
    assert (mail.outbox, row(message).state) == ([], S.LEASED)


# --- failures


def test_a_transport_that_is_away_costs_no_attempt(transport):
    messages = [note("one"), note("two")]
    transport.fail = {"open": ConnectionRefusedError()}
    assert deliver_due() == {}
    assert [(row(m).state, row(m).attempts, row(m).lease_token) for m in messages] == [(S.NEW, 0, "")] * 2
    transport.fail = {"close": OSError("rude")}
    assert deliver_due() == {S.SENT: 2}


@pytest.mark.parametrize(
    "error",
    [smtplib.SMTPRecipientsRefused({}), smtplib.SMTPDataError(550, b"no"), smtplib.SMTPSenderRefused(5, b"", "x")],
)
def test_a_refused_mail_is_tried_again_after_a_growing_pause(transport, error):
    message = note()
    transport.fail = {"before": error}
    now = timezone.now()
    pauses = []
    for _attempt in range(8):
        assert deliver_due(now=now) == {"retried": 1}
        pauses.append(row(message).due_at - now)
        now = row(message).due_at
    refused = row(message)
    assert (refused.state, refused.attempts, refused.handed_over_at) == (S.DEAD, 8, None)
    assert refused.last_error.startswith(type(error).__name__)
    assert pauses[:7] == sorted(pauses[:7])
    assert timedelta(seconds=30) <= pauses[0] <= timedelta(seconds=36)
    assert deliver_due(now=now + timedelta(days=1)) == {}


def test_a_transport_that_took_nothing_is_no_delivery(transport):
    message = note()
    transport.answer = 0
    assert deliver_due() == {"retried": 1}
    assert row(message).last_error == "RuntimeError: The mail transport took nothing."


def test_a_broken_template_holds_up_nobody(caplog):
    poison, good = note("poison", context={"crash": "emails/there-is-none.html"}), note("good")
    assert deliver_due() == {"retried": 1, S.SENT: 1}
    assert (row(poison).attempts, row(poison).handed_over_at) == (1, None)
    assert "TemplateDoesNotExist" in row(poison).last_error
    assert row(good).state == S.SENT
    assert len(caplog.records) == 1


def test_an_address_that_is_none_is_dead_at_once():
    message = note(email="nobody\r\nBcc: x@example.org")
    assert deliver_due() == {S.DEAD: 1}
    assert row(message).last_error == "This is not an email address."


@pytest.mark.parametrize("moment", ["before", "after"])
def test_without_an_answer_and_without_lookup_it_is_uncertain_and_never_repeated(transport, moment):
    message = note(scope="xx-pr")
    transport.fail = {moment: smtplib.SMTPServerDisconnected("gone")}
    assert deliver_due() == {S.UNCERTAIN: 1}
    transport.fail = {}
    assert deliver_due(now=timezone.now() + timedelta(days=9)) == {}
    assert list(queries.uncertain("xx-pr")) == [row(message)]
    assert list(queries.uncertain("xx-hl")) == []
    assert row(message).last_error == "SMTPServerDisconnected: gone"


def test_without_an_answer_the_lookup_decides(answering):
    arrived = note("arrived")
    answering.fail = {"after": TimeoutError()}
    assert deliver_due() == {S.SENT: 1}
    answering.fail = {"before": TimeoutError()}
    lost = note("lost")
    assert deliver_due() == {"retried": 1}
    answering.fail = {"before": TimeoutError(), "lookup": TimeoutError()}
    unknown = note("unknown")
    assert deliver_due() == {S.UNCERTAIN: 1}
    assert [row(message).state for message in (arrived, lost, unknown)] == [S.SENT, S.NEW, S.UNCERTAIN]
    assert answering.taken == [arrived.message_id]


# --- what a dead worker left


def test_what_was_not_handed_over_goes_back(transport):
    message = abandon(note())
    assert deliver_due() == {"recovered": 1, S.SENT: 1}
    assert row(message).state == S.SENT


def test_a_live_lease_is_left_alone():
    message = abandon(note(), lease_until=timezone.now() + timedelta(minutes=1))
    assert recovery.recover() == {}
    assert row(message).state == S.LEASED


def test_a_message_that_kills_its_workers_ends_dead():
    message = abandon(note(), attempts=8)
    assert recovery.recover() == {S.DEAD: 1}
    assert row(message).last_error == "Its worker died at every attempt."


def test_what_was_handed_over_is_uncertain_without_lookup(transport):
    message = abandon(note(), handed_over_at=timezone.now(), attempts=1)
    assert recovery.recover() == {S.UNCERTAIN: 1}
    assert row(message).last_error == recovery.UNKNOWN
    assert deliver_due() == {}
    assert transport.taken == []


def test_what_was_handed_over_is_looked_up(answering):
    handed_over_at = timezone.now() - timedelta(minutes=6)
    arrived = abandon(note("arrived"), handed_over_at=handed_over_at, attempts=1)
    lost = abandon(note("lost"), handed_over_at=handed_over_at, attempts=1)
    answering.taken.append(arrived.message_id)
    assert recovery.recover() == {S.SENT: 1, "retried": 1}
    assert (row(arrived).state, row(arrived).sent_at) == (S.SENT, handed_over_at)
    assert (row(lost).state, row(lost).handed_over_at) == (S.NEW, None)
    assert deliver_due() == {S.SENT: 1}
    assert answering.taken == [arrived.message_id, lost.message_id]


def test_a_slow_worker_may_still_say_that_it_was_sent(transport):
    message = abandon(note(), handed_over_at=timezone.now(), attempts=1)
    recovery.recover()
    leasing.finish(message, S.SENT, sent_at=timezone.now())
    assert row(message).state == S.SENT


def test_an_outcome_written_too_late_changes_nothing(transport):
    message = abandon(note())
    recovery.recover()
    leasing.finish(message, S.SENT, sent_at=timezone.now())
    assert row(message).state == S.NEW


def test_a_crash_of_the_loop_itself_gives_the_rest_of_the_batch_back(monkeypatch):
    messages = [note("one"), note("two")]
    monkeypatch.setattr(leasing, "begin", lambda _message: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        deliver_due()
    assert [row(message).state for message in messages] == [S.NEW, S.NEW]
