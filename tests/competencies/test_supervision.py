"""Asking a provider, and the provider's one signature: what is written, who is told, what is refused."""

import datetime
from dataclasses import replace

import pytest

from competencies.actions import supervision
from competencies.actions.supervision import SessionAnswer
from competencies.enums import SignOffAnswer
from competencies.models import SignOff, SignOffRequest, Supervision
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.links import actions as links
from endorsement_portal.links.models import PrivateLink
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.workflow import NotAllowed
from tests.factories.competencies import SupervisionFactory
from tests.factories.members import PersonFactory

pytestmark = pytest.mark.django_db
CONFIRM, CORRECT, DECLINE = SignOffAnswer.CONFIRM, SignOffAnswer.CORRECT, SignOffAnswer.DECLINE


@pytest.fixture
def provider(db):
    return PersonFactory(name="Tobias Fernhollow", email="tobias@example.org", time_zone="Pacific/Auckland")


@pytest.fixture
def session(applicant, provider):
    return SupervisionFactory(person=applicant, provider=provider, minutes=90)


def reasons(caught) -> list[str]:
    return [finding.requirement for finding in caught.value.findings]


def ask(session, now):
    return supervision.ask_provider(person=session.person, provider=session.provider, by=session.person.user, now=now)


def asked(session, now):
    request = ask(session, now)
    return request, PrivateLink.objects.get(object_uuid=request.uuid, revoked_at__isnull=True)


def answer(session, kind=CONFIRM, **more):
    session.refresh_from_db()
    return SessionAnswer(session=session.uuid, version=session.version, answer=kind, **more)


def sign(request, link, *answers, now, typed_name="Tobias Fernhollow"):
    return supervision.sign(request=request, link=link, answers=answers, typed_name=typed_name, now=now)


# --- asking -------------------------------------------------------------------------------------------------------


def test_ask_sends_one_link_and_marks_the_sessions(session, applicant, now):
    SupervisionFactory(person=applicant, provider=session.provider, minutes=30)
    SupervisionFactory(person=applicant, provider=session.provider, minutes=30, withdrawn_at=now)
    SupervisionFactory(person=applicant, provider=session.provider, confirmed=True)
    request, link = asked(session, now)
    mail = OutgoingMessage.objects.get(kind="rsc_sign_off")
    session.refresh_from_db()
    assert (session.state, session.asked_at, session.version) == ("sent", now, 1)
    assert Supervision.objects.filter(state="sent").count() == 2
    assert (request.provider, request.asked_at, request.asked_count) == (session.provider, now, 1)
    assert (mail.to_email, mail.context["sessions"], mail.context["minutes"]) == ("tobias@example.org", 2, 120)
    assert mail.context["link"] == links.placeholder(link, "sign_off:landing")
    assert AuditEvent.objects.get(verb="supervision.provider_asked").data == {"sessions": 2}


def test_ask_again_on_the_same_day_is_refused(session, now):
    ask(session, now)
    with pytest.raises(NotAllowed) as caught:
        ask(session, now + datetime.timedelta(hours=3))
    assert (reasons(caught), SignOffRequest.objects.get().asked_count) == (["asked_today"], 1)


def test_ask_on_the_next_day_mails_the_same_link_again(session, now):
    _request, first = asked(session, now)
    request, second = asked(session, now + datetime.timedelta(days=1))
    assert (first, request.asked_count, OutgoingMessage.objects.count()) == (second, 2, 2)


def test_a_link_near_its_end_is_replaced(session, now):
    _request, first = asked(session, now)
    _request, second = asked(session, now + datetime.timedelta(days=40))
    first.refresh_from_db()
    assert (first.revoked_at is not None, second.expires_at) == (True, now + datetime.timedelta(days=85))


def test_two_members_share_the_providers_link(session, other_applicant, now):
    _request, first = asked(session, now)
    other = SupervisionFactory(person=other_applicant, provider=session.provider)
    _request, second = asked(other, now)
    assert (first, OutgoingMessage.objects.filter(to_email="tobias@example.org").count()) == (second, 2)


def test_nothing_to_confirm_is_refused(applicant, provider, now):
    SupervisionFactory(person=applicant, provider=provider, confirmed=True)
    with pytest.raises(NotAllowed) as caught:
        supervision.ask_provider(person=applicant, provider=provider, by=applicant.user, now=now)
    assert (reasons(caught), PrivateLink.objects.count()) == (["nothing_to_confirm"], 0)


