"""The hub and the pages around it: tasks with their states, in a number of queries that no portfolio changes."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.actions import changes
from applications.actions.changes import Wish
from applications.models import Application, Message, Signature
from tests.applications.desk import submitted
from tests.factories.applications import ApplicationFactory, ReferenceFactory
from tests.factories.cohorts import CohortFactory, EnrolmentFactory
from tests.factories.competencies import SupervisionFactory, TrainingFactory
from tests.factories.journeys import ready_application
from tests.factories.members import MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db

QUERIES_MAX = 10


@pytest.fixture(autouse=True)
def _today(monkeypatch, now):
    """The pages of the tests are opened on their today."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def ready(association, client):
    application = ready_application(association=association)
    client.force_login(application.person.user)
    return application


def in_office(user, now):
    """Roles begin when the tests run; these pages are opened earlier."""
    user.staff_roles.update(starts_at=now)


def address(name, application, *more):
    return reverse(f"applications:{name}", args=[application.uuid, *more])


def text_of(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def queries_of(client, where):
    client.get(where)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(where).status_code == 200
    return len(caught)


def test_hub_in_ten_queries_whatever_the_portfolio(client, ready):
    before = queries_of(client, address("hub", ready))
    for _ in range(20):
        TrainingFactory(person=ready.person)
        SupervisionFactory(person=ready.person)
        ReferenceFactory(application=ready)
    assert queries_of(client, address("hub", ready)) == before
    assert before <= QUERIES_MAX


def test_the_tasks_say_their_state(client, ready):
    ready.signatures.all().delete()
    page = text_of(client.get(address("hub", ready)))
    assert "5 of 8 parts complete" in page
    assert page.count("Complete") == 5
    assert page.count("Not started") == 3
    assert "Do the parts in any order" in page
    assert address("sign", ready, "ethics") in page


def test_after_sending_the_hub_says_who_acts(client, association):
    application = submitted(association)
    client.force_login(application.person.user)
    page = text_of(client.get(address("hub", application)))
    assert "Nothing for you to do until we write." in page
    assert 'aria-current="step"' in page
    assert address("confirmation", application, 1) in page
    assert "Check and submit" not in page


def test_what_was_asked_is_answered_on_its_page(client, association, coordinator, now):
    in_office(coordinator, now)
    application = submitted(association)
    wish = Wish("Add the agency", "work", now.date())
    (row,) = changes.request(application=application, by=coordinator, wishes=[wish], now=now)
    client.force_login(application.person.user)
    where = address("answer_change", application, row.uuid)
    assert where in text_of(client.get(address("hub", application)))
    assert "Add the agency" in text_of(client.get(where))
    assert "Say in a sentence what you did." in text_of(client.post(where, {"answer": " "}))
    assert client.post(where, {"answer": "It is there."}).url == address("hub", application)
    assert client.get(address("answer_change", application, uuid.uuid4())).status_code == 404


def test_an_answer_after_sending_is_refused_with_the_way_back(client, association, coordinator, now):
    in_office(coordinator, now)
    application = submitted(association)
    (row,) = changes.request(application=application, by=coordinator, wishes=[Wish("Add")], now=now)
    Application.objects.filter(pk=application.pk).update(status="submitted")
    client.force_login(application.person.user)
    page = text_of(client.post(address("answer_change", application, row.uuid), {"answer": "x"}), 409)
    assert "it cannot be changed" in page


@pytest.mark.parametrize("name", ["hub", "category", "selection", "check", "messages", "withdraw"])
def test_nobody_elses_pages(client, ready, other_applicant, coordinator, name):
    assert client.get(address(name, ready)).status_code == 200
    for user in (other_applicant.user, coordinator):
        client.force_login(user)
        assert client.get(address(name, ready)).status_code == 404


# --- Selection, signing, messages, withdrawing ------------------------------------------------------


def test_selection(client, ready):
    where = address("selection", ready)
    kept = list(ready.person.training.order_by("pk").values_list("key", flat=True))
    page = text_of(client.get(where))
    assert page.count("checked") >= len(kept)
    everything = {
        "education": [ready.person.education.get().key],
        "license": [ready.person.professional_licenses.get().key],
        "work": [ready.person.work.get().key],
        "supervision": list(ready.person.supervision.values_list("key", flat=True)),
    }
    assert client.post(where, {**everything, "training": kept[1:]}).status_code == 302
    ready.refresh_from_db()
    assert ready.left_out == {"training": [kept[0]]}
    assert client.post(where, {"training": ["nonsense"]}).status_code == 200
    assert "1 entry is left out" in text_of(client.get(address("hub", ready)))


def test_selection_of_what_was_sent_is_shown_and_refused(client, association):
    application = submitted(association)
    client.force_login(application.person.user)
    assert "its selection is frozen" in text_of(client.get(address("selection", application)))
    assert client.post(address("selection", application), {}).status_code == 409


def test_an_empty_portfolio_teaches(client, association, applicant):
    application = ApplicationFactory(enrolment__cohort__association=association, enrolment__person=applicant)
    client.force_login(applicant.user)
    assert "Your portfolio is empty" in text_of(client.get(address("selection", application)))


def test_signing(client, ready):
    ready.signatures.all().delete()
    where = address("sign", ready, "ethics")
    assert "Code of Ethics" in text_of(client.get(where))
    page = text_of(client.post(where, {"typed_name": "Somebody"}), 422)
    assert "Type your name as it stands in your profile" in page
    assert 'value="Somebody"' in page
    assert "Confirm the statement" in text_of(client.post(where, {"typed_name": "Maren Oakhill"}), 422)
    assert client.post(where, {"typed_name": "Maren Oakhill", "not_sanctioned": "on"}).status_code == 302
    assert client.post(address("sign", ready, "agreement"), {"typed_name": "Maren Oakhill"}).status_code == 302
    assert Signature.objects.count() == 2
    assert "Signed by Maren Oakhill" in text_of(client.get(where))
    assert client.get(address("sign", ready, "poetry")).status_code == 404


def test_messages(client, ready, coordinator):
    where = address("messages", ready)
    Message.objects.create(
        application=ready, author=coordinator, from_staff=True, body="Welcome <b>", at=ready.status_since
    )
    assert "Read 1 new message" in text_of(client.get(address("hub", ready)))
    assert "Welcome &lt;b&gt;" in text_of(client.get(where))
    assert "Ask a question" in text_of(client.get(address("hub", ready)))
    assert "Write your message first." in text_of(client.post(where, {"body": ""}))
    assert client.post(where, {"body": "Thank you", "requirement_key": "training"}).status_code == 302
    assert client.post(where, {"body": "x", "requirement_key": "nonsense"}).status_code == 200
    assert "Thank you" in text_of(client.get(where))


def test_withdrawing(client, ready):
    assert client.post(address("withdraw", ready), {"reason": "A new job"}).status_code == 302
    assert "This application was withdrawn" in text_of(client.get(address("hub", ready)))
    assert client.post(address("withdraw", ready)).status_code == 409


# --- The list and the start -------------------------------------------------------------------------


def test_list(client, association, applicant):
    client.force_login(applicant.user)
    where = reverse("applications:list")
    assert "No application yet" in text_of(client.get(where))
    seat = EnrolmentFactory(cohort=CohortFactory(association=association), person=applicant)
    assert reverse("applications:start", args=[seat.uuid]) in text_of(client.get(where))
    ApplicationFactory(enrolment=seat, status="withdrawn")
    ApplicationFactory(enrolment=seat)
    before = queries_of(client, where)
    page = text_of(client.get(where))
    assert "Finished" in page
    assert "Open" in page
    for number in range(10):
        ApplicationFactory(enrolment=seat, status="withdrawn", reference_number=f"PR-1-{number}")
    assert queries_of(client, where) == before


def test_start(client, association, applicant, other_applicant):
    seat = EnrolmentFactory(cohort=CohortFactory(association=association), person=applicant, intended_category="IFS")
    where = reverse("applications:start", args=[seat.uuid])
    client.force_login(applicant.user)
    page = text_of(client.get(where))
    assert re.search(r'value="IFS"[^>]* checked', page)
    assert "Reflective Supervisor (add-on)" in page
    assert "IFRS" not in page
    assert "No confirmed individual membership" in text_of(client.post(where, {"category": "IFS"}), 422)
    MembershipFactory(person=applicant, association=association)
    assert text_of(client.post(where, {"category": "IFRS"}), 422)
    assert text_of(client.post(where, {}), 422)
    assert client.post(where, {"category": "IFS"}).url == address("hub", Application.objects.get())
    assert "already have an open application" in text_of(client.post(where, {"category": "IFS"}), 422)
    client.force_login(other_applicant.user)
    assert client.get(where).status_code == 404


def test_start_where_one_license_is_offered(client, association, applicant):
    association.offers_licenses = ["IMH-E"]
    association.save()
    seat = EnrolmentFactory(cohort=CohortFactory(association=association), person=applicant)
    client.force_login(applicant.user)
    page = text_of(client.get(reverse("applications:start", args=[seat.uuid])))
    assert "Infant Family Specialist" in page
    assert "Early Childhood Family Specialist" not in page


def test_a_person_without_applications_sees_none_of_others(client, ready):
    client.force_login(PersonFactory(with_user=True).user)
    assert ready.reference_number not in text_of(client.get(reverse("applications:list")))
