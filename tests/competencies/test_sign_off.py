"""The provider's pages: a GET changes nothing, a POST acts, the secret leaves the address, only one's own rows."""

import datetime

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from competencies.actions import supervision
from competencies.forms.sign_off import SignOffForm
from competencies.models import SignOff, SignOffRequest, Supervision
from competencies.views import sign_off as views
from endorsement_portal.links import actions as links
from endorsement_portal.links.models import PrivateLink
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.outbox.rendering import render
from tests.factories.competencies import SupervisionFactory
from tests.factories.members import PersonFactory

pytestmark = pytest.mark.django_db
SESSIONS = "/s/sessions/"


@pytest.fixture
def provider(db):
    return PersonFactory(name="Tobias Fernhollow", email="tobias@example.org")


@pytest.fixture
def session(applicant, provider):
    return SupervisionFactory(person=applicant, provider=provider, minutes=90)


@pytest.fixture
def link(session):
    request = supervision.ask_provider(person=session.person, provider=session.provider, by=session.person.user)
    return PrivateLink.objects.get(object_uuid=request.uuid)


@pytest.fixture
def address(link):
    return reverse("sign_off:landing", args=[links.token_of(link)])


@pytest.fixture
def opened(client, address):
    """A browser that has come through the link."""
    assert client.post(address).url == SESSIONS
    return client


def answers(*sessions, name="Tobias Fernhollow", **changes):
    data = {"typed_name": name}
    for session in sessions:
        session.refresh_from_db()
        data |= {
            f"answer-{session.uuid}": "confirm",
            f"minutes-{session.uuid}": str(session.minutes),
            f"reason-{session.uuid}": "",
            f"version-{session.uuid}": str(session.version),
        }
    return data | changes


def everything() -> list[list[tuple]]:
    return [
        list(model.objects.order_by("pk").values_list())
        for model in (Supervision, SignOff, SignOffRequest, PrivateLink, OutgoingMessage, Session)
    ]


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_opening_the_link_changes_nothing(client, address, method):
    before = everything()
    answer = getattr(client, method)(address, headers={"Purpose": "prefetch"})
    assert (answer.status_code, everything()) == (200 if method != "options" else 405, before)


def test_landing_says_who_asks_and_keeps_out_of_caches(client, address):
    page = client.get(address)
    assert "Maren Oakhill" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"


def test_post_leads_to_a_clean_address(client, address, session):
    answer = client.post(address)
    page = client.get(answer.url)
    assert (answer.url, page.status_code) == (SESSIONS, 200)
    assert links.token_of(PrivateLink.objects.get()) not in page.content.decode()


