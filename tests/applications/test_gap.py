"""The gap report page, its index and the report behind them."""

import datetime
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import readiness
from applications.places import address
from applications.queries import gap
from applications.queries.gap_page import gap_page
from competencies.models import Category
from tests.factories.applications import ApplicationFactory
from tests.factories.cohorts import EnrolmentFactory
from tests.factories.competencies import (
    EducationFactory,
    StandingFactory,
    SupervisionFactory,
    TrainingFactory,
    WorkFactory,
)
from tests.factories.members import StaffRoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of(client: Client, applicant):
    client.force_login(applicant.user)
    return client


def filled(person, count: int = 1) -> None:
    provider = SupervisionFactory(person=person, confirmed=True, on=datetime.date(2025, 4, 1)).provider
    StandingFactory(person=provider)
    for _ in range(count):
        TrainingFactory(person=person)
        SupervisionFactory(person=person, provider=provider)
        SupervisionFactory(person=person, confirmed=True, minutes=90)
    EducationFactory(person=person)
    WorkFactory(person=person)


def test_each_requirement_of_the_category_has_one_finding_in_its_order(applicant):
    for category in Category.objects.all():
        report = gap.report(applicant, category)
        assert [finding.requirement for finding in report.findings] == [rule.key for rule in report.spec.requirements]


@pytest.mark.parametrize("slug", ["ifa", "ifs", "ifrs", "imhs", "imhm-c", "imhm-p", "imhm-rf", "ers-imh", "ecmhs"])
def test_the_page_of_every_kind_of_category_opens(client_of, applicant, slug):
    filled(applicant)
    answer = client_of.get(reverse("gap", args=[slug]))
    assert answer.status_code == 200


def test_an_entry_that_does_not_count_stands_with_its_reason(client_of, applicant):
    SupervisionFactory(person=applicant, provider=None, minutes=90, on=datetime.date(2026, 2, 10))
    page = client_of.get(reverse("gap", args=["ifs"])).content.decode()
    assert "1 h 30 min: Feb. 10, 2026 without a named provider" in page
    assert "No provider is named; peer supervision does not count." in page
    assert "0 h of 24 h counted" in page


def test_a_superseded_category_says_what_replaced_it(client_of):
    page = client_of.get(reverse("gap", args=["ifrs"])).content.decode()
    assert "Infant Family Reflective Supervisor takes no new applications" in page
    assert reverse("gap", args=["ers-imh"]) in page
    assert reverse("gap", args=["ifs"]) in page


def test_evidence_flags_are_for_staff(client_of, applicant, association):
    assert "For staff:" not in client_of.get(reverse("gap", args=["imhs"])).content.decode()
    StaffRoleFactory(user=applicant.user, association=association)
    assert "To be confirmed (partly)" in client_of.get(reverse("gap", args=["imhs"])).content.decode()


@pytest.mark.parametrize("slug", ["nope", "IFS", "imhm-r"])
def test_no_such_category_is_not_found(client_of, slug):
    assert client_of.get(f"/portfolio/gap/{slug}/").status_code == 404


def test_signed_out_people_are_sent_to_sign_in(client):
    assert client.get(reverse("gap", args=["ifs"])).status_code == 302
    assert client.get(reverse("gap_index")).status_code == 302


def test_the_index_shows_both_licenses_side_by_side(client_of, applicant):
    filled(applicant)
    page = client_of.get(reverse("gap_index")).content.decode()
    assert "Infant Mental Health Endorsement" in page
    assert "Early Childhood Mental Health Endorsement" in page
    open_categories = Category.objects.open_to_applications()
    assert open_categories.count() == 14
    for category in open_categories:
        assert reverse("gap", args=[category.slug]) in page


PAGES = [
    ("gap", ["imhm-c"], 15),
    ("gap_index", [], 15),
    ("gap_needs", [], 15),
    ("gap_compare", [], 15),
    ("gap_plan", ["imhm-c"], 15),
    ("gap_entries", ["imhm-c", "rsc"], 12),
    ("matrix", ["imhm-c"], 12),
    ("competency", ["imhm-c", "TF.attachment_trauma"], 15),
]


@pytest.mark.parametrize(("name", "args", "most"), PAGES, ids=[page[0] for page in PAGES])
def test_the_number_of_queries_does_not_grow(client_of, applicant, name, args, most):
    address = reverse(name, args=args)
    ApplicationFactory(enrolment=EnrolmentFactory(person=applicant), category=Category.objects.get(code="IMHM-C"))
    filled(applicant)
    client_of.get(address)
    with CaptureQueriesContext(connection) as few:
        client_of.get(address)
    filled(applicant, 30)
    with CaptureQueriesContext(connection) as many:
        client_of.get(address)
    assert len(few) == len(many), "\n".join(query["sql"][:150] for query in many.captured_queries)
    asked = [query for query in many.captured_queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) <= most, "\n".join(query["sql"][:150] for query in many.captured_queries)


