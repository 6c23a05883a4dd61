"""Someone who keeps a portfolio: logs, reads why something does not count, mends it, plans, closes gaps."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications.queries.gap import own_report
from competencies.forms.hours import SOMEONE_ELSE
from competencies.models import Category, Supervision, Training
from members.models import Person
from tests.factories.competencies import StandingFactory
from tests.factories.members import PersonFactory
from tests.journeys.traveler import Traveler, read_mail

pytestmark = pytest.mark.django_db
HOUR = 60


@pytest.fixture
def traveler(stage):
    return Traveler(PersonFactory(name="Calla Driftmere", email="calla@example.org", with_user=True), stage)


def rsc(person: Person):
    report = own_report(person, Category.objects.get(code="IFS"))
    return next(finding for finding in report.findings if finding.requirement == "rsc")


def log_session(traveler: Traveler, provider: Person, days_ago: int, length: str) -> Supervision:
    on = timezone.localdate() - datetime.timedelta(days=days_ago)
    data = {"on": on.isoformat(), "minutes": length, "format": "individual", "mode": "in_person", "ages": ["0-36"]}
    named = {"provider": SOMEONE_ELSE, "provider_name": provider.name, "provider_email": provider.email}
    traveler.act("portfolio:add", "supervision", data={**data, **named})
    return traveler.person.supervision.latest("pk")


def sign_off(provider: Person) -> None:
    """The provider, through the one link of their mail, without an account."""
    client = Client()
    link = read_mail(provider.email, "s")
    assert client.get(link).status_code == 200
    sessions = client.post(link)["Location"]
    form = client.get(sessions).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in shown.items() if value not in (None, "")}
    assert client.post(sessions, {**data, "typed_name": provider.name}).status_code == 302


def test_from_the_first_log_to_a_paper_for_supervision(traveler):
    person = traveler.person
    provider = StandingFactory(person__name="Tobias Fernhollow", person__email="tobias@example.org").person

    # Nothing yet: the overview says what is missing everywhere, the nearest first.
    assert "What would I still need?" in traveler.go("gap_needs")
    assert "No date at this pace." in traveler.go("gap", "ifs")

    # A training for the other license: it says so, and one change of ages mends it for both.
    on = timezone.localdate() - datetime.timedelta(days=12)
    data = {"title": "Watching and wondering", "on": on.isoformat(), "minutes": "6 h", "topics": "core"}
    traveler.act("portfolio:add", "training", data={**data, "ages": ["37-71"], "competencies": ["TF.pregnancy"]})
    training = Training.objects.get(person=person)
    page = traveler.go("gap", "ifs")
    assert "This license is about children of 0 to 36 months. Check the ages of the entry." in page
    assert reverse("portfolio:edit", args=["training", training.uuid]) in page
    assert "Its ages fit ECMH-E only." in traveler.go("portfolio:edit", "training", training.uuid)
    traveler.act("portfolio:edit", "training", training.uuid, data={**data, "competencies": ["TF.pregnancy"]})
    page = traveler.go("portfolio:edit", "training", training.uuid)
    assert "It closes a gap" in page
    assert "Its ages fit both licenses." in page
    assert "6 h of 30 h counted" in traveler.go("gap_compare")

    # Ten hours of RSC: logged, waiting, then confirmed through the provider's one link.
    for number in range(5):
        log_session(traveler, provider, 10 + 14 * number, "2 h")
    assert rsc(person).have_minutes == 0
    assert "Ask the provider to confirm it." in traveler.go("gap_entries", "ifs", "rsc")
    traveler.act("portfolio:ask_provider", provider.uuid)
    sign_off(provider)

    # Ten of twenty-four hours in ninety days: own pace dates the rest, a plan brings it nearer, and nothing is kept.
    found = rsc(person)
    assert (found.have_minutes, found.short_minutes) == (10 * HOUR, 14 * HOUR)
    report = traveler.client.get(reverse("gap_plan", args=["ifs"]), {"rsc-each": "2 h", "rsc-times": "2"})
    own, tried = report.context["own"], report.context["tried"]
    mine = {row.projected.requirement: row.projected for row in own.rows}
    planned = {row.projected.requirement: row.projected for row in tried.rows}
    assert planned["rsc"].ready_on is not None
    assert mine["rsc"].pace == 200
    assert planned["rsc"].ready_on < mine["rsc"].ready_on
    assert person.supervision.count() == 5

    # The matrix leads from a gap to what would show it; the paper goes along.
    assert "Gaps first" in traveler.go("matrix", "ifs")
    assert "Watching and wondering" in traveler.go("competency", "ifs", "TF.pregnancy")
    paper = traveler.client.get(reverse("gap_pdf", args=["ifs"]))
    assert paper.content.startswith(b"%PDF-")
