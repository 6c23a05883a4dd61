"""The gap report and what stands around it, full of entries: axe in both themes, phone and desk, and by hand."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.browser.harness import DESK, PHONE
from tests.factories.cohorts import CohortFactory
from tests.factories.competencies import StandingFactory, SupervisionFactory, TrainingFactory, WorkFactory
from tests.factories.members import PersonFactory


@pytest.fixture
def person(transactional_db):
    person = PersonFactory(name="Maren Oakhill", email="maren@example.org", with_user=True)
    provider = StandingFactory().person
    for number in range(14):
        on = timezone.localdate() - datetime.timedelta(days=14 * number + 2)
        SupervisionFactory(person=person, provider=provider if number % 5 else None, on=on, confirmed=number % 5 > 1)
        TrainingFactory(person=person, on=on, minutes=90, ages=[["0-36"], [], ["37-71"]][number % 3])
    WorkFactory(person=person, competencies=["SYS.resources"])
    now = timezone.now()
    CohortFactory(
        name="Next winter",
        opens_at=now - datetime.timedelta(days=1),
        closes_at=now + datetime.timedelta(days=20),
        submission_deadline_at=now + datetime.timedelta(days=900),
        published_at=now,
    )
    return person


@pytest.mark.parametrize(
    "path",
    [
        "/portfolio/gap/imhm-c/",
        "/portfolio/gap/ifs/entries/rsc/?state=not_counted",
        "/portfolio/gap/needs/",
        "/portfolio/gap/compare/?categories=IFS,ECFS",
        "/portfolio/gap/ifs/plan/?rsc-pace=2+h&rsc-each=2+h&rsc-times=2",
        "/portfolio/competencies/ifs/",
        "/portfolio/competencies/ifs/TF.attachment_trauma/",
    ],
)
def test_readable_operable_and_quiet(check_page, sign_in, person, path):
    check_page(path, sign_in(person.user))


def test_a_plan_is_tried_by_keyboard_and_the_address_keeps_it(open_page, sign_in, person):
    page = open_page("/portfolio/gap/ifs/", cookies=sign_in(person.user), width=PHONE).page
    page.get_by_role("link", name="What if? Try a plan").click()
    group = page.get_by_role("group", name="Reflective supervision/consultation received")
    group.get_by_label("My pace now, a month").fill("0 min")
    group.get_by_label("More, each time").fill("2 h")
    group.get_by_label("Times a month").fill("2")
    group.get_by_label("In all at most").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="With this plan").wait_for()
    assert "rsc-each=2+h" in page.url
    assert "What you plan comes on top." in page.locator("main").inner_text()
    page.reload()
    assert page.get_by_role("group").first.is_visible()
    assert page.get_by_label("More, each time").nth(1).input_value() == "2 h"


def test_an_odd_plan_leads_to_its_field(open_page, sign_in, person):
    visit = open_page(
        "/portfolio/gap/ifs/plan/?rsc-pace=soon", cookies=sign_in(person.user), width=DESK, javascript=False, status=422
    )
    assert visit.page.get_by_text("Write it as 2 h, 1 h 30 min or 90 min.").first.is_visible()
    assert visit.page.get_by_label("My pace now, a month").nth(1).input_value() == "soon"


def test_printed_details_are_open_and_the_controls_are_gone(open_page, sign_in, person):
    page = open_page("/portfolio/gap/ifs/", cookies=sign_in(person.user)).page
    page.emulate_media(media="print")
    assert page.get_by_role("link", name="PDF for supervision").is_visible() is False
    assert page.get_by_text("At least 24 h of reflective supervision/consultation received").first.is_visible()


def test_the_paper_is_downloaded(open_page, sign_in, person):
    page = open_page("/portfolio/gap/ifs/", cookies=sign_in(person.user)).page
    with page.expect_download() as waiting:
        page.get_by_role("link", name="PDF for supervision").click()
    assert waiting.value.suggested_filename.startswith("gap-report-ifs-")


def test_from_a_gap_to_what_shows_it_and_back(open_page, sign_in, person):
    page = open_page(reverse("matrix", args=["ifs"]), cookies=sign_in(person.user), width=PHONE).page
    page.locator("section[aria-labelledby=gaps] a").first.click()
    page.get_by_role("heading", name="Nothing shows it yet").wait_for()
    page.locator("section[aria-labelledby=add]").get_by_role("link", name="Training").click()
    assert page.url.endswith(reverse("portfolio:add", args=["training"]))
