"""Signing up, signing in and keeping an account safe, in a real browser."""

import re
import time

import pytest
from allauth.mfa.totp.internal import auth as totp_auth
from django.core import mail

from tests.browser.harness import DESK, PHONE, screenshot
from tests.conftest import PASSWORD

PAGES = {
    "e-mail": "/accounts/email/",
    "password": "/accounts/password/change/",
    "second-step": "/accounts/2fa/",
    "devices": "/accounts/sessions/",
    "sign-out": "/accounts/logout/",
    "again": "/accounts/reauthenticate/",
}


@pytest.fixture
def member(applicant):
    applicant.user.set_password(PASSWORD)
    applicant.user.save()
    applicant.user.emailaddress_set.update_or_create(
        email=applicant.email, defaults={"verified": True, "primary": True}
    )
    return applicant.user


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_account_page_is_clean(check_page, sign_in, member, path):
    check_page(path, cookies=sign_in(member))


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_controls_of_the_member_shell_are_large_enough(open_page, sign_in, member, width):
    assert open_page("/accounts/2fa/", cookies=sign_in(member), width=width).small_targets() == []


def test_a_new_person_signs_up_with_a_code(open_page, site):
    visit = open_page("/accounts/signup/")
    page = visit.page
    page.fill("[name=email]", "new@example.org")
    page.fill("[name=name]", "Noor Brightwater")
    page.fill("[name=password1]", PASSWORD)
    page.fill("[name=password2]", PASSWORD)
    page.click("text=Make my account")
    code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", mail.outbox[-1].body).group()
    assert visit.axe() == []
    screenshot(page, "sign-up-code-1280-light")
    page.fill("[name=code]", code)
    page.click("main button[type=submit]:has-text('Confirm')")
    page.wait_for_load_state()
    assert "/accounts/" not in page.url


def test_the_second_step_asks_for_a_number(open_page, member):
    secret = totp_auth.generate_totp_secret()
    totp_auth.TOTP.activate(member, secret)
    visit = open_page("/accounts/login/")
    visit.page.fill("[name=login]", member.email)
    visit.page.fill("[name=password]", PASSWORD)
    visit.page.click("main button[type=submit] >> nth=0")
    assert visit.page.inner_text("h1") == "Second step"
    assert visit.axe() == []
    step = int(time.time()) // 30
    visit.page.fill("[name=code]", totp_auth.format_hotp_value(totp_auth.hotp_value(secret, step)))
    visit.page.click("main button[type=submit] >> nth=0")
    visit.page.wait_for_load_state()
    assert "/accounts/" not in visit.page.url
    assert visit.problems() == []


def test_menu_of_the_account_opens_and_closes(open_page, sign_in, member):
    visit = open_page("/accounts/email/", cookies=sign_in(member))
    visit.page.click("details.menu summary")
    assert visit.axe() == []
    visit.page.keyboard.press("Escape")
    assert visit.page.locator("details.menu[open]").count() == 0
    assert visit.page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_authenticator_app_and_passkey_pages_are_clean(check_page, open_page, sign_in, member):
    visit = open_page("/accounts/2fa/totp/activate/", cookies=sign_in(member), status=None)
    visit.page.fill("[name=password]", PASSWORD)
    visit.page.click("main button[type=submit]")
    assert visit.page.locator("img.mfa-qr").count() == 1
    screenshot(visit.page, "second-step-1280-light")
    session = {one["name"]: one["value"] for one in visit.page.context.cookies() if one["name"] == "sessionid"}
    for path in ("/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"):
        check_page(path, cookies=session)


def test_screens_are_kept_to_look_at(open_page, sign_in, member):
    for name in ("e-mail", "second-step"):
        for width in (PHONE, DESK):
            screenshot(
                open_page(PAGES[name], cookies=sign_in(member), width=width).page, f"account-{name}-{width}-light"
            )