def test_sections_hold_each_requirement_once(applicant):
    filled(applicant)
    for category in Category.objects.all():
        report = gap.own_report(applicant, category)
        page = gap_page(report)
        asked = [row for one in (*page.short, *page.met) for row in one.rows]
        shown = [row.finding.requirement for row in (*asked, *page.optional)]
        assert sorted(shown) == sorted(finding.requirement for finding in report.findings)
        assert (page.met_count == page.count) == report.met


def test_rules_of_which_one_is_enough_are_one_requirement(client_of, applicant):
    page = gap_page(gap.own_report(applicant, Category.objects.get(slug="ifa")))
    choices = [{row.finding.group for row in one.rows} for one in page.short if one.is_choice]
    assert choices == [{"education_or_experience"}]
    text = client_of.get(reverse("gap", args=["ifa"])).content.decode()
    assert (page.met_count, page.count) == (0, len(page.short))
    panels = text.count('<section class="panel" aria-labelledby="s-') + text.count('aria-labelledby="choice')
    assert panels == page.count
    assert f"0 of {page.count} requirements are met." in text


def test_what_ratings_show_later_is_not_missing_and_all_pages_say_the_same(client_of, applicant):
    TrainingFactory(person=applicant, competencies=["TF.pregnancy"])
    covered = gap.own_report(applicant, Category.objects.get(slug="ifs")).covered
    assert covered.shown == 1
    words = (
        f"Your entries show 1 of the {covered.asked} competencies that they are asked to show. "
        f"{covered.by_ratings} more are shown later by your reference ratings: nothing for you to enter."
    )
    for name in ("gap", "matrix"):
        assert words in client_of.get(reverse(name, args=["ifs"])).content.decode(), name
    report = gap.own_report(applicant, Category.objects.get(slug="ifs"))
    assert len(readiness.uncovered(report.facts)) == covered.missing


def test_the_matrix_leaves_out_what_the_open_application_leaves_out(client_of, applicant):
    TrainingFactory(person=applicant, competencies=["TF.pregnancy"])
    seat = EnrolmentFactory(person=applicant)
    category = Category.objects.get(slug="ifs")
    keys = [entry.key for entry in gap.own_report(applicant, category).facts.portfolio.training]
    ApplicationFactory(enrolment=seat, category=category, left_out={"training": keys})
    assert gap.own_report(applicant, category).covered.shown == 0
    assert "Your entries show 0 of the" in client_of.get(reverse("matrix", args=["ifs"])).content.decode()


# --- Places, and an open application -----------------------------------------------------------------------

NUMBER = UUID("00000000-0000-4000-8000-000000000001")


@pytest.mark.parametrize(
    ("where", "application", "path"),
    [
        ("training", None, "/portfolio/training/"),
        ("matrix", None, "/portfolio/competencies/ifs/"),
        ("membership", None, "/me/memberships/"),
        ("cohorts", None, "/cohorts/"),
        ("references", None, ""),
        ("references", NUMBER, f"/applications/{NUMBER}/references/"),
        ("sign:ethics", NUMBER, f"/applications/{NUMBER}/sign/ethics/"),
        ("hub", NUMBER, f"/applications/{NUMBER}/"),
        ("somewhere", NUMBER, ""),
    ],
)
def test_where_a_finding_is_mended(where, application, path):
    assert address(where, category_slug="ifs", application=application) == path


def test_an_open_application_is_read_with_what_it_leaves_out(applicant):
    TrainingFactory(person=applicant, key="t1", minutes=1800)
    enrolment = EnrolmentFactory(person=applicant)
    application = ApplicationFactory(enrolment=enrolment, left_out={"training": ["t1"]})
    category = Category.objects.get(code="IFS")
    for report in (gap.report(applicant, category), gap.own_report(applicant, category)):
        findings = {finding.requirement: finding for finding in report.findings}
        assert findings["ethics"].message == "Not signed yet"
        assert [entry.reason for entry in findings["training"].uncounted] == ["not_selected"]
        assert report.facts.application.uuid == application.uuid


def test_the_page_names_the_application(client_of, applicant):
    application = ApplicationFactory(enrolment=EnrolmentFactory(person=applicant))
    page = client_of.get(reverse("gap", args=["ifs"])).content.decode()
    assert application.reference_number in page
    assert reverse("applications:sign", args=[application.uuid, "ethics"]) in page


def test_no_category_no_report(applicant):
    assert gap.own_reports(applicant, []) == []