def test_only_the_person_asks(session, other_applicant, now):
    with pytest.raises(NotAllowed) as caught:
        supervision.ask_provider(person=session.person, provider=session.provider, by=other_applicant.user, now=now)
    assert reasons(caught) == ["not_yours"]


def test_only_some_providers_a_day(applicant, now):
    sessions = SupervisionFactory.create_batch(supervision.PROVIDERS_ASKED_PER_DAY_MAX + 1, person=applicant)
    for session in sessions[:-1]:
        ask(session, now)
    with pytest.raises(NotAllowed) as caught:
        ask(sessions[-1], now)
    sessions[-1].refresh_from_db()
    assert (reasons(caught), sessions[-1].state) == (["asked_many_today"], "logged")


def test_asking_needs_no_clock_of_the_caller(session):
    request = supervision.ask_provider(person=session.person, provider=session.provider, by=session.person.user)
    assert request.asked_count == 1


# --- signing ------------------------------------------------------------------------------------------------------


def test_confirm_correct_and_decline_under_one_signature(session, applicant, now):
    longer = SupervisionFactory(person=applicant, provider=session.provider, minutes=90)
    strange = SupervisionFactory(person=applicant, provider=session.provider, minutes=60)
    request, link = asked(session, now)
    signed = sign(
        request,
        link,
        answer(session),
        answer(longer, CORRECT, minutes=75),
        answer(strange, DECLINE, reason=" We met on the 29th. "),
        now=now,
        typed_name="  Tobias   Fernhollow ",
    )
    for row in (session, longer, strange):
        row.refresh_from_db()
    day = datetime.date(2026, 5, 13)  # already tomorrow in the provider's zone
    assert (session.state, session.minutes, session.attested_on, session.version) == ("confirmed", 90, day, 2)
    assert (longer.state, longer.minutes, longer.attested_on) == ("corrected", 75, day)
    assert (strange.state, strange.minutes, strange.attested_on) == ("declined", 60, None)
    assert (session.provenance, strange.provenance) == ("confirmed_here", "stated")
    lines = signed.sign_off.lines.order_by("id").values_list("answer", "minutes_before", "minutes_after", "reason")
    assert list(lines) == [
        ("confirm", 90, 90, ""),
        ("correct", 90, 75, ""),
        ("decline", 60, 60, "We met on the 29th."),
    ]
    assert (signed.sign_off.typed_name, signed.sign_off.text, signed.skipped) == (
        "Tobias Fernhollow",
        supervision.statement(),
        (),
    )
    event = AuditEvent.objects.get(verb="supervision.signed")
    assert (event.actor_kind, event.actor_id) == ("link", str(link.uuid))
    assert sorted(event.data["sessions"]) == sorted(str(row.uuid) for row in (session, longer, strange))
    link.refresh_from_db()
    assert link.use_count == 1


def test_each_member_is_told_once_in_states_only(session, other_applicant, now):
    declined = SupervisionFactory(person=session.person, provider=session.provider)
    other = SupervisionFactory(person=other_applicant, provider=session.provider, minutes=30)
    request, link = asked(session, now)
    reason = "Not with me"
    signed = sign(request, link, answer(session), answer(declined, DECLINE, reason=reason), answer(other), now=now)
    mails = {mail.to_email: mail for mail in OutgoingMessage.objects.filter(kind="hours_confirmed")}
    own = mails["maren@example.org"]
    assert sorted(mails) == ["maren@example.org", "samir@example.org"]
    assert own.key == f"rsc-sign:{signed.sign_off.uuid}:{session.person.uuid}"
    told = {name: own.context[name] for name in ("confirmed", "minutes", "changed", "declined")}
    assert told == {"confirmed": 1, "minutes": 90, "changed": 0, "declined": 1}
    assert reason not in str(own.context)


def test_correction_to_the_same_minutes_is_a_confirmation(session, now):
    request, link = asked(session, now)
    sign(request, link, answer(session, CORRECT, minutes=90), now=now)
    session.refresh_from_db()
    assert session.state == "confirmed"


def test_session_changed_after_it_was_shown_is_skipped(session, applicant, now):
    other = SupervisionFactory(person=applicant, provider=session.provider)
    request, link = asked(session, now)
    seen = answer(session)
    Supervision.objects.filter(pk=session.pk).update(minutes=600, version=2)
    signed = sign(request, link, seen, answer(other), now=now)
    session.refresh_from_db()
    assert (session.state, session.attested_on, signed.skipped) == ("sent", None, (session.uuid,))


