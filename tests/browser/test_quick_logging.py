"""Logging fast in a real browser, on a phone and at a desk: the library, a free entry, the last one again, rows in
place; and nothing is lost when the line, the session, the server or another window gets in the way."""

from __future__ import annotations

import datetime
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from competencies.models import Evidence, Supervision, Training
from endorsement_portal.web import drafts
from tests.competencies.uploads import photo
from tests.factories.competencies import CourseFactory, CourseVersionFactory, SupervisionFactory, TrainingFactory
from tests.factories.members import MembershipFactory

PHONE, DESK = 390, 1280
WIDTHS = pytest.mark.parametrize("width", [PHONE, DESK])
STATE = "[data-autosave-state]"
SOON = 20_000
LIST = "/portfolio/training/"


@pytest.fixture
def course(site, applicant, association):
    MembershipFactory(person=applicant, association=association)
    made = CourseFactory(association=association, title="Watching and wondering")
    CourseVersionFactory(course=made, minutes=360)
    return made


@pytest.fixture
def log(site, applicant):
    return [TrainingFactory(person=applicant, title=f"Stored {number}", minutes=60) for number in range(3)]


def renew_session(page, sign_in, user):
    host = urlsplit(page.url).hostname
    page.context.add_cookies(
        [{"name": name, "value": value, "domain": host, "path": "/"} for name, value in sign_in(user).items()]
    )


def open_row(page, entry):
    page.locator(f"#row-{entry.uuid}").get_by_role("link", name="Change").click()
    form = page.locator(f"#row-{entry.uuid} form[data-autosave]")
    expect(form).to_be_visible(timeout=SOON)
    return form


# --- Fast -----------------------------------------------------------------------------------------


@WIDTHS
def test_i_attended_in_four_fields(open_page, sign_in, applicant, course, width):
    visit = open_page(LIST, cookies=sign_in(applicant.user), width=width)
    page = visit.page
    page.get_by_role("link", name="Find it in the training library").click()
    page.get_by_label("Title or organizer").fill("wondering")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("link", name="I attended").click()
    assert (page.input_value("[name=minutes]"), len(page.input_value("[name=on]"))) == ("6 h", 10)
    page.fill("[name=on]", "2026-03-04")
    page.set_input_files(
        "[name=document]", {"name": "certificate.png", "mimeType": "image/png", "buffer": photo().read()}
    )
    page.get_by_role("button", name="Save training").click()
    expect(page.locator("#live")).to_contain_text("It shows 2 competencies", timeout=SOON)
    entry = Training.objects.get()
    assert (entry.on, entry.minutes, entry.course_version.course, Evidence.objects.get().training) == (
        datetime.date(2026, 3, 4), 360, course, entry,
    )  # fmt: skip
    page.get_by_label("Just saved").get_by_role("link", name="Change it").click()
    assert (page.input_value("[name=minutes]"), visit.problems(), visit.sideways()) == ("6 h", [], 0)


@WIDTHS
def test_a_free_entry_with_the_keyboard_and_the_next_one_at_once(open_page, sign_in, site, applicant, width):
    visit = open_page(LIST, cookies=sign_in(applicant.user), width=width)
    page = visit.page
    page.focus("[name=title]")
    page.keyboard.type("Reading the baby")
    page.get_by_role("button", name="1 h 30 min", exact=True).click()
    page.focus("[name=minutes]")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Just saved")).to_contain_text("Reading the baby", timeout=SOON)
    assert page.evaluate("document.activeElement.name") == "title"
    page.keyboard.type("Second one")
    page.fill("[name=minutes]", "2 h")
    page.get_by_role("button", name="Save and add another").click()
    expect(page.get_by_label("Just saved")).to_contain_text("Second one", timeout=SOON)
    assert page.evaluate("document.activeElement.name") == "title"
    assert sorted(Training.objects.values_list("title", "minutes")) == [("Reading the baby", 90), ("Second one", 120)]
    assert (visit.problems(), visit.small_targets(), visit.sideways()) == ([], [], 0)


