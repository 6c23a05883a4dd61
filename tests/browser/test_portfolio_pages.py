"""The portfolio and the provider's pages in a real browser: clean in both themes, large enough, and without script."""

import datetime

import pytest
from django.urls import reverse

from competencies.actions import supervision
from competencies.enums import EntryKind
from competencies.models import SignOff, Training
from endorsement_portal.links import actions as links
from endorsement_portal.links.models import PrivateLink
from tests.browser.harness import DESK, PHONE
from tests.factories.competencies import (
    EducationFactory,
    ProfessionalLicenseFactory,
    StandingFactory,
    SupervisionFactory,
    TrainingFactory,
    WorkFactory,
)
from tests.factories.members import PersonFactory


@pytest.fixture
def portfolio(site, applicant):
    """One of everything, with sessions in every state."""
    EducationFactory(person=applicant)
    ProfessionalLicenseFactory(person=applicant)
    WorkFactory(person=applicant)
    TrainingFactory(person=applicant, topic_minutes={"dei": 30})
    provider = PersonFactory(name="Tobias Fernhollow", email="tobias@example.org")
    StandingFactory(person=provider)
    SupervisionFactory(person=applicant, provider=provider)
    SupervisionFactory(person=applicant, provider=provider, state="sent")
    SupervisionFactory(person=applicant, provider=provider, state="declined")
    SupervisionFactory(person=applicant, provider=provider, confirmed=True)
    SupervisionFactory(person=applicant, provider=None)
    return applicant


@pytest.fixture
def link(portfolio):
    provider = portfolio.supervision.exclude(provider=None)[0].provider
    request = supervision.ask_provider(person=portfolio, provider=provider, by=portfolio.user)
    token = links.token_of(PrivateLink.objects.get(object_uuid=request.uuid))
    return reverse("sign_off:landing", args=[token])


def edit_address(person, kind):
    entries = {
        EntryKind.EDUCATION: person.education,
        EntryKind.LICENSE: person.professional_licenses,
        EntryKind.WORK: person.work,
        EntryKind.TRAINING: person.training,
        EntryKind.SUPERVISION: person.supervision.filter(state="confirmed"),
    }
    return reverse("portfolio:edit", args=[kind, entries[kind].get().uuid])


def test_overview_is_clean(check_page, sign_in, portfolio):
    check_page("/portfolio/", cookies=sign_in(portfolio.user))


def test_first_visit_is_clean(check_page, sign_in, site, applicant):
    check_page("/portfolio/", cookies=sign_in(applicant.user))


@pytest.mark.parametrize("kind", list(EntryKind))
def test_pages_of_each_kind_are_clean(check_page, sign_in, portfolio, kind):
    cookies = sign_in(portfolio.user)
    for address in (
        reverse("portfolio:list", args=[kind]),
        reverse("portfolio:add", args=[kind]),
        edit_address(portfolio, kind),
    ):
        check_page(address, cookies=cookies)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_controls_are_large_enough(open_page, sign_in, portfolio, width):
    cookies = sign_in(portfolio.user)
    for kind in EntryKind:
        for address in (reverse("portfolio:list", args=[kind]), edit_address(portfolio, kind)):
            assert open_page(address, cookies=cookies, width=width).small_targets() == []


def test_link_page_is_clean(check_page, link):
    check_page(link)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_provider_signs_from_the_mail(open_page, link, width):
    visit = open_page(link, width=width)
    visit.page.click("main button[type=submit]")
    visit.page.wait_for_url("**/s/sessions/")
    assert (visit.axe(), visit.sideways(), visit.small_targets()) == ([], 0, [])
    visit.page.select_option("select >> nth=1", "later")
    assert visit.page.inner_text("[data-sign-button]") == "Sign and send 1 session"
    visit.page.fill("[name=typed_name]", "Tobias Fernhollow")
    visit.page.click("[data-sign-button]")
    visit.page.wait_for_url("**/s/done/**")
    assert (visit.axe(), visit.sideways(), visit.problems()) == ([], 0, [])
    assert SignOff.objects.get().lines.count() == 1


def test_a_training_is_logged_without_script_on_a_phone(open_page, sign_in, site, applicant):
    visit = open_page("/portfolio/", cookies=sign_in(applicant.user), width=PHONE, javascript=False)
    visit.page.fill("[name=title]", "Reading the baby")
    visit.page.fill("[name=on]", "2026-05-01")
    visit.page.fill("[name=minutes]", "3 h")
    visit.page.check("[name=topics][value=core]")
    visit.page.click("text=Save training")
    entry = Training.objects.get()
    assert (entry.title, entry.on, entry.minutes, entry.topics) == (
        "Reading the baby",
        datetime.date(2026, 5, 1),
        180,
        ["core"],
    )
    assert "3 h in all" in visit.page.inner_text("body")


def test_two_windows_end_in_a_choice(open_page, sign_in, portfolio):
    cookies = sign_in(portfolio.user)
    address = edit_address(portfolio, EntryKind.TRAINING)
    first = open_page(address, cookies=cookies, javascript=False)
    second = open_page(address, cookies=cookies, javascript=False)
    for visit, title in ((first, "First window"), (second, "Second window")):
        visit.page.fill("[name=title]", title)
        visit.page.click("text=Save training")
    assert second.page.inner_text("h1") == "This entry was changed in another window"
    second.page.click("text=Keep what I typed")
    assert portfolio.training.get().title == "Second window"