@pytest.mark.parametrize(
    "change",
    [
        {"withdrawn_at": datetime.datetime(2026, 5, 12, tzinfo=datetime.UTC)},
        {"state": "declined"},
        {"state": "confirmed", "attested_on": datetime.date(2026, 5, 1)},
        {"provider": None},
    ],
    ids=["withdrawn", "declined", "confirmed", "another provider"],
)
def test_session_that_no_longer_waits_is_never_signed(session, now, change):
    request, link = asked(session, now)
    seen = answer(session)
    Supervision.objects.filter(pk=session.pk).update(**change)
    with pytest.raises(NotAllowed) as caught:
        sign(request, link, seen, now=now)
    assert (reasons(caught), SignOff.objects.count()) == (["all_changed"], 0)


def test_race_between_reading_and_writing_is_lost_quietly(session, applicant, now, monkeypatch):
    other = SupervisionFactory(person=applicant, provider=session.provider)
    request, link = asked(session, now)
    seen = answer(session)
    write = supervision._write_answer

    def late(row, given, *, today):
        if row.pk == session.pk:
            Supervision.objects.filter(pk=session.pk).update(version=9)
        return write(row, given, today=today)

    monkeypatch.setattr(supervision, "_write_answer", late)
    signed = sign(request, link, seen, answer(other), now=now)
    assert signed.skipped == (session.uuid,)


def test_another_providers_session_is_never_signed(session, now):
    foreign = SupervisionFactory(state="sent")
    request, link = asked(session, now)
    signed = sign(request, link, answer(session), answer(foreign), now=now)
    foreign.refresh_from_db()
    assert (foreign.state, signed.skipped) == ("sent", (foreign.uuid,))


def test_partial_answers_leave_the_others_waiting(session, applicant, now):
    other = SupervisionFactory(person=applicant, provider=session.provider)
    request, link = asked(session, now)
    sign(request, link, answer(session), now=now)
    other.refresh_from_db()
    assert other.state == "sent"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"kind": DECLINE, "reason": " "}, "reason_missing"),
        ({"kind": CORRECT}, "minutes_out_of_range"),
        ({"kind": CORRECT, "minutes": 0}, "minutes_out_of_range"),
        ({"kind": CORRECT, "minutes": 1441}, "minutes_out_of_range"),
    ],
)
def test_answer_out_of_shape_is_refused(session, now, more, reason):
    request, link = asked(session, now)
    with pytest.raises(NotAllowed) as caught:
        sign(request, link, answer(session, **more), now=now)
    assert (reasons(caught), SignOff.objects.count()) == ([reason], 0)


def test_nothing_answered_is_refused(session, now):
    request, link = asked(session, now)
    with pytest.raises(NotAllowed) as caught:
        sign(request, link, now=now)
    assert reasons(caught) == ["nothing_answered"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_no_signature_without_a_name(session, now, name):
    request, link = asked(session, now)
    with pytest.raises(NotAllowed) as caught:
        sign(request, link, answer(session), now=now, typed_name=name)
    assert reasons(caught) == ["name_missing"]


def test_link_of_another_request_expired_or_revoked_does_not_sign(session, now):
    request, link = asked(session, now)
    stranger = links.issue(purpose="sign_off", object_uuid=PersonFactory().uuid, valid_for=datetime.timedelta(days=1))
    rating = links.issue(purpose="rating", object_uuid=request.uuid, valid_for=datetime.timedelta(days=1))
    late = link.expires_at
    revoked = replace_link(link, revoked_at=now)
    for used, moment in ((stranger, now), (rating, now), (link, late), (revoked, now)):
        with pytest.raises(NotAllowed) as caught:
            sign(request, used, answer(session), now=moment)
        assert reasons(caught) == ["link_ended"]


def replace_link(link, **changes):
    copy = PrivateLink.objects.get(pk=link.pk)
    for name, value in changes.items():
        setattr(copy, name, value)
    return copy


def test_answers_are_frozen_and_signing_needs_no_clock_of_the_caller(session):
    request = supervision.ask_provider(person=session.person, provider=session.provider, by=session.person.user)
    link = PrivateLink.objects.get(object_uuid=request.uuid)
    given = replace(answer(session), reason="x" * 600)
    signed = supervision.sign(request=request, link=link, answers=(given,), typed_name="Tobias")
    assert len(signed.sign_off.lines.get().reason) == 500