@pytest.mark.parametrize("state", ["garbage", "expired", "revoked", "other purpose", "request gone"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_links_that_open_nothing_look_the_same(client, address, link, state, method):
    wanted = address
    if state == "garbage":
        wanted = reverse("sign_off:landing", args=["x" * 43])
    elif state == "expired":
        PrivateLink.objects.update(expires_at=timezone.now())
    elif state == "revoked":
        links.revoke(purpose="sign_off", object_uuid=link.object_uuid)
    elif state == "other purpose":
        other = links.issue(purpose="rating", object_uuid=link.object_uuid, valid_for=datetime.timedelta(days=1))
        wanted = reverse("sign_off:landing", args=[links.token_of(other)])
    else:
        SignOffRequest.objects.all().delete()
    answer = getattr(client, method)(wanted)
    assert (answer.status_code, answer.templates[0].name) == (404, "sign_off/ended.html")
    assert client.get(SESSIONS).status_code == 404


def test_many_lookups_are_slowed_down(client, address, monkeypatch):
    monkeypatch.setattr(views, "LOOKUPS_MAX", 2)
    assert [client.get(address).status_code for _ in range(3)] == [200, 200, 429]


def test_odd_tokens_are_answered(client):
    for token in ("%00", "a" * 5000, "☃", "..%2f", "'--"):
        assert client.get(f"/s/{token}/").status_code == 404


def test_pages_behind_the_link_need_it(client, session, link):
    assert client.get(SESSIONS).status_code == 404
    assert client.post(SESSIONS, answers(session)).status_code == 404
    assert SignOff.objects.count() == 0


def test_the_hour_ends(opened, session):
    kept = opened.session
    kept[views.SESSION_KEY] = {**kept[views.SESSION_KEY], "until": timezone.now().isoformat()}
    kept.save()
    assert opened.get(SESSIONS).status_code == 404


def test_a_link_revoked_meanwhile_ends_the_visit(opened, session, link):
    links.revoke(purpose="sign_off", object_uuid=link.object_uuid)
    assert opened.post(SESSIONS, answers(session)).status_code == 404
    PrivateLink.objects.all().delete()
    assert opened.get(SESSIONS).status_code == 404


def test_a_request_gone_meanwhile_ends_the_visit(opened):
    SignOffRequest.objects.all().delete()
    assert opened.get(SESSIONS).status_code == 404


def test_a_member_who_is_also_provider_keeps_their_own_sign_in(client, address, other_applicant):
    client.force_login(other_applicant.user)
    client.post(address)
    assert client.get(SESSIONS).status_code == 200
    assert client.get(reverse("portfolio:overview")).status_code == 200


def test_page_lists_everybodys_waiting_sessions(opened, session, other_applicant, provider):
    SupervisionFactory(person=other_applicant, provider=provider)
    SupervisionFactory(person=other_applicant, provider=provider, confirmed=True)
    SupervisionFactory(person=other_applicant)
    form = opened.get(SESSIONS).context["form"]
    assert [(person.name, len(rows)) for person, rows in form.rows()] == [("Maren Oakhill", 1), ("Samir Birchwell", 1)]


@pytest.mark.parametrize("rows", [1, 30])
def test_page_takes_the_same_queries_for_any_number(opened, provider, session, rows, django_assert_num_queries):
    for _ in range(rows - 1):
        SupervisionFactory(provider=provider)
    with django_assert_num_queries(5):
        opened.get(SESSIONS)


def test_long_lists_are_cut_and_say_so(opened, session, provider, monkeypatch):
    SupervisionFactory(provider=provider)
    monkeypatch.setattr(views, "ROWS_MAX", 1)
    page = opened.get(SESSIONS)
    assert (len(page.context["form"].sessions), page.context["waiting"]) == (1, 2)


def test_sign_all_as_logged(opened, session):
    answer = opened.post(SESSIONS, answers(session))
    page = opened.get(answer.url)
    session.refresh_from_db()
    sign_off = SignOff.objects.get()
    assert (session.state, sign_off.typed_name) == ("confirmed", "Tobias Fernhollow")
    assert (answer.url, page.status_code) == (reverse("sign_off:done", args=[sign_off.uuid]), 200)
    assert "Maren Oakhill" in page.content.decode()
    assert list(opened.get(SESSIONS).context["earlier"]) == [sign_off]


def test_changed_minutes_are_a_correction(opened, session):
    opened.post(SESSIONS, answers(session, **{f"minutes-{session.uuid}": "75"}))
    session.refresh_from_db()
    assert (session.state, session.minutes) == ("corrected", 75)


def test_empty_minutes_mean_as_logged(opened, session):
    opened.post(SESSIONS, answers(session, **{f"minutes-{session.uuid}": ""}))
    session.refresh_from_db()
    assert (session.state, session.minutes) == ("confirmed", 90)


def test_decline_with_a_reason(opened, session):
    given = {f"answer-{session.uuid}": "decline", f"reason-{session.uuid}": "We met on the 29th"}
    opened.post(SESSIONS, answers(session, **given))
    session.refresh_from_db()
    assert (session.state, session.sign_off_lines.get().reason) == ("declined", "We met on the 29th")


def test_decline_without_a_reason_is_asked_about(opened, session):
    answer = opened.post(SESSIONS, answers(session, **{f"answer-{session.uuid}": "decline"}))
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [f"reason-{session.uuid}"])
    assert (SignOff.objects.count(), answer.context["form"].rows()[0][1][0].has_errors) == (0, True)


def test_what_is_left_for_later_still_waits(opened, session, provider):
    other = SupervisionFactory(provider=provider)
    answer = opened.post(SESSIONS, answers(session, other, **{f"answer-{other.uuid}": "later"}))
    other.refresh_from_db()
    assert (other.state, opened.get(answer.url).context["left"]) == ("logged", 1)


def test_everything_left_for_later_signs_nothing(opened, session):
    answer = opened.post(SESSIONS, answers(session, **{f"answer-{session.uuid}": "later"}))
    assert (answer.status_code, SignOff.objects.count()) == (200, 0)
    assert answer.context["form"].non_field_errors() == [
        "You left every session for later. Answer at least one of them."
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"typed_name": " "}, "typed_name"),
        ({"typed_name": "x" * 201}, "typed_name"),
        ({"typed_name": "a\x00b"}, "typed_name"),
        ({"minutes-{}": "0"}, "minutes-{}"),
        ({"minutes-{}": "1441"}, "minutes-{}"),
        ({"minutes-{}": "9" * 400}, "minutes-{}"),
        ({"minutes-{}": "an hour"}, "minutes-{}"),
        ({"answer-{}": "maybe"}, "answer-{}"),
        ({"version-{}": "x"}, "version-{}"),
        ({"reason-{}": "x" * 501}, "reason-{}"),
    ],
)
def test_odd_answers_stay_on_the_page(opened, session, changes, field):
    given = {name.format(session.uuid): value for name, value in changes.items()}
    answer = opened.post(SESSIONS, answers(session) | given)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field.format(session.uuid)])
    assert SignOff.objects.count() == 0


