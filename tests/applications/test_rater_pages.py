"""A rater's pages: the link opens by POST only, the form keeps everything, one rating is sent; nothing leaks."""

import datetime
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications.actions import ratings, references
from applications.enums import ReferenceState, Status
from applications.models import Application, Rating, Reference
from applications.queries.references import answers_of, current_rating
from endorsement_portal.links.models import PrivateLink
from endorsement_portal.workflow import LostRace
from tests.applications.rating_desk import asked, codes, full, link_of, posted, token_for
from tests.factories.applications import ApplicationFactory
from tests.factories.cohorts import CohortFactory, EnrolmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(association, applicant):
    return ApplicationFactory(
        enrolment=EnrolmentFactory(cohort=CohortFactory(association=association), person=applicant)
    )


@pytest.fixture
def reference(application):
    return asked(application, timezone.now())


@pytest.fixture
def landing(reference):
    return reverse("rating:landing", args=[token_for(reference, timezone.now())])


@pytest.fixture
def rater(client, landing):
    """A browser that came through the link."""
    client.post(landing, {"go": "form"})
    return client


def page(name, reference):
    return reverse(f"rating:{name}", args=[reference.uuid])


def everything():
    return (
        list(Reference.objects.values()),
        list(Rating.objects.values()),
        list(PrivateLink.objects.values("used_at", "use_count")),
    )


def test_looking_changes_nothing(client, landing):
    before = everything()
    assert client.head(landing).status_code == 200
    answers = [Client().get(landing, headers={"purpose": "prefetch"}) for _ in range(20)]
    assert {answer.status_code for answer in answers} == {200}
    assert everything() == before
    assert [answer.cookies.get("sessionid") for answer in answers] == [None] * 20


def test_the_landing_says_what_it_is_about(client, landing, reference):
    text = client.get(landing).content.decode()
    wanted = ["Maren Oakhill", "Infant Family Specialist", "IMH-E", "About 20 minutes", "Prairie Rivers Association"]
    assert [words for words in wanted if words not in text] == []
    assert "No, never." in text
    assert "gave up the right to ask" in text


def test_a_kept_right_is_said_too(client, application):
    reference = asked(application, timezone.now(), waived=False)
    text = client.get(reverse("rating:landing", args=[token_for(reference, timezone.now())])).content.decode()
    assert "They kept the right to ask" in text
    assert "No, never." in text


def test_the_post_leads_to_a_clean_address(client, landing, reference):
    response = client.post(landing, {"go": "form"})
    reference.refresh_from_db()
    assert response.url == page("form", reference)
    assert reference.state == ReferenceState.OPENED
    assert client.get(response.url).status_code == 200


def test_a_post_without_a_choice_shows_the_page_again(client, landing, reference):
    assert client.post(landing, {"go": "elsewhere"}).status_code == 200
    reference.refresh_from_db()
    assert reference.state == ReferenceState.ASKED


@pytest.mark.parametrize("name", ["form", "decline", "done"])
def test_a_clean_address_opens_nothing_by_itself(client, reference, name):
    assert client.get(page(name, reference)).status_code == 404


def test_a_link_that_opens_nothing_gets_one_page(client, reference, landing):
    token = landing.rstrip("/").rpartition("/")[2]
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    PrivateLink.objects.create(
        purpose="other", object_uuid=reference.uuid, token_hash="0" * 64, expires_at=timezone.now()
    )
    addresses = [reverse("rating:landing", args=[text]) for text in (changed, "x", "a" * 500, "sign")]
    answers = [client.get(address) for address in addresses]
    assert {answer.status_code for answer in answers} == {404}
    assert all("does not open anything" in answer.content.decode() for answer in answers)


def test_a_canceled_request_stops_at_once(rater, reference):
    references.cancel(reference=reference, by=reference.application.person.user)
    assert rater.get(page("form", reference)).status_code == 404
    assert rater.post(page("save", reference), posted(reference.application)).status_code == 404
    assert Rating.objects.count() == 0


def test_an_hour_ends_the_stay_and_the_link_opens_it_again(rater, landing, reference):
    session = rater.session
    held = session["ratings"]
    held[str(reference.uuid)]["until"] = (timezone.now() - datetime.timedelta(seconds=1)).isoformat()
    session["ratings"] = held
    session.save()
    assert rater.get(page("form", reference)).status_code == 404
    rater.post(landing, {"go": "form"})
    assert rater.get(page("form", reference)).status_code == 200


