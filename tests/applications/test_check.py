"""Check your answers, sign and send, and the page that proves it."""

import pytest
from django.urls import reverse

from applications.actions import changes
from applications.actions.changes import Wish
from applications.models import Packet, Submission
from tests.applications.desk import submitted
from tests.applications.test_hub import address, in_office, text_of
from tests.factories.applications import ApplicationFactory
from tests.factories.journeys import ready_application

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch, now):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def ready(association, client):
    application = ready_application(association=association)
    client.force_login(application.person.user)
    return application


def test_blockers_come_first_each_with_its_link(client, association, applicant):
    application = ApplicationFactory(enrolment__cohort__association=association, enrolment__person=applicant)
    client.force_login(applicant.user)
    page = text_of(client.get(address("check", application)))
    assert "7 things stand between you and sending" in page
    assert page.index("stand between you") < page.index("<h1") < page.index("Worth a look")
    for where in ("sign/ethics/", "references/"):
        assert f"{address('hub', application)}{where}" in page
    assert reverse("members:memberships") in page
    assert "Sign and send" not in page


def test_a_ready_application_can_be_sent_from_the_page(client, ready):
    page = text_of(client.get(address("check", ready)))
    assert "Sign and send my application" in page
    assert "Worth a look, not in your way" in page
    response = client.post(address("submit", ready), {"declaration": "Maren Oakhill"})
    assert response.url == address("confirmation", ready, 1)
    shown = text_of(client.get(response.url))
    assert ready.reference_number in shown
    assert Submission.objects.get().snapshot_sha256 in shown
    assert "It is being made." in shown
    assert client.get(address("check", ready)).url == address("hub", ready)


@pytest.mark.parametrize("typed", ["", "Maren", "x" * 300, "Samir Birchwell"])
def test_another_name_is_answered_by_its_field(client, ready, typed):
    page = text_of(client.post(address("submit", ready), {"declaration": typed}), 422)
    assert "<title>Error:" in page
    assert 'aria-invalid="true"' in page
    assert Submission.objects.count() == 0


def test_what_is_missing_is_a_page_not_an_error(client, ready):
    ready.signatures.all().delete()
    page = text_of(client.post(address("submit", ready), {"declaration": "Maren Oakhill"}), 422)
    assert "2 things stand between you and sending" in page


def test_a_second_click_says_it_was_sent(client, ready):
    for expected in (302, 409, 409):
        response = client.post(address("submit", ready), {"declaration": "Maren Oakhill"})
        assert response.status_code == expected
    page = response.content.decode()
    assert "This application was sent already" in page
    assert address("confirmation", ready, 1) in page


def test_a_withdrawn_draft_cannot_be_sent(client, ready):
    client.post(address("withdraw", ready))
    page = text_of(client.post(address("submit", ready), {"declaration": "Maren Oakhill"}), 409)
    assert "See the confirmation" not in page


def test_sending_again_after_changes(client, association, coordinator, now):
    in_office(coordinator, now)
    application = submitted(association)
    wishes = [Wish("Add the agency", "work")]
    (row,) = changes.request(application=application, by=coordinator, wishes=wishes, now=now)
    client.force_login(application.person.user)
    page = text_of(client.get(address("check", application)))
    assert "Answer what was asked of you first: 1 left." in page
    assert "Not answered yet" in page
    client.post(address("answer_change", application, row.uuid), {"answer": "Done"})
    assert "Sign and send my application again" in text_of(client.get(address("check", application)))
    response = client.post(address("submit", application), {"declaration": "Maren Oakhill"})
    assert "submission 2" in text_of(client.get(response.url))


def test_confirmation_is_the_applicants_and_stays(client, association, other_applicant):
    application = submitted(association)
    where = address("confirmation", application, 1)
    client.force_login(application.person.user)
    assert text_of(client.get(where))
    assert client.get(address("confirmation", application, 2)).status_code == 404
    assert client.get(address("confirmation", application, 10**18)).status_code == 404
    client.force_login(other_applicant.user)
    assert client.get(where).status_code == 404
    assert client.get(address("submit", application)).status_code == 404


def test_the_address_of_sending_opened_as_a_page_leads_to_the_check_page(client, ready):
    opened = client.get(address("submit", ready))
    assert (opened.status_code, opened.url) == (302, address("check", ready))


def test_a_packet_that_could_not_be_made_is_not_hidden(client, association):
    application = submitted(association)
    Packet.objects.update(state="dead")
    client.force_login(application.person.user)
    assert "The packet could not be made." in text_of(client.get(address("confirmation", application, 1)))