@WIDTHS
def test_the_last_session_again_with_one_tap_and_undone(open_page, sign_in, site, applicant, width):
    SupervisionFactory(person=applicant, minutes=90, group_size=5)
    page = open_page("/portfolio/supervision/", cookies=sign_in(applicant.user), width=width).page
    page.get_by_role("button", name="Repeat the last session, today").click()
    saved = page.get_by_label("Just saved")
    expect(saved).to_contain_text("1 h 30 min with", timeout=SOON)
    assert Supervision.objects.count() == 2
    saved.get_by_role("button", name="Undo").click()
    expect(saved).to_contain_text("Taken back", timeout=SOON)
    assert Supervision.objects.current().count() == 1


@WIDTHS
def test_a_row_is_changed_where_it_stands(open_page, sign_in, applicant, log, width):
    visit = open_page(LIST, cookies=sign_in(applicant.user), width=width)
    page = visit.page
    form = open_row(page, log[1])
    assert page.evaluate("document.activeElement.name") == "title"
    form.locator("[name=title]").fill("Changed in place")
    form.locator("[name=minutes]").fill("soon")
    form.get_by_role("button", name="Save training").click()
    expect(form.locator(".errors")).to_contain_text("Length", timeout=SOON)
    assert (visit.axe(), visit.sideways()) == ([], 0)
    form.locator("[name=minutes]").fill("4 h")
    form.get_by_role("button", name="Save training").click()
    row = page.locator(f"#row-{log[1].uuid}")
    expect(row).to_contain_text("Changed in place", timeout=SOON)
    expect(page.locator("#sums")).to_contain_text("6 h entered in 3 trainings")
    assert urlsplit(page.url).path == LIST
    page.wait_for_function("document.activeElement.textContent.trim().startsWith('Change')", timeout=SOON)
    log[1].refresh_from_db()
    assert (log[1].title, log[1].minutes) == ("Changed in place", 240)


def test_a_row_without_script_has_its_own_page(open_page, sign_in, applicant, log):
    page = open_page(LIST, cookies=sign_in(applicant.user), width=PHONE, javascript=False).page
    page.locator(f"#row-{log[0].uuid}").get_by_role("link", name="Change").click()
    page.fill("[name=title]", "On its own page")
    page.click("text=Save training")
    log[0].refresh_from_db()
    assert log[0].title == "On its own page"


@WIDTHS
def test_a_photo_is_saved_as_soon_as_it_is_taken(open_page, sign_in, applicant, log, width):
    address = reverse("portfolio:edit", args=["training", log[0].uuid])
    page = open_page(address, cookies=sign_in(applicant.user), width=width).page
    camera = page.get_by_label("Or take a photo of it")
    assert (camera.get_attribute("capture"), camera.get_attribute("accept")) == ("environment", "image/*")
    camera.set_input_files({"name": "IMG_1.png", "mimeType": "image/png", "buffer": photo().read()})
    expect(page.locator("#live")).to_contain_text("The file is saved", timeout=SOON)
    assert (Evidence.objects.get().training, Evidence.objects.get().document_type) == (log[0], "certificate")


# --- Nothing is lost ------------------------------------------------------------------------------


@WIDTHS
def test_saved_while_the_line_is_cut_it_is_sent_as_soon_as_there_is_one(open_page, sign_in, site, applicant, width):
    page = open_page("/portfolio/training/add/", cookies=sign_in(applicant.user), width=width).page
    page.context.set_offline(True)
    page.fill("[name=title]", "Typed on a train")
    page.fill("[name=minutes]", "1 h")
    page.get_by_role("button", name="Save training").click()
    expect(page.locator(STATE)).to_contain_text("it is sent as soon as there is one", timeout=SOON)
    assert (page.input_value("[name=title]"), Training.objects.count()) == ("Typed on a train", 0)
    page.context.set_offline(False)
    expect(page.get_by_label("Just saved")).to_contain_text("Typed on a train", timeout=SOON)
    assert Training.objects.get().title == "Typed on a train"


def test_half_a_minute_without_a_line_while_typing(open_page, sign_in, site, applicant):
    page = open_page("/portfolio/training/add/", cookies=sign_in(applicant.user)).page
    page.context.set_offline(True)
    for part in ("Typed ", "in ", "a ", "tunnel"):
        page.focus("[name=title]")
        page.keyboard.type(part)
        page.wait_for_timeout(1500)
    expect(page.locator(STATE)).to_contain_text("no connection")
    page.context.set_offline(False)
    expect(page.locator(STATE)).to_contain_text("Saved", timeout=40_000)
    assert drafts.load(applicant.user, "training:new").data["title"] == ["Typed in a tunnel"]