def test_one_browser_may_hold_two_links_and_mixes_nothing(rater, application, reference):
    other = asked(application, timezone.now(), slot="rsc_provider", email="petra@example.org")
    assert rater.get(page("form", other)).status_code == 404
    rater.post(reverse("rating:landing", args=[token_for(other, timezone.now())]), {"go": "form"})
    rater.post(page("save", other), posted(application, value="1"))
    rater.post(page("save", reference), posted(application, value="4"))
    assert set(answers_of(current_rating(reference)).values()) == {4}
    assert set(answers_of(current_rating(other)).values()) == {1}


def test_saving_without_script_comes_back_to_the_form(rater, reference):
    code = codes(reference.application)[0]
    response = rater.post(page("save", reference), {f"q-{code}": "none", "save_number": "0"})
    assert response.url == page("form", reference)
    text = rater.get(response.url).content.decode()
    assert re.search(rf'name="q-{re.escape(code)}" value="none"[^>]* checked', text)


def test_saving_with_htmx_answers_with_the_parts_that_change(rater, reference):
    items = {f"q-{code}": "none" for code in codes(reference.application)[:4]}
    response = rater.post(page("save", reference), {**items, "save_number": "0"}, headers={"HX-Request": "true"})
    text = response.content.decode()
    assert 'name="save_number" id="save-number" value="1"' in text
    assert "4 times; 5 is the most" in text
    assert "<html" not in text


def test_at_the_limit_the_form_offers_another_way(rater, reference):
    items = {f"q-{code}": "none" for code in codes(reference.application)[:6]}
    response = rater.post(page("save", reference), {**items, "save_number": "0"}, headers={"HX-Request": "true"})
    text = response.content.decode()
    assert "Another person would know this better" in text
    assert "Sign and send the rating" not in text


def test_a_save_from_another_window_is_a_choice(rater, reference):
    application = reference.application
    rater.post(page("save", reference), posted(application, value="4"))
    stale = posted(application, value="1")
    fragment = rater.post(page("save", reference), stale, headers={"HX-Request": "true"}).content.decode()
    assert "saved from another window" in fragment
    assert rater.post(page("save", reference), stale).status_code == 409
    assert set(answers_of(current_rating(reference)).values()) == {4}
    rater.post(page("save", reference), {**stale, "overwrite": "1"})
    assert set(answers_of(current_rating(reference)).values()) == {1}


def test_sending_from_an_older_window_keeps_what_is_on_the_screen(rater, reference):
    rater.post(page("save", reference), posted(reference.application, value="4"))
    response = rater.post(page("form", reference), posted(reference.application, value="1"))
    assert response.status_code == 409
    assert "saved from another window" in response.content.decode()
    assert Rating.objects.get().submitted_at is None


def test_sending_leads_to_the_receipt_with_own_answers(rater, reference):
    response = rater.post(page("form", reference), posted(reference.application))
    reference.refresh_from_db()
    text = rater.get(response.url).content.decode()
    assert (response.url, reference.state) == (page("done", reference), ReferenceState.RECEIVED)
    assert "We have received your rating" in text
    assert "Steady and kind." in text
    assert text.count(">Often<") == 15


def test_a_second_sending_gets_the_receipt(rater, reference):
    rater.post(page("form", reference), posted(reference.application))
    response = rater.post(page("form", reference), posted(reference.application, value="1"))
    assert response.url == page("done", reference)
    assert rater.post(page("save", reference), posted(reference.application)).url == page("done", reference)
    assert set(answers_of(Rating.objects.get()).values()) == {3}


def test_an_incomplete_rating_is_kept_and_the_gaps_are_named(rater, reference):
    data = posted(reference.application, typed_name="")
    gone = codes(reference.application)[2]
    del data[f"q-{gone}"]
    response = rater.post(page("form", reference), data)
    text = response.content.decode()
    assert response.status_code == 422
    assert "Choose an answer for question 3." in text
    assert "Type your name" in text
    assert len(answers_of(current_rating(reference))) == 14
    again = rater.post(page("form", reference), posted(reference.application, save_number="1"))
    assert again.status_code == 302


def test_a_contradiction_is_asked_about_once(rater, reference):
    data = posted(reference.application, value="1")
    first = rater.post(page("form", reference), data)
    assert "point in different directions" in first.content.decode()
    again = {**data, "save_number": "1", "explanation_asked": "1", "explanation": "New in the role."}
    assert rater.post(page("form", reference), again).status_code == 302
    assert Rating.objects.get().explanation == "New in the role."


