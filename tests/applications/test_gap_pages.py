"""The pages around the gap report: all entries of a requirement, categories by nearness and side by side."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications.nearness import nearness
from applications.queries import gap_overview
from applications.queries.gap import own_report
from applications.queries.gap_entries import EntryBook, EntryFilters
from applications.queries.gap_page import SHOWN_AT_ONCE, gap_page
from competencies.assessment import assess, portfolio_met
from competencies.facts import PortfolioFacts
from competencies.models import Category
from tests.competencies.standard import AS_OF, CODES, mentor, of, session, specs, training
from tests.factories.applications import ApplicationFactory
from tests.factories.cohorts import EnrolmentFactory
from tests.factories.competencies import (
    EducationFactory,
    ProfessionalLicenseFactory,
    StandingFactory,
    SupervisionFactory,
    TrainingFactory,
    WorkFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of(client: Client, applicant):
    client.force_login(applicant.user)
    return client


@pytest.fixture
def provider(applicant):
    return StandingFactory().person


def category(code: str) -> Category:
    return Category.objects.get(code=code)


def row_of(person, code: str, requirement: str):
    page = gap_page(own_report(person, category(code)))
    return next(row for row in page.rows if row.finding.requirement == requirement)


# --- A long log folds ------------------------------------------------------------------------------------------


def test_the_report_names_the_newest_and_sums_the_rest_by_reason(client_of, applicant, provider):
    for number in range(25):
        on = datetime.date(2025, 1, 1) + datetime.timedelta(days=number)
        SupervisionFactory(person=applicant, provider=None, on=on, minutes=30)
        SupervisionFactory(person=applicant, provider=provider, on=on, confirmed=True, minutes=90)
    SupervisionFactory(person=applicant, provider=provider, on=datetime.date(2026, 1, 1), minutes=45)
    row = row_of(applicant, "IFS", "rsc")
    assert (len(row.counted), row.more_counted) == (SHOWN_AT_ONCE, 20)
    assert (len(row.uncounted), row.more_uncounted) == (SHOWN_AT_ONCE, 21)
    assert row.uncounted[0].what.startswith("Jan. 1, 2026 with")
    assert row.counted[0].what.startswith("Jan. 25, 2025 with")
    assert [(reason.entries, reason.minutes) for reason in row.reasons] == [(25, 750), (1, 45)]
    assert row.finding.logged_minutes == sum(reason.minutes for reason in row.reasons) + row.finding.have_minutes
    page = client_of.get(reverse("gap", args=["ifs"])).content.decode()
    assert "See all 26 entries that do not count" in page
    assert page.count("2025 without a named provider") == SHOWN_AT_ONCE - 1


def test_a_reason_comes_with_what_mends_it(client_of, applicant, provider):
    SupervisionFactory(person=applicant, provider=provider, minutes=45)
    TrainingFactory(person=applicant, ages=["37-71"])
    page = client_of.get(reverse("gap", args=["ifs"])).content.decode()
    assert "Ask the provider to confirm it." in page
    assert "The ages do not fit this license." in page
    assert "Check the ages of the entry." in page


def test_parts_say_what_is_to_go(client_of, applicant):
    TrainingFactory(person=applicant, minutes=600, topics=["core"])
    row = row_of(applicant, "IMHM-C", "training")
    parts = {part.name: (part.have, part.need, part.short) for part in row.parts}
    assert sorted(parts.values()) == [(0, 180, 180), (0, 900, 900), (600, 1800, 1200)]
    assert parts["diversity, equity and inclusion in the field"] == (0, 180, 180)
    page = client_of.get(reverse("gap", args=["imhm-c"])).content.decode()
    assert "10 h of 30 h: infant mental health. 20 h to go" in page


def test_any_of_groups_are_explained(client_of, applicant):
    page = client_of.get(reverse("gap", args=["ifa"])).content.decode()
    assert "One of these is enough" in page
    EducationFactory(person=applicant, level="cda")
    page = client_of.get(reverse("gap", args=["ifa"])).content.decode()
    assert "You need only one of several ways here, and this one is met." in page
    assert "Another way is met: A degree or child development certificate." in page


def test_the_rule_names_its_edition_its_date_and_its_source(client_of):
    page = client_of.get(reverse("gap", args=["ifs"])).content.decode()
    assert "in force since Wed, January 1, 2025; the source says so as of" in page


# --- All entries of a requirement ------------------------------------------------------------------------------


@pytest.fixture
def log(applicant, provider):
    for number in range(40):
        SupervisionFactory(person=applicant, provider=provider, confirmed=number % 2 == 0, minutes=60)
    SupervisionFactory(person=applicant, provider=None, minutes=50)


def entries(client, query: str = "", requirement: str = "rsc"):
    return client.get(reverse("gap_entries", args=["ifs", requirement]) + query)


def test_every_entry_stands_on_the_pages_of_its_requirement(client_of, log):
    found = [row.what for number in (1, 2) for row in entries(client_of, f"?page={number}").context["rows"]]
    assert len(found) == 41
    assert len(entries(client_of).context["rows"]) == 25


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?state=counted", 20),
        ("?state=not_counted", 21),
        ("?reason=no_named_provider", 1),
        ("?q=without+a+NAMED", 1),
        ("?q=nobody+of+this+name", 0),
        ("?state=nonsense&reason=nonsense&page=x", 41),
        ("?state=counted&reason=no_named_provider", 0),
    ],
)
def test_filters_live_in_the_address(client_of, log, query, count):
    assert entries(client_of, query).context["page"].paginator.count == count


def test_an_empty_list_teaches(client_of):
    assert "Nothing entered for this yet" in entries(client_of).content.decode()
    assert entries(client_of, requirement="nope").status_code == 404


def test_every_kind_of_entry_is_named(client_of, applicant):
    EducationFactory(person=applicant, field="Social work")
    EducationFactory(person=applicant, level="bachelor", field="", awarded_on=None)
    ProfessionalLicenseFactory(person=applicant, name="LCSW", starts_on=None)
    WorkFactory(person=applicant, title="Home visitor")
    names = {
        row.what
        for requirement in ("education", "licence_evidence", "work")
        for row in client_of.get(reverse("gap_entries", args=["imhs", requirement])).context["rows"]
    }
    assert names == {"Master's degree, Social work", "Bachelor's degree", "LCSW", "Home visitor"}


def test_the_list_is_newest_first_and_the_years_add_up():
    facts = PortfolioFacts(
        training=(training("t1", on=datetime.date(2024, 5, 1)), training("t2", minutes=90), training("t3", minutes=30)),
        supervision=(session("s1"),),
        providers=(mentor(),),
    )
    finding = of(assess(specs()["IFS"], facts, as_of=AS_OF), "training")
    book = EntryBook(facts)
    assert [entry.entry for entry in book.listed(finding, EntryFilters())] == ["t3", "t2", "t1"]
    assert list(book.by_year(finding)) == [(2025, 2, 120), (2024, 1, 60)]


def test_what_an_application_leaves_out_is_mended_there(applicant):
    TrainingFactory(person=applicant, key="t1", minutes=1800)
    application = ApplicationFactory(enrolment=EnrolmentFactory(person=applicant), left_out={"training": ["t1"]})
    row = row_of(applicant, application.category.code, "training")
    assert row.uncounted[0].href == reverse("applications:selection", args=[application.uuid])
    assert row.uncounted[0].fix == "Select it in your application."


# --- Nearness ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_near_is_what_the_findings_say(code):
    for facts in (PortfolioFacts(), PortfolioFacts(training=(training(minutes=600),))):
        findings = assess(specs()[code], facts, as_of=AS_OF)
        near = nearness(findings)
        assert near.is_there is portfolio_met(findings)
        assert (near.minutes_to_go > 0) is bool(near.hours)
        assert near.distance == (len(near.others), near.minutes_to_go, len(near.hours))


def test_the_nearest_category_comes_first(client_of, applicant):
    WorkFactory(person=applicant)
    TrainingFactory(person=applicant, minutes=1800)
    page = client_of.get(reverse("gap_needs"))
    rows = page.context["rows"]
    assert [row.nearness.distance for row in rows] == sorted(row.nearness.distance for row in rows)
    assert len(rows) == Category.objects.open_to_applications().count()
    assert rows[0].category.code == "IFA"
    assert rows[0].ready is True
    assert "24 h more: Reflective supervision/consultation received" in page.content.decode()


def test_one_license_alone(client_of):
    rows = client_of.get(reverse("gap_needs"), {"license": "ECMH-E"}).context["rows"]
    assert {row.category.license_id for row in rows} == {"ECMH-E"}
    assert len(client_of.get(reverse("gap_needs"), {"license": "nonsense"}).context["rows"]) == 14


# --- Side by side ------------------------------------------------------------------------------------------------


def test_two_categories_side_by_side(client_of, applicant, provider):
    TrainingFactory(person=applicant, minutes=600, ages=[])
    TrainingFactory(person=applicant, minutes=120, ages=["0-36"])
    TrainingFactory(person=applicant, minutes=60, ages=["37-71"])
    SupervisionFactory(person=applicant, provider=provider, confirmed=True, minutes=90, ages=["0-36"])
    page = client_of.get(reverse("gap_compare"), {"categories": "IFS,ECFS"})
    comparison = page.context["comparison"]
    assert [column.category.code for column in comparison.columns] == ["IFS", "ECFS"]
    hours, rsc = comparison.shared
    assert (hours.both, hours.alone) == ((1, 600), ((1, 120), (1, 60)))
    assert (rsc.both, rsc.alone) == ((0, 0), ((1, 90), (0, 0)))
    found = {row.name: [cell.finding.have_minutes for cell in row.cells] for row in comparison.rows}
    assert found["Training hours"] == [720, 660]
    assert "12 h of 30 h counted" in page.content.decode()


def test_a_rule_that_only_one_of_them_has_says_so(client_of):
    page = client_of.get(reverse("gap_compare"), {"first": "IFA", "second": "ERS-IMH"})
    assert page.status_code == 200
    assert "Not asked" in page.content.decode()


def test_a_comparison_begins_with_the_first_role_of_both_licenses(client_of):
    comparison = client_of.get(reverse("gap_compare")).context["comparison"]
    assert [column.category.role for column in comparison.columns] == ["FA", "FA"]
    assert gap_overview.twins([category("IFS")]) == ("", "")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?categories=IFS,IFS", "Choose another category than the first."),
        ("?categories=IFS", "Choose one of the answers."),
        ("?categories=IFS,NOPE", "Choose a category."),
        ("?first=IFRS&second=ECFS", "Choose a category."),
        ("?other=1", "Choose one of the answers."),
    ],
)
def test_an_odd_choice_is_answered_at_the_field(client_of, query, words):
    page = client_of.get(reverse("gap_compare") + query)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert page.context["comparison"] is None


def test_today_is_the_day_of_the_report(applicant):
    assert own_report(applicant, category("IFS")).facts.now <= timezone.now()