def test_session_changed_while_reading_is_left_out_with_a_word(opened, session, provider):
    other = SupervisionFactory(provider=provider)
    gone = SupervisionFactory(provider=provider)
    data = answers(session, other, gone)
    Supervision.objects.filter(pk=session.pk).update(minutes=600, version=2)
    Supervision.objects.filter(pk=gone.pk).update(withdrawn_at=timezone.now())
    answer = opened.post(SESSIONS, data, follow=True)
    session.refresh_from_db()
    assert (session.state, session.attested_on) == ("sent", None)
    assert [str(message) for message in answer.context["messages"]] == [
        "2 sessions changed while you were reading and were left out."
    ]


def test_session_logged_while_reading_is_not_signed_unseen(opened, session, provider):
    data = answers(session)
    late = SupervisionFactory(provider=provider)
    answer = opened.post(SESSIONS, data)
    late.refresh_from_db()
    assert (answer.status_code, late.state) == (302, "logged")


def test_signing_twice_signs_once(opened, session):
    data = answers(session)
    opened.post(SESSIONS, data)
    again = opened.post(SESSIONS, data)
    assert (again.status_code, SignOff.objects.count()) == (200, 1)


def test_done_page_is_the_providers_own(opened, session, client):
    foreign = SignOff.objects.create(provider=PersonFactory(), typed_name="X", text="-", signed_at=timezone.now())
    opened.post(SESSIONS, answers(session))
    own = reverse("sign_off:done", args=[SignOff.objects.exclude(pk=foreign.pk).get().uuid])
    assert opened.get(reverse("sign_off:done", args=[foreign.uuid])).status_code == 404
    assert opened.get(own).status_code == 200
    client.cookies.clear()
    assert client.get(own).status_code == 404


def test_nothing_waits_page(opened, session):
    opened.post(SESSIONS, answers(session))
    page = opened.get(SESSIONS)
    assert (page.status_code, "Nothing waits for you" in page.content.decode()) == (200, True)


def test_empty_post_is_a_post(opened, session):
    page = opened.post(SESSIONS, {})
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["typed_name"])


def test_member_reads_the_outcome(opened, session, client):
    opened.post(SESSIONS, answers(session, **{f"minutes-{session.uuid}": "75"}))
    client.force_login(session.person.user)
    page = client.get(reverse("portfolio:list", args=["supervision"])).content.decode()
    detail = client.get(reverse("portfolio:edit", args=["supervision", session.uuid])).content.decode()
    assert "You wrote 1 h 30 min. Tobias Fernhollow changed it to 1 h 15 min" in page
    assert "Signed, so it stays as it is" in detail


def test_mails_can_be_read(opened, session, address):
    opened.post(SESSIONS, answers(session, **{f"answer-{session.uuid}": "decline", f"reason-{session.uuid}": "No"}))
    asked, told = (render(OutgoingMessage.objects.get(kind=kind)) for kind in ("rsc_sign_off", "hours_confirmed"))
    assert asked.subject == "Maren Oakhill asks you to confirm reflective supervision"
    assert address in asked.html
    assert told.subject == "Tobias Fernhollow answered your reflective supervision hours"
    assert "declined 1 session" in told.html


def test_rows_know_whether_they_hold_an_error(session):
    form = SignOffForm(sessions=[session])
    assert [row.has_errors for _person, rows in form.rows() for row in rows] == [False]