@pytest.mark.parametrize(
    "odd",
    [
        {"save_number": "9" * 40},
        {"save_number": "x"},
        {"recommendation": "perhaps"},
        {"comment": "x" * 5000},
        {"comment": "nul\x00"},
        {"q-WWO.relationships": "17"},
    ],
)
def test_odd_input_is_answered_with_the_form(rater, reference, odd):
    for name in ("form", "save"):
        assert rater.post(page(name, reference), {**posted(reference.application), **odd}).status_code == 422
    assert Rating.objects.filter(submitted_at__isnull=False).count() == 0


def test_declining(client, landing, reference):
    response = client.post(landing, {"go": "decline"})
    assert response.url == page("decline", reference)
    assert client.get(response.url).status_code == 200
    done = client.post(response.url, {"reason": "no_time", "note": "Moving house"})
    reference.refresh_from_db()
    assert (done.url, reference.state, reference.decline_note) == (page("done", reference), "declined", "Moving house")
    assert "Thank you for telling us" in client.get(done.url).content.decode()
    assert "cannot rate" in client.get(landing).content.decode()
    assert client.get(page("form", reference)).url == page("done", reference)


def test_declining_needs_a_reason(rater, reference):
    response = rater.post(page("decline", reference), {})
    reference.refresh_from_db()
    assert (response.status_code, reference.state) == (422, ReferenceState.OPENED)


def test_declining_after_sending_changes_nothing(rater, reference):
    rater.post(page("form", reference), posted(reference.application))
    assert rater.post(page("decline", reference), {"reason": "other"}).url == page("done", reference)
    reference.refresh_from_db()
    assert reference.state == ReferenceState.RECEIVED


def test_saving_after_declining_changes_nothing(rater, reference):
    rater.post(page("decline", reference), {"reason": "other"})
    assert rater.post(page("save", reference), posted(reference.application)).url == page("done", reference)
    assert Rating.objects.count() == 0


def test_another_window_between_the_refusal_and_the_keeping_wins(rater, reference, monkeypatch):
    def taken(**values):
        raise LostRace.because("saved_elsewhere", "Saved elsewhere")

    monkeypatch.setattr(ratings, "save", taken)
    response = rater.post(page("form", reference), posted(reference.application, recommendation=""))
    assert response.status_code == 409


def test_the_receipt_waits_for_the_rating(rater, reference):
    assert rater.get(page("done", reference)).url == page("form", reference)


def test_after_thirty_days_the_own_answers_are_gone(rater, landing, reference):
    rater.post(page("form", reference), posted(reference.application))
    Reference.objects.update(ended_at=timezone.now() - datetime.timedelta(days=30, seconds=1))
    text = rater.get(page("done", reference)).content.decode()
    assert "We have received your rating" in text
    assert "Steady and kind." not in text


def test_a_received_rating_says_so_on_the_link(rater, landing, reference):
    rater.post(page("form", reference), posted(reference.application))
    text = rater.get(landing).content.decode()
    assert "We have received your rating" in text
    assert rater.post(landing, {"go": "form"}).url == page("form", reference)
    assert rater.post(landing, {"go": "answers"}).url == page("done", reference)


def test_an_ended_application_ends_the_link(client, landing, reference, rater):
    Application.objects.update(status=Status.WITHDRAWN)
    assert client.get(landing).status_code == 404
    assert rater.get(page("form", reference)).status_code == 404


def test_guessing_is_slowed_down(client):
    address = reverse("rating:landing", args=["guess"])
    assert {client.get(address).status_code for _ in range(130)} == {404, 429}


def test_a_signed_in_applicant_cannot_open_the_form_of_their_rater(client, applicant, reference):
    client.force_login(applicant.user)
    assert client.get(page("form", reference)).status_code == 404
    assert client.get(page("done", reference)).status_code == 404


def test_the_answer_is_never_kept_by_a_cache(rater, reference):
    assert "no-store" in rater.get(page("form", reference)).headers["Cache-Control"]


def test_the_session_holds_no_secret(rater, landing):
    token = landing.rstrip("/").rpartition("/")[2]
    assert token not in str(dict(rater.session.items()))


def test_a_rating_through_the_action_and_the_page_are_one(rater, reference):
    ratings.submit(
        reference=reference,
        link=link_of(reference, timezone.now()),
        answers=full(reference.application),
        seen=0,
        explanation_asked=False,
    )
    assert rater.get(page("form", reference)).url == page("done", reference)
