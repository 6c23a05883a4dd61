"""The competency matrix: how each competency is shown, its strength, the gaps first, and one competency by itself."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications.enums import ReferenceState
from applications.queries.matrix_page import WAYS, competency_page, matrix_page
from competencies.coverage import coverage
from competencies.evidence_weights import WEIGHTS
from competencies.models import Category
from competencies.queries.facts import portfolio_facts
from competencies.queries.standards import category_spec, edition_for
from tests.factories.applications import ApplicationFactory, ReferenceFactory
from tests.factories.cohorts import EnrolmentFactory
from tests.factories.competencies import (
    CourseVersionFactory,
    EducationFactory,
    SupervisionFactory,
    TrainingFactory,
    WorkFactory,
)
from tests.factories.members import PersonFactory

pytestmark = pytest.mark.django_db
CODE = "TF.pregnancy"
TAG = {"competencies": [CODE]}
TOMORROW = timezone.localdate() + datetime.timedelta(days=1)


@pytest.fixture
def client_of(client: Client, applicant):
    client.force_login(applicant.user)
    return client


def category(code: str = "IFS") -> Category:
    return Category.objects.get(code=code)


def cell(person, code: str = CODE, of: str = "IFS"):
    page = matrix_page(person, category(of))
    return next(cell for domain in page.domains for cell in domain.cells if cell.code == code)


def ways(cell) -> dict[str, int | None]:
    return {way: count for way, (_label, count) in zip(WAYS, cell.by_way, strict=True)}


def test_the_columns_follow_the_weights():
    assert list(WAYS) == list(WEIGHTS)


def test_how_a_competency_is_shown(applicant):
    EducationFactory(person=applicant, **TAG)
    TrainingFactory(person=applicant, **TAG)
    TrainingFactory(person=applicant, competencies=[CODE, "TF.attachment_trauma"])
    WorkFactory(person=applicant, **TAG)
    SupervisionFactory(person=applicant, **TAG)
    found = cell(applicant)
    assert ways(found) == {"education": 1, "training": 2, "work": 1, "rsc": 1, "reference_rating": None, "exam": None}
    assert (found.count, found.weight, found.kind, found.word) == (5, 17, "covered", "Well shown")


@pytest.mark.parametrize(
    ("made", "kind", "word"),
    [
        ([], "none", "Nothing yet"),
        ([(WorkFactory, {})], "thin", "Thin"),
        ([(TrainingFactory, {})], "thin", "Thin"),
        ([(TrainingFactory, {}), (SupervisionFactory, {})], "covered", "Well shown"),
        ([(TrainingFactory, {"ages": ["37-71"]})], "none", "Nothing yet"),
        ([(TrainingFactory, {"ages": []})], "thin", "Thin"),
        ([(TrainingFactory, {"on": TOMORROW})], "none", "Nothing yet"),
        ([(TrainingFactory, {"accepted": False})], "none", "Nothing yet"),
        ([(TrainingFactory, {"withdrawn_at": timezone.now()})], "none", "Nothing yet"),
        ([(EducationFactory, {"awarded_on": None})], "none", "Nothing yet"),
        ([(EducationFactory, {})], "covered", "Well shown"),
    ],
)
def test_strength_by_weight(applicant, made, kind, word):
    for factory, values in made:
        factory(person=applicant, **TAG, **values)
    found = cell(applicant)
    assert (found.kind, found.word) == (kind, word)


@pytest.mark.parametrize("code", ["IFA", "IFS", "IMHS", "IMHM-C", "ECFS", "ERS-IMH"])
def test_the_database_counts_what_the_rules_count(applicant, code):
    codes = ["TF.pregnancy", "TF.attachment_trauma", "WWO.conflict", "LRP.law", "REF.curiosity", "SYS.resources"]
    for number in range(40):
        some = {"person": applicant, "competencies": codes[number % 4 :][: number % 3]}
        ages = [[], ["0-36"], ["37-71"], ["0-36", "37-71"]][number % 4]
        TrainingFactory(**some, ages=ages, accepted=number % 7 > 0)
        SupervisionFactory(**some, ages=ages, provider=None)
        WorkFactory(**some, ages=ages)
        EducationFactory(**some)
    today = timezone.localdate()
    spec = category_spec(category(code), edition_for(today))
    expected = {
        row.competency.code: {way: len(row.by(way)) for way in {entry.way for entry in row.shown}}
        for row in coverage(spec, portfolio_facts(applicant), as_of=today)
    }
    page = matrix_page(applicant, category(code))
    found = {
        one.code: {way: count for way, count in ways(one).items() if count}
        for domain in page.domains
        for one in domain.cells
    }
    assert found == expected


@pytest.mark.parametrize(("form", "weight"), [("training_series", 5), ("training_short", 4), ("conference", 3)])
def test_a_training_of_the_library_weighs_what_its_form_weighs(applicant, form, weight):
    TrainingFactory(person=applicant, course_version=CourseVersionFactory(form=form), **TAG)
    assert cell(applicant).weight == weight


def test_gaps_come_first(applicant):
    TrainingFactory(person=applicant, **TAG)
    page = matrix_page(applicant, category())
    kinds = [gap.kind for gap in page.gaps]
    assert kinds == ["none"] * page.total.missing + ["thin"] * page.thin
    assert [gap.code for gap in page.gaps if gap.kind == "thin"] == [CODE]
    for domain in page.domains:
        order = [one.kind for one in domain.cells]
        assert order == sorted(order, key=["none", "thin", "rated", "covered"].index)
    assert (len(page.first_gaps), len(page.more_gaps)) == (8, page.total.missing + page.thin - 8)


def test_ratings_that_arrived_are_counted_and_what_they_say_is_not_there(client_of, applicant):
    application = ApplicationFactory(enrolment=EnrolmentFactory(person=applicant), category=category())
    before = cell(applicant, "WWO.conflict")
    assert (before.kind, ways(before)["reference_rating"]) == ("rated", 0)
    for _number in range(3):
        ReferenceFactory(application=application, rater=PersonFactory(), state=ReferenceState.RECEIVED)
    found = cell(applicant, "WWO.conflict")
    assert (found.kind, ways(found)["reference_rating"], found.weight) == ("rated", 3, 6)
    assert ways(cell(applicant))["reference_rating"] is None
    page = client_of.get(reverse("matrix", args=["ifs"])).content.decode()
    assert "3 ratings have arrived for your application. What they say is for your reviewers alone." in page


def test_the_page_says_how_it_weighs_and_what_waits(client_of, applicant):
    TrainingFactory(person=applicant, **TAG)
    page = client_of.get(reverse("matrix", args=["ifs"])).content.decode()
    assert "1 is thin." in page
    assert "To be confirmed by your association" in page
    assert reverse("competency", args=["ifs", CODE]) in page
    assert "Can be shown by: Course, Training" in page
    assert client_of.get("/portfolio/competencies/nope/").status_code == 404


def course(title: str, competencies: list[str], **values) -> None:
    CourseVersionFactory(course__title=title, competencies=competencies, **values)


def test_from_gaps_to_courses_that_close_them(client_of, applicant):
    course("Both", [CODE, "LRP.law"], minutes=90)
    course("One", [CODE], ages=[])
    course("Other ages", [CODE, "LRP.law"], ages=["37-71"])
    course("Not begun", [CODE], valid_from=TOMORROW + datetime.timedelta(days=30))
    course("Shown already", ["TF.attachment_trauma"])
    for _number in range(2):
        TrainingFactory(person=applicant, competencies=["TF.attachment_trauma"])
    page = matrix_page(applicant, category())
    assert [(row.title, row.minutes, len(row.closes)) for row in page.courses] == [("Both", 90, 2), ("One", 180, 1)]
    html = client_of.get(reverse("matrix", args=["ifs"])).content.decode()
    assert page.courses[0].href in html
    assert "Courses of the library that close gaps" in html
    found = competency_page(applicant, category(), "LRP.law")
    assert [row.title for row in found.courses] == ["Both"]
    assert "Courses that show it" in one(client_of).content.decode()


def test_without_a_library_nothing_is_offered(client_of):
    assert "Courses of the library" not in client_of.get(reverse("matrix", args=["ifs"])).content.decode()


# --- One competency ----------------------------------------------------------------------------------------------


def one(client, query: str = "", code: str = CODE):
    return client.get(reverse("competency", args=["ifs", code]) + query)


def test_the_entries_that_show_it(client_of, applicant):
    EducationFactory(person=applicant, field="Social work", **TAG)
    EducationFactory(person=applicant, field="", institution="Prairie State University", **TAG)
    WorkFactory(person=applicant, title="Home visitor", **TAG)
    TrainingFactory(person=applicant, title="Before birth", on=datetime.date(2026, 1, 2), **TAG)
    SupervisionFactory(person=applicant, provider=PersonFactory(name="Ines Larkmoor"), **TAG)
    SupervisionFactory(person=applicant, provider=None, **TAG)
    TrainingFactory(person=applicant, title="Something else")
    TrainingFactory(title="Somebody else's", **TAG)
    rows = one(client_of).context["rows"]
    assert {row.what for row in rows} == {
        "Social work", "Prairie State University", "Home visitor", "Before birth", "Session with Ines Larkmoor",
        "Peer meeting",
    }  # fmt: skip
    assert [row.on for row in rows] == sorted((row.on for row in rows), reverse=True)
    assert [row.what for row in one(client_of, "?way=training").context["rows"]] == ["Before birth"]
    assert [row.what for row in one(client_of, "?q=LARK").context["rows"]] == ["Session with Ines Larkmoor"]
    assert "Nothing matches" in one(client_of, "?q=nobody").content.decode()
    assert len(one(client_of, "?way=nonsense&page=nonsense").context["rows"]) == 6


def test_many_entries_have_pages(client_of, applicant):
    for _number in range(30):
        TrainingFactory(person=applicant, **TAG)
    assert len(one(client_of).context["rows"]) == 25
    assert len(one(client_of, "?page=2").context["rows"]) == 5


def test_an_empty_one_says_what_would_show_it(client_of, applicant):
    page = one(client_of).content.decode()
    assert "Nothing shows it yet" in page
    assert reverse("portfolio:add", args=["training"]) in page
    assert "Your ratings will" in one(client_of, code="WWO.conflict").content.decode()
    assert one(client_of, code="TF.nope").status_code == 404
    assert competency_page(applicant, category("IFA"), "TF.nope") is None


# --- From an entry -----------------------------------------------------------------------------------------------


def entry_page(client, entry) -> str:
    return client.get(reverse("portfolio:edit", args=[entry.kind, entry.uuid])).content.decode()


def test_an_entry_says_what_it_closes(client_of, applicant):
    entry = TrainingFactory(person=applicant, competencies=[CODE, "TF.attachment_trauma"], ages=["0-36"])
    WorkFactory(person=applicant, competencies=["TF.attachment_trauma"])
    page = entry_page(client_of, entry)
    assert "It closes a gap: nothing else in your portfolio shows this yet." in page
    assert "with 1 other entry" in page
    assert "Its ages fit IMH-E only." in page
    assert "Its ages fit both licenses." in entry_page(client_of, TrainingFactory(person=applicant, **TAG))


@pytest.mark.parametrize("values", [{"competencies": []}, {"withdrawn_at": timezone.now()}])
def test_an_entry_that_shows_nothing_says_nothing(client_of, applicant, values):
    entry = TrainingFactory(person=applicant, **values)
    assert "What this entry shows" not in entry_page(client_of, entry)
