"""The front page and the pages that explain: public, honest about seats and dates, figures from the standard."""

import datetime

import pytest
from django.utils import timezone

from applications.queries import landing
from competencies.models import Edition
from tests.factories.cohorts import CohortFactory


@pytest.fixture
def cohort(association):
    def make(**fields):
        now = timezone.now()
        days = datetime.timedelta(days=1)
        dates = {"opens_at": now - 3 * days, "closes_at": now + 30 * days, "submission_deadline_at": now + 60 * days}
        return CohortFactory(association=association, **{**dates, **fields})

    return make


def text_of(client):
    return client.get("/").content.decode()


def test_figures_come_from_the_standard(db):
    assert landing.needs(timezone.localdate()) == landing.Needs(
        training_least=1800,
        training_most=2880,
        rsc_family_specialist=1440,
        rsc_mental_health_specialist=3000,
        ratings=3,
        active_categories=12,
    )


def test_front_page_says_what_it_takes(client, db):
    page = text_of(client)
    for part in (
        "30 h to 48 h",
        "24 h for a Family Specialist",
        "3 reference ratings",
        "12 categories",
        "Set by your association",
    ):
        assert part in page


def test_front_page_stands_without_a_standard(client, db):
    Edition.objects.all().update(status="draft")
    assert landing.needs(timezone.localdate()) is None
    assert "Reference ratings from people who know your work." in text_of(client)


def test_open_cohort_shows_seats_and_closing_rule(client, cohort):
    found = cohort(capacity=14, seats_taken=9)
    page = text_of(client)
    assert "5 of 14 seats left" in page
    assert "Reserve a seat" in page
    assert "Seats can be reserved until" in page
    assert str(found.uuid) in page


def test_full_and_coming_cohorts_say_so(client, cohort):
    cohort(capacity=2, seats_taken=2)
    later = timezone.now() + datetime.timedelta(days=40)
    cohort(
        opens_at=later,
        closes_at=later + datetime.timedelta(days=9),
        submission_deadline_at=later + datetime.timedelta(days=50),
    )
    page = text_of(client)
    assert "All 2 seats are taken" in page
    assert "Opens for reservation" in page
    assert "Reserve a seat" not in page


def test_four_cohorts_at_most_and_none_is_no_empty_hole(client, cohort):
    assert "The next cohort is not announced yet" in text_of(client)
    for _ in range(6):
        cohort()
    assert text_of(client).count('class="cohortrow"') == 4


def test_queries_do_not_grow_with_cohorts(client, cohort, django_assert_num_queries):
    cohort()
    text_of(client)
    with django_assert_num_queries(2):
        text_of(client)
    for _ in range(5):
        cohort()
    with django_assert_num_queries(2):
        text_of(client)


@pytest.mark.parametrize("path", ["/", "/help/", "/privacy/", "/accessibility/"])
def test_public_pages_answer_everyone(client, applicant, path):
    assert client.get(path).status_code == 200
    client.force_login(applicant.user)
    assert client.get(path).status_code == 200
    assert client.post(path).status_code == 405
