"""The pages that anyone may see, in a real browser: readable, operable, quiet, and usable without script."""

import datetime

import pytest

from tests.browser.harness import DESK, PHONE, screenshot
from tests.factories.cohorts import CohortFactory

PAGES = {
    "landing": "/",
    "help": "/help/",
    "privacy": "/privacy/",
    "accessibility": "/accessibility/",
    "finder-question": "/find/2/",
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "password-reset": "/accounts/password/reset/",
    "sign-in-by-code": "/accounts/login/code/",
}
ANSWERS = ("both", "prevention", "three_or_more", "undergraduate", "no", "received")


@pytest.fixture
def coming_cohort(association):
    now = datetime.datetime.now(tz=datetime.UTC)
    days = datetime.timedelta(days=1)
    return CohortFactory(
        association=association,
        opens_at=now - 3 * days,
        closes_at=now + 30 * days,
        submission_deadline_at=now + 60 * days,
    )


def _answer_all(page, site):
    page.goto(f"{site}/find/1/")
    for answer in ANSWERS:
        page.check(f"input[value={answer}]")
        page.click("main button[type=submit]")


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_public_page_is_clean_in_both_themes_on_phone_and_desk(check_page, coming_cohort, path):
    check_page(path)


@pytest.mark.parametrize("path", ["/", "/find/2/", "/accounts/login/"])
def test_controls_are_large_enough_for_a_thumb(open_page, coming_cohort, path):
    for width in (PHONE, DESK):
        assert open_page(path, width=width).small_targets() == []


def test_error_page_is_clean_too(check_page):
    check_page("/no/such/page/", status=404)


def test_finder_leads_to_a_result_without_script(open_page, site):
    visit = open_page("/", javascript=False)
    visit.page.click("main >> text=Find your category")
    assert visit.page.url == f"{site}/find/1/"
    _answer_all(visit.page, site)
    assert visit.page.url == f"{site}/find/result/"
    assert visit.page.locator("main h2.mb-3").all_inner_texts()[:2] == [
        "Infant Family Specialist",
        "Early Childhood Family Specialist",
    ]


def test_finder_result_is_clean(check_page, open_page, site):
    visit = open_page("/")
    _answer_all(visit.page, site)
    session = {one["name"]: one["value"] for one in visit.page.context.cookies() if one["name"] == "sessionid"}
    check_page("/find/result/", cookies=session)


def test_an_unanswered_question_moves_the_focus_to_the_message(open_page):
    visit = open_page("/find/2/")
    visit.page.click("main button[type=submit]")
    assert visit.page.title().startswith("Error:")
    assert visit.page.evaluate("document.activeElement.className") == "errors"
    visit.page.click(".errors a")
    assert visit.page.evaluate("document.activeElement.id") == "id_answer_0"
    assert visit.axe() == []


def test_theme_is_kept_with_script_and_without(open_page):
    def theme_of(page):
        return page.get_attribute("html", "data-bs-theme")

    for javascript in (True, False):
        visit = open_page("/help/", javascript=javascript)
        assert theme_of(visit.page) == "light"
        with visit.page.expect_response(lambda response: response.url.endswith("/theme/")):
            visit.page.click("header .themeswitch")
        visit.page.wait_for_load_state()
        visit.page.goto(visit.page.url)
        assert theme_of(visit.page) == "dark"
        assert visit.problems() == [] if javascript else True


def test_the_device_decides_while_nobody_chose(open_page):
    visit = open_page("/help/")
    visit.page.emulate_media(color_scheme="dark")
    visit.page.reload()
    assert visit.page.get_attribute("html", "data-bs-theme") == "dark"


def test_skip_link_is_the_first_stop_and_leads_to_the_content(open_page):
    visit = open_page("/")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.className") == "skip"
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_screens_are_kept_to_look_at(open_page, site, coming_cohort, theme, width):
    for name in ("landing", "finder-question", "sign-in"):
        target = screenshot(open_page(PAGES[name], theme=theme, width=width).page, f"{name}-{width}-{theme}")
        assert target.stat().st_size > 1000
    visit = open_page("/", theme=theme, width=width)
    _answer_all(visit.page, site)
    assert screenshot(visit.page, f"finder-result-{width}-{theme}").exists()
