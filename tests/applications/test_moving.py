"""To a later cohort by page: what there is to choose, what runs out, what moves along."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.models import Application
from cohorts.models import Enrolment
from tests.applications.desk import submitted
from tests.factories.applications import ApplicationFactory
from tests.factories.cohorts import CohortFactory, EnrolmentFactory
from tests.factories.members import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(association, applicant):
    return EnrolmentFactory(cohort=CohortFactory(association=association, name="Spring"), person=applicant)


def later(cohort, **traits):
    """A cohort of the same association whose seats are open today."""
    now = timezone.now()
    dates = {
        "opens_at": now - datetime.timedelta(days=1),
        "closes_at": now + datetime.timedelta(days=20),
        "submission_deadline_at": now + datetime.timedelta(days=50),
        "review_ends_on": now.date() + datetime.timedelta(days=130),
    }
    return CohortFactory(**{"name": "Summer", "association": cohort.association, **dates, **traits})


def where(seat):
    return reverse("cohort_move", args=[seat.cohort.uuid])


def test_drafts_move_along(client, applicant, seat):
    draft = ApplicationFactory(enrolment=seat)
    summer = later(seat.cohort)
    client.force_login(applicant.user)
    page = client.get(where(seat)).content.decode()
    assert ("Summer" in page, str(seat.cohort.uuid) in page) == (True, True)
    answer = client.post(where(seat), {"cohort": str(summer.uuid), "reason": "A new baby"})
    assert answer.url == reverse("cohort_page", args=[summer.uuid])
    assert Application.objects.get(pk=draft.pk).enrolment.cohort == summer
    assert list(Enrolment.objects.order_by("pk").values_list("state", "reason")) == [
        ("moved", "A new baby"), ("seated", ""),
    ]  # fmt: skip
    assert client.get(where(seat)).status_code == 404


def test_only_later_open_cohorts_with_seats_of_the_same_association(client, applicant, seat, other_association):
    later(seat.cohort, name="Full", capacity=1, seats_taken=1)
    later(seat.cohort, name="Unpublished", published_at=None)
    later(seat.cohort, name="Elsewhere", association=other_association)
    client.force_login(applicant.user)
    page = client.get(where(seat)).content.decode()
    assert "No later cohort of this association has open seats yet." in page
    assert [name for name in ("Full", "Unpublished", "Elsewhere") if name in page] == []


def test_what_runs_out_is_said_before(client, association):
    application = submitted(association)
    enrolment = application.enrolment
    far = later(enrolment.cohort, review_ends_on=timezone.now().date() + datetime.timedelta(days=2000))
    client.force_login(application.person.user)
    page = client.get(where(enrolment)).content.decode()
    assert page.count("The rating of ") == 3
    assert "Your membership does not reach to the end of that review" in page
    MembershipFactory(
        person=application.person,
        association=association,
        starts_on=timezone.now().date(),
        ends_on=far.review_ends_on + datetime.timedelta(days=1),
    )
    assert "Your membership does not reach" not in client.get(where(enrolment)).content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"reason": ""}, "Say in a few words why you move."),
        ({"cohort": ""}, "Choose the cohort you want to move to."),
        ({"cohort": "5f0c2c1e-0000-4000-8000-000000000000"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_said_and_nothing_changes(client, applicant, seat, wrong, words):
    summer = later(seat.cohort)
    client.force_login(applicant.user)
    answer = client.post(where(seat), {"cohort": str(summer.uuid), "reason": "Leave"} | wrong)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert Enrolment.objects.get().cohort == seat.cohort


def test_a_seat_lost_to_another_meanwhile(client, applicant, seat, monkeypatch):
    summer = later(seat.cohort, capacity=1)
    client.force_login(applicant.user)
    from applications.views import moving

    def taken(user, uuid, now):
        page = original(user, uuid, now)
        type(summer).objects.filter(pk=summer.pk).update(seats_taken=1)
        return page

    original = moving.move_page
    monkeypatch.setattr(moving, "move_page", taken)
    answer = client.post(where(seat), {"cohort": str(summer.uuid), "reason": "Leave"})
    assert (answer.status_code, "Every seat of Summer is taken" in answer.content.decode()) == (422, True)
    assert Enrolment.objects.get().state == "seated"


def test_as_many_queries_for_many_cohorts(client, applicant, seat, django_assert_max_num_queries):
    later(seat.cohort)
    client.force_login(applicant.user)
    client.get(where(seat))
    with django_assert_max_num_queries(10):
        client.get(where(seat))
    for number in range(20):
        later(seat.cohort, name=f"Later {number}")
    with django_assert_max_num_queries(10):
        assert client.get(where(seat)).content.decode().count("Later ") >= 20
