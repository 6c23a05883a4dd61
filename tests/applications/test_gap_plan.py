"""Projection and plans: the page, the cohort that fits, and that trying something never writes."""

import datetime
import hashlib

import pytest
from django.apps import apps
from django.core import serializers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications.queries import outlook
from applications.queries.facts import day_in
from applications.queries.gap import own_report
from competencies.models import Category
from competencies.projection import months_after
from tests.factories.applications import ApplicationFactory
from tests.factories.cohorts import CohortFactory, EnrolmentFactory
from tests.factories.competencies import StandingFactory, SupervisionFactory, TrainingFactory

pytestmark = pytest.mark.django_db
PLAN = reverse("gap_plan", args=["ifs"])
HOUR = 60


@pytest.fixture
def client_of(client: Client, applicant):
    client.force_login(applicant.user)
    return client


def judged_on() -> datetime.date:
    """The day of the report: the association's, and the default zone where none is known."""
    return day_in("America/Chicago", timezone.now())


@pytest.fixture
def ten_of_twenty_four(applicant):
    """10 h of RSC are confirmed, all of them long ago; the training is there."""
    today = judged_on()
    provider = StandingFactory().person
    on = today - datetime.timedelta(days=200)
    SupervisionFactory(person=applicant, provider=provider, confirmed=True, on=on, attested_on=on, minutes=10 * HOUR)
    TrainingFactory(person=applicant, on=on, minutes=30 * HOUR)
    return provider


def page_of(person, code="IFS", **tried):
    report = own_report(person, Category.objects.get(code=code))
    return outlook.outlook_page(person, report, outlook.hours_needed(report), **tried), report.as_of


def dumped() -> dict[str, tuple[int, str]]:
    """Every table of ours: how many rows, and a digest of them."""
    found = {}
    for model in apps.get_models():
        if model._meta.label == "sessions.Session":
            continue  # the visit itself
        rows = serializers.serialize("json", model._base_manager.order_by("pk"))
        found[model._meta.label] = (model._base_manager.count(), hashlib.sha256(rows.encode()).hexdigest())
    return found


@pytest.mark.parametrize(("pace", "months"), [("2 h", 7), ("4 h", 4)])
def test_the_dates_of_the_specification(client_of, ten_of_twenty_four, pace, months):
    tried = client_of.get(PLAN, {"rsc-pace": pace}).context["tried"]
    assert tried.outlook.ready_on == months_after(judged_on(), months)
    assert tried.bottleneck.label == "Reflective supervision/consultation received"


def test_without_a_pace_there_is_no_date_but_a_way_out(client_of, ten_of_twenty_four):
    page = client_of.get(reverse("gap", args=["ifs"])).content.decode()
    assert "No date at this pace." in page
    assert "14 h to go, at 0 min a month." in page
    assert "Set a pace, or try a plan" in page


def test_a_plan_stands_beside_ones_own_pace(client_of, ten_of_twenty_four):
    start = months_after(judged_on().replace(day=1), 1)
    query = {"rsc-each": "2 h", "rsc-times": "2", "rsc-starts_on": start.isoformat(), "rsc-total": "24 h"}
    page = client_of.get(PLAN, query)
    assert page.context["tried"].outlook.ready_on == months_after(start, 4)
    assert page.context["own"].outlook.ready_on is None
    assert 'value="2 h"' in page.content.decode()


def test_what_is_met_is_not_asked_about(client_of, ten_of_twenty_four):
    assert [form.requirement for form in client_of.get(PLAN).context["forms"]] == ["rsc"]
    SupervisionFactory(
        person=ten_of_twenty_four.supervision_given.get().person,
        provider=ten_of_twenty_four, confirmed=True, minutes=14 * HOUR, on=datetime.date(2025, 1, 1),
    )  # fmt: skip
    page = client_of.get(PLAN)
    assert page.context["forms"] == []
    assert "All hours are there" in page.content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"rsc-pace": "soon"}, "Write it as 2 h, 1 h 30 min or 90 min."),
        ({"rsc-pace": "900 h"}, "At most 200 h."),
        ({"rsc-each": "0 min"}, "Write it as 2 h, 1 h 30 min or 90 min."),
        ({"rsc-each": "2 h", "rsc-times": "0"}, "greater than or equal to 1"),
        ({"rsc-each": "2 h", "rsc-starts_on": "2026-02-30"}, "Enter a valid date."),
        ({"rsc-each": "2 h", "rsc-starts_on": "1999-01-01"}, "Check the year."),
        ({"rsc-total": "24 h"}, "Say how long each time takes."),
    ],
)
def test_an_odd_plan_is_answered_at_the_field_and_kept(client_of, ten_of_twenty_four, query, words):
    page = client_of.get(PLAN, query)
    text = page.content.decode()
    assert page.status_code == 422
    assert words in text
    assert page.context["tried"] is None
    for value in query.values():
        assert f'value="{value}"' in text