def test_a_server_that_dies_while_it_saves_asks_no_needless_question(open_page, sign_in, site, applicant):
    """It stored what was typed, and its answer never came: the page goes on by itself."""
    page = open_page("/portfolio/training/add/", cookies=sign_in(applicant.user)).page
    lost = []

    def store_and_hang_up(route):
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/drafts/**", store_and_hang_up)
    page.fill("[name=title]", "Stored but not answered")
    expect(page.locator(STATE)).to_contain_text("Not saved yet", timeout=SOON)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator(STATE)).to_contain_text("Saved", timeout=SOON)
    assert (lost, page.locator("[data-autosave-conflict]").count()) == ([200], 0)
    assert drafts.load(applicant.user, "training:new").data["title"] == ["Stored but not answered"]


@WIDTHS
def test_a_session_that_ended_before_saving_keeps_the_row_open(open_page, sign_in, applicant, log, width):
    page = open_page(LIST, cookies=sign_in(applicant.user), width=width).page
    form = open_row(page, log[0])
    form.locator("[name=title]").fill("Typed, kept, then signed out")
    expect(form.locator(STATE)).to_contain_text("Saved", timeout=SOON)
    page.context.clear_cookies(name="sessionid")
    form.get_by_role("button", name="Save training").click()
    expect(form.locator(STATE)).to_contain_text("you are signed out", timeout=SOON)
    expect(form.locator(f"{STATE} a")).to_have_attribute("target", "_blank")
    renew_session(page, sign_in, applicant.user)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator(f"#row-{log[0].uuid}")).to_contain_text("Change", timeout=SOON)
    log[0].refresh_from_db()
    assert log[0].title == "Typed, kept, then signed out"


@WIDTHS
def test_two_windows_on_one_row_end_in_a_choice(open_page, sign_in, applicant, log, width):
    cookies = sign_in(applicant.user)
    pages = [open_page(LIST, cookies=cookies, width=width).page for _ in range(2)]
    forms = [open_row(page, log[0]) for page in pages]
    forms[0].locator("[name=title]").fill("First window")
    forms[0].get_by_role("button", name="Save training").click()
    expect(pages[0].locator(f"#row-{log[0].uuid}")).to_contain_text("First window", timeout=SOON)
    forms[1].locator("[name=title]").fill("Second window")
    forms[1].get_by_role("button", name="Save training").click()
    row = pages[1].locator(f"#row-{log[0].uuid}")
    expect(row).to_contain_text("This entry was changed in another window", timeout=SOON)
    expect(row).to_contain_text("Stored now: First window")
    log[0].refresh_from_db()
    assert log[0].title == "First window"
    row.get_by_role("button", name="Keep what I typed").click()
    expect(row.get_by_role("link", name="Change")).to_be_visible(timeout=SOON)
    log[0].refresh_from_db()
    assert log[0].title == "Second window"


# --- Clean in both themes -------------------------------------------------------------------------


def test_pages_of_the_library_are_clean(check_page, sign_in, applicant, course):
    cookies = sign_in(applicant.user)
    check_page("/portfolio/library/", cookies=cookies)
    check_page("/portfolio/library/?q=zebra", cookies=cookies)
    check_page(reverse("portfolio:attend", args=[course.uuid]), cookies=cookies)


def test_the_desks_library_is_clean(check_page, sign_in, coordinator, course):
    from tests.house.world import second_factor

    second_factor(coordinator)
    cookies = sign_in(coordinator)
    CourseVersionFactory(course=course, number=2, minutes=420, competencies=["TF.development", "LRP.ethics"])
    for name, args in (("library", []), ("course_new", []), ("course", [course.uuid]), ("course_edit", [course.uuid])):
        check_page(reverse(f"coordination:{name}", args=["xx-pr", *args]), cookies=cookies)


def test_the_list_after_saving_is_clean(check_page, sign_in, applicant, log):
    check_page(f"{LIST}?saved={log[0].uuid}", cookies=sign_in(applicant.user))
