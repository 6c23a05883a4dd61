"""Autosave in a real browser: no text is lost when the line, the session or the other tab gets in the way."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from endorsement_portal.web import drafts
from members.queries import person_of

KEY = "members:profile"
STATE = "form[data-autosave] [data-autosave-state]"
SOON = 20_000


@pytest.fixture
def person(transactional_db):
    from tests.factories.members import PersonFactory

    return PersonFactory(name="Maren Oakhill", email="maren@example.org", with_user=True)


@pytest.fixture
def profile(open_page, sign_in, person):
    return open_page("/me/", cookies=sign_in(person.user)).page


def renew_session(page, sign_in, user):
    """What signing in again in another tab does to this one."""
    host = urlsplit(page.url).hostname
    page.context.add_cookies(
        [{"name": name, "value": value, "domain": host, "path": "/"} for name, value in sign_in(user).items()]
    )


def hurry(page):
    page.evaluate("window.dispatchEvent(new Event('online'))")


def kept(user):
    draft = drafts.load(user, KEY)
    return draft.data["name"] if draft else None


def test_typed_text_is_saved_and_comes_back(profile, person):
    profile.fill("#id_name", "Maren Typed")
    expect(profile.locator(STATE)).to_contain_text("Saved", timeout=SOON)
    assert kept(person.user) == ["Maren Typed"]
    profile.reload()
    expect(profile.locator("#id_name")).to_have_value("Maren Typed")
    expect(profile.locator("[data-draft-note]")).to_contain_text("We kept what you typed")
    profile.get_by_role("button", name="Discard it").click()
    expect(profile.locator("#id_name")).to_have_value("Maren Oakhill")
    assert kept(person.user) is None


def test_a_form_that_came_back_with_a_message_goes_on_without_a_conflict(open_page, sign_in, person):
    page = open_page("/portfolio/training/add/", cookies=sign_in(person.user)).page
    page.fill("#id_title", "Reading babies' cues")
    page.fill("#id_minutes", "soon")
    page.get_by_role("button", name="Save training").click()
    expect(page.locator(".errors")).to_contain_text("Length", timeout=SOON)
    page.fill("#id_minutes", "6 h")
    page.get_by_role("button", name="Save training").click()
    expect(page.locator("#live")).to_contain_text("Saved", timeout=SOON)
    assert drafts.load(person.user, "training:new") is None


def test_without_a_connection_it_waits_and_then_saves(profile, person):
    profile.context.set_offline(True)
    profile.fill("#id_name", "Typed offline")
    expect(profile.locator(STATE)).to_contain_text("no connection", timeout=SOON)
    assert kept(person.user) is None
    profile.context.set_offline(False)
    hurry(profile)
    expect(profile.locator(STATE)).to_contain_text("Saved", timeout=SOON)
    assert kept(person.user) == ["Typed offline"]


def test_a_session_that_ended_loses_nothing_and_the_form_can_be_sent(profile, person, sign_in):
    profile.context.clear_cookies(name="sessionid")
    profile.fill("#id_name", "Typed signed out")
    expect(profile.locator(STATE)).to_contain_text("you are signed out", timeout=SOON)
    expect(profile.locator(f"{STATE} a")).to_have_attribute("target", "_blank")
    renew_session(profile, sign_in, person.user)
    hurry(profile)
    expect(profile.locator(STATE)).to_contain_text("Saved", timeout=SOON)
    assert kept(person.user) == ["Typed signed out"]
    profile.get_by_role("button", name="Save", exact=True).click()
    expect(profile.locator("#live .flash")).to_contain_text("Saved", timeout=SOON)
    assert person_of(person.user).name == "Typed signed out"
    assert kept(person.user) is None


def test_a_sign_in_renews_the_token_of_the_page(profile, person, sign_in):
    """A new sign-in turns the CSRF cookie: the page's old token alone would be refused for ever."""
    profile.context.clear_cookies()
    profile.fill("#id_name", "Old token")
    expect(profile.locator(STATE)).to_contain_text("Not saved yet", timeout=SOON)
    renew_session(profile, sign_in, person.user)
    hurry(profile)
    expect(profile.locator(STATE)).to_contain_text("Saved", timeout=SOON)
    profile.get_by_role("button", name="Save", exact=True).click()
    expect(profile.locator("#live .flash")).to_contain_text("Saved", timeout=SOON)
    assert person_of(person.user).name == "Old token"


def test_sending_with_a_session_that_ended_keeps_the_page(profile, person):
    profile.context.clear_cookies(name="sessionid")
    profile.fill("#id_name", "Sent too late")
    profile.get_by_role("button", name="Save", exact=True).click()
    expect(profile.locator(STATE)).to_contain_text("you are signed out", timeout=SOON)
    expect(profile.locator("#id_name")).to_have_value("Sent too late")
    assert urlsplit(profile.url).path == "/me/"


def test_another_person_never_gets_the_text(profile, person, sign_in):
    from tests.factories.members import PersonFactory

    other = PersonFactory(email="other@example.org", with_user=True)
    renew_session(profile, sign_in, other.user)
    profile.fill("#id_name", "Private")
    expect(profile.locator(STATE)).to_contain_text("somebody else is signed in", timeout=SOON)
    assert (kept(person.user), kept(other.user)) == (None, None)


def test_two_tabs_are_asked_and_mine_can_be_kept(profile, person):
    second = profile.context.new_page()
    second.goto(profile.url)
    profile.fill("#id_name", "First tab")
    expect(profile.locator(STATE)).to_contain_text("Saved", timeout=SOON)
    second.fill("#id_name", "Second tab")
    note = second.locator("[data-autosave-conflict]")
    expect(note).to_contain_text("Nothing was overwritten", timeout=SOON)
    expect(note).to_contain_text("First tab")
    expect(note).to_contain_text("Second tab")
    expect(note.locator("tbody th")).to_contain_text("Your name")
    assert kept(person.user) == ["First tab"]
    note.get_by_role("button", name="Keep what is here").click()
    expect(second.locator(STATE)).to_contain_text("Saved", timeout=SOON)
    assert kept(person.user) == ["Second tab"]


def test_two_tabs_and_the_other_one_can_be_taken(profile, person):
    second = profile.context.new_page()
    second.goto(profile.url)
    profile.fill("#id_name", "First tab")
    expect(profile.locator(STATE)).to_contain_text("Saved", timeout=SOON)
    second.fill("#id_name", "Second tab")
    second.get_by_role("button", name="Take the other one").click(timeout=SOON)
    expect(second.locator("#id_name")).to_have_value("First tab")
    assert kept(person.user) == ["First tab"]


def test_nothing_of_it_is_in_the_browsers_storage(profile):
    profile.fill("#id_name", "Maren Typed")
    expect(profile.locator(STATE)).to_contain_text("Saved", timeout=SOON)
    stored = profile.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "Maren" not in stored