def test_a_pace_of_nothing_may_be_tried(client_of, ten_of_twenty_four):
    page = client_of.get(PLAN, {"rsc-pace": "0"})
    assert page.status_code == 200
    assert page.context["tried"].outlook.ready_on is None


def test_trying_something_leaves_every_table_as_it_was(client_of, applicant, ten_of_twenty_four):
    client_of.get(PLAN)
    before = dumped()
    with CaptureQueriesContext(connection) as asked:
        for query in ({}, {"rsc-pace": "3 h"}, {"rsc-each": "2 h", "rsc-times": "3"}, {"rsc-each": "nonsense"}):
            client_of.get(PLAN, query)
        for name in ("gap", "gap_pdf", "matrix"):
            client_of.get(reverse(name, args=["ifs"]))
        client_of.get(reverse("gap_needs"))
        client_of.get(reverse("gap_compare"))
    assert dumped() == before
    written = [query["sql"] for query in asked if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [sql for sql in written if "session" not in sql] == []


TYPED = st.text(max_size=30) | st.sampled_from(
    ["2 h", "0", "90 min", "-1", "1e9 h", "2026-13-01", "31", "999999999999"]
)
FIELDS = ("pace", "each", "times", "starts_on", "total")


@given(values=st.fixed_dictionaries({}, optional={f"rsc-{name}": TYPED for name in FIELDS}))
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_is_answered(client_of, ten_of_twenty_four, values):
    assert client_of.get(PLAN, values).status_code in (200, 422)


# --- The cohort that fits ------------------------------------------------------------------------------------


def cohort_in(days: int, **values):
    now = timezone.now()
    deadline = now + datetime.timedelta(days=days)
    return CohortFactory(
        opens_at=now - datetime.timedelta(days=1),
        closes_at=min(now + datetime.timedelta(days=10), deadline),
        submission_deadline_at=deadline,
        published_at=now,
        **values,
    )


def test_the_first_cohort_that_closes_later_fits(applicant, ten_of_twenty_four, association):
    cohort_in(20, association=association, name="Too early")
    fitting = cohort_in(300, association=association, name="Just right")
    cohort_in(400, association=association, name="Later")
    page, as_of = page_of(applicant, paces={"rsc": 2 * HOUR})
    assert (page.fit.name, page.fit.own, page.missed) == ("Just right", False, None)
    closes = fitting.submission_deadline_at.astimezone(datetime.UTC).date()
    assert abs(page.fit.days_to_spare - (closes - months_after(as_of, 7)).days) <= 1


def test_ones_own_cohort_comes_first_and_is_named_when_it_is_missed(applicant, ten_of_twenty_four, association):
    own = cohort_in(100, association=association, name="Mine")
    EnrolmentFactory(person=applicant, cohort=own)
    cohort_in(300, association=association, name="Next")
    page, _as_of = page_of(applicant, paces={"rsc": 5 * HOUR})
    assert (page.fit.name, page.fit.own, page.missed) == ("Mine", True, None)
    page, _as_of = page_of(applicant, paces={"rsc": 2 * HOUR})
    assert (page.fit.name, page.missed.name) == ("Next", "Mine")


def test_an_application_is_held_against_its_own_cohort(applicant, ten_of_twenty_four, association, other_association):
    own = cohort_in(100, association=association, name="Mine")
    ApplicationFactory(enrolment=EnrolmentFactory(person=applicant, cohort=own))
    cohort_in(300, association=other_association, name="Elsewhere")
    page, _as_of = page_of(applicant, paces={"rsc": 2 * HOUR})
    assert (page.fit, page.missed.name) == (None, "Mine")


def test_without_a_date_no_cohort_is_looked_for(applicant, ten_of_twenty_four, association):
    cohort_in(300, association=association)
    page, _as_of = page_of(applicant)
    assert (page.fit, page.missed, page.bottleneck.recent) == (None, None, 0)


def test_the_report_says_which_cohort_fits(client_of, applicant, ten_of_twenty_four, association):
    today = judged_on()
    SupervisionFactory(
        person=applicant, provider=ten_of_twenty_four, confirmed=True, minutes=6 * HOUR, on=today, attested_on=today
    )
    cohort_in(300, association=association, name="Just right")
    page = client_of.get(reverse("gap", args=["ifs"])).content.decode()
    assert "In time for <strong>Just right</strong>, which takes applications until" in page
    assert "8 h to go, at 2 h a month." in page
    assert "Current individual membership of an association" in client_of.get(PLAN).content.decode()
