"""Home: one next step, what others are doing, where one stands. Ten queries at most."""

import datetime

import pytest
from django.urls import reverse

from applications.actions import messages
from applications.queries.home import greeting, home, membership_aside
from tests.applications import samples
from tests.applications.desk import submitted
from tests.applications.test_hub import QUERIES_MAX, in_office, queries_of, text_of
from tests.factories.applications import ApplicationFactory, ReferenceFactory
from tests.factories.cohorts import CohortFactory, EnrolmentFactory
from tests.factories.competencies import TrainingFactory
from tests.factories.journeys import ready_application
from tests.factories.members import MembershipFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch, now):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def seat(association, applicant):
    return EnrolmentFactory(
        cohort=CohortFactory(association=association, name="Spring 2026"), person=applicant, intended_category="IFS"
    )


def page_of(client, user):
    client.force_login(user)
    return text_of(client.get(reverse("home")))


def test_a_new_person_is_taught_the_first_steps(client, applicant, now):
    page = page_of(client, applicant.user)
    assert "Log your first training" in page
    assert reverse("portfolio:add", args=["training"]) in page
    shown = home(applicant.user, now)
    assert [step.done for step in shown.first_steps] == [False] * 5
    assert (shown.meters, shown.cohort, shown.application) == ((), None, None)
    assert queries_of(client, reverse("home")) <= QUERIES_MAX


def test_somebody_without_a_person_row_is_welcome(client, now):
    user = UserFactory(person=None)
    assert home(user, now).greeting == "Welcome"
    assert "Your first steps" in page_of(client, user)


def test_a_seat_shows_meters_of_the_intended_category(client, seat, applicant, now):
    TrainingFactory(person=applicant)
    page = page_of(client, applicant.user)
    assert "6 h of 30 h counted" in page
    shown = home(applicant.user, now)
    assert shown.next_step.title == "Add your membership"
    assert shown.report_href == reverse("gap", args=["ifs"])
    before = queries_of(client, reverse("home"))
    for _ in range(10):
        TrainingFactory(person=applicant)
    assert queries_of(client, reverse("home")) == before
    assert before <= QUERIES_MAX


def test_with_seat_and_membership_the_next_step_is_to_start(seat, applicant, association, now):
    TrainingFactory(person=applicant)
    MembershipFactory(person=applicant, association=association)
    step = home(applicant.user, now).next_step
    assert (step.title, step.href) == ("Start your application", reverse("applications:start", args=[seat.uuid]))


def test_a_draft_in_ten_queries(client, seat, applicant, coordinator, now):
    in_office(coordinator, now)
    application = ApplicationFactory(enrolment=seat)
    for number, state in enumerate(["asked", "opened", "started", "bounced", "declined", "canceled", "received"]):
        ReferenceFactory(
            application=application, state=state, asked_at=now, rater=PersonFactory(name=f"Rater {number}")
        )
    messages.write(application=application, by=coordinator, body="Hello", now=now)
    page = page_of(client, applicant.user)
    for words in ("has opened your reference form", "did not get our mail", "cannot rate", "A new message from"):
        assert words in page
    assert "Rater 5" not in page
    assert "Linnea Rivermoss" in page
    assert queries_of(client, reverse("home")) <= QUERIES_MAX


def test_a_ready_application_is_sent_next(association, now):
    application = ready_application(association=association)
    shown = home(application.person.user, now)
    assert shown.next_step.title == "Go on with: Competencies"
    assert "parts are complete." in shown.lead


def test_after_sending_there_is_nothing_to_do(client, association):
    application = submitted(association)
    page = page_of(client, application.person.user)
    assert "Nothing for you to do until we write." in page
    assert "Submitted" in page


def test_what_one_can_work_on_comes_first(association, now):
    sent = submitted(association)
    draft = ApplicationFactory(enrolment=sent.enrolment, category_id="ECFS")
    shown = home(sent.person.user, now)
    assert shown.application == draft
    assert shown.others == (sent,)


@pytest.mark.parametrize(
    ("hour", "words"), [(11, "Good morning"), (12, "Good afternoon"), (17, "Good afternoon"), (18, "Good evening")]
)
def test_greeting_by_the_persons_own_clock(hour, words):
    person = PersonFactory.build(name="Maren Oakhill", time_zone="America/Chicago")
    local = datetime.datetime(2026, 5, 12, hour, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=-5)))
    assert greeting(person, local) == f"{words}, Maren"


@pytest.mark.parametrize(
    ("memberships", "review_ends", "kind", "badge"),
    [
        ((), samples.REVIEW_ENDS, "idle", "None yet"),
        ((samples.membership(state="pending"),), None, "waiting", "Waiting for a coordinator"),
        ((samples.membership(),), None, "met", "Confirmed"),
        ((samples.membership(),), samples.REVIEW_ENDS, "met", "Covers your review"),
        ((samples.membership(ends_on=samples.TODAY),), samples.REVIEW_ENDS, "short", "Ends before your review"),
    ],
)
def test_membership_aside(memberships, review_ends, kind, badge):
    shown = membership_aside(memberships, samples.TODAY, review_ends)
    assert (shown.kind, shown.badge) == (kind, badge)
