"""Accounts: sign-up by code, where people land, and the second factor of staff."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.middleware import SESSION_KEY
from members.models import Person, User
from tests.conftest import PASSWORD
from tests.factories.members import PersonFactory, StaffRoleFactory, UserFactory

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "seven-willows-in-the-wind"


def sign_up(client, email="ada@example.org", name="Ada Meadow"):
    return client.post(
        reverse("account_signup"),
        {"email": email, "name": name, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )


def give_code(client, message):
    code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", message.body).group()
    return client.post(reverse("account_email_verification_sent"), {"code": code})


def sign_in(client, user, **query):
    return client.post(reverse("account_login", query=query or None), {"login": user.email, "password": PASSWORD})


# --- Sign-up --------------------------------------------------------------------------------------------------------
def test_sign_up_proves_the_address_then_makes_the_person(client):
    assert sign_up(client).status_code == 302
    assert User.objects.get().email == "ada@example.org"
    assert Person.objects.count() == 0
    answer = give_code(client, mail.outbox[0])
    assert (answer.status_code, answer.url) == (302, "/home/")
    person = Person.objects.get()
    assert (person.name, person.user.email) == ("Ada Meadow", "ada@example.org")


def test_sign_up_of_somebody_we_wrote_to_takes_over_only_after_the_code(client):
    rater = PersonFactory(email="ada@example.org", name="Dr. Meadow")
    sign_up(client)
    rater.refresh_from_db()
    assert rater.user is None
    give_code(client, mail.outbox[0])
    rater.refresh_from_db()
    assert (rater.name, rater.user) == ("Dr. Meadow", User.objects.get())


@pytest.mark.parametrize("name", ["", "Ada\nBcc: x@example.org", "Ada\u2028", "x" * 201])
def test_sign_up_refuses_names_that_are_none(client, name):
    assert sign_up(client, name=name).status_code == 200
    assert (User.objects.count(), mail.outbox) == (0, [])


def test_a_known_address_is_not_told_to_a_stranger(client):
    UserFactory(email="ada@example.org")
    known, new = sign_up(client), sign_up(Client(), email="new@example.org")
    assert (known.status_code, known.url) == (new.status_code, new.url)
    assert len(mail.outbox) == 2


# --- Where people land ----------------------------------------------------------------------------------------------
def test_members_land_at_home(client, applicant):
    assert sign_in(client, applicant.user).url == "/home/"


def test_coordinators_land_at_their_desk(client, coordinator):
    assert sign_in(client, coordinator).url == "/admin/"


def test_operators_land_at_the_desk(client, operator):
    assert sign_in(client, operator).url == "/admin/"


def test_reviewers_land_at_their_queue(client, reviewer):
    assert sign_in(client, reviewer).url == "/reviews/"


@pytest.mark.parametrize(
    ("wanted", "landed"),
    [
        ("/portfolio/", "/portfolio/"),
        ("//evil.example", "/home/"),
        ("/\\evil.example", "/home/"),
        ("https://evil.example/", "/home/"),
        ("https:evil.example", "/home/"),
        ("http://testserver@evil.example/", "/home/"),
        ("javascript:alert(1)", "/home/"),
        ("/%0d%0aSet-Cookie:x=1", "/%0d%0aSet-Cookie:x=1"),
        ("\t//evil.example", "/home/"),
    ],
)
def test_next_never_leaves_the_site(client, applicant, wanted, landed):
    assert sign_in(client, applicant.user, next=wanted).url == landed


def test_signing_in_changes_the_session_key(client, applicant):
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = "x"
    session.save()
    before = session.session_key
    sign_in(client, applicant.user)
    assert client.session.session_key != before


def test_signing_out_clears_the_browser(client, applicant):
    client.force_login(applicant.user)
    answer = client.post(reverse("account_logout"))
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in client.get("/accounts/login/").headers


def test_too_many_tries_are_a_calm_page(client, applicant):
    for _number in range(6):
        answer = client.post(reverse("account_login"), {"login": applicant.email, "password": "wrong-wrong-wrong"})
    assert answer.status_code in {200, 429}
    for _number in range(40):
        answer = client.post(reverse("account_login"), {"login": applicant.email, "password": "wrong-wrong-wrong"})
    assert answer.status_code == 429
    assert "A short pause, please" in answer.content.decode()
    assert answer["Retry-After"] == "60"


# --- The second factor of staff -------------------------------------------------------------------------------------
def enroll(user):
    TOTP.activate(user, generate_totp_secret())


def test_staff_without_a_second_factor_are_led_to_it(client, coordinator, reviewer, operator):
    for user in (coordinator, reviewer, operator):
        client.force_login(user)
        answer = client.get("/me/")
        assert (answer.status_code, answer.url) == (302, reverse("mfa_index"))
        page = client.get(reverse("mfa_index"))
        assert page.content.decode().count("so sign-in needs a second step") == 1


def test_the_explanation_is_given_once_however_often_one_tries(client, coordinator):
    client.force_login(coordinator)
    for _number in range(3):
        client.get("/me/")
    assert client.get(reverse("mfa_index")).content.decode().count("so sign-in needs a second step") == 1


def test_nothing_can_be_sent_without_it(client, coordinator):
    client.force_login(coordinator)
    assert client.post("/me/", {"name": "x"}).url == reverse("mfa_index")


def test_a_fragment_is_sent_to_the_page(client, coordinator):
    client.force_login(coordinator)
    answer = client.get("/me/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, reverse("mfa_index"))


def test_staff_with_a_second_factor_pass(client, coordinator):
    enroll(coordinator)
    client.force_login(coordinator)
    assert client.get("/me/").status_code == 200
    assert client.session[SESSION_KEY] == "enabled"


def test_recovery_codes_alone_are_no_second_factor(client, coordinator):
    RecoveryCodes.activate(coordinator)
    client.force_login(coordinator)
    assert client.get("/me/").status_code == 302


def test_removing_it_is_noticed_at_once(client, coordinator, rf):
    from allauth.mfa.signals import authenticator_removed

    enroll(coordinator)
    client.force_login(coordinator)
    client.get("/me/")
    request = rf.get("/")
    request.session = session = client.session
    Authenticator.objects.all().delete()
    authenticator_removed.send(sender=Authenticator, request=request, user=coordinator, authenticator=None)
    session.save()
    assert client.get("/me/").status_code == 302


def test_removing_it_in_another_session_is_noticed_in_this_one(client, coordinator):
    enroll(coordinator)
    client.force_login(coordinator)
    assert client.get("/me/").status_code == 200
    Authenticator.objects.all().delete()
    answer = client.get("/me/")
    assert (answer.status_code, answer.url) == (302, reverse("mfa_index"))
    assert SESSION_KEY not in client.session
    RecoveryCodes.activate(coordinator)
    assert client.get("/me/").status_code == 302
    enroll(coordinator)
    assert client.get("/me/").status_code == 200


def test_asking_after_it_costs_one_question(client, coordinator):
    enroll(coordinator)
    client.force_login(coordinator)
    for _number in range(3):
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/me/").status_code == 200
        about = [row["sql"] for row in asked.captured_queries if "mfa_authenticator" in row["sql"]]
        assert len(about) == 1


def test_who_no_longer_works_here_needs_none(client, coordinator):
    enroll(coordinator)
    client.force_login(coordinator)
    client.get("/me/")
    Authenticator.objects.all().delete()
    coordinator.staff_roles.update(ends_at=timezone.now())
    assert client.get("/me/").status_code == 200
    assert isinstance(client.session[SESSION_KEY], int)


def test_a_removal_outside_a_session_is_no_error(rf):
    from members.middleware import forget

    assert forget(rf.get("/")) is None


def test_members_are_asked_about_once_in_a_while(client, applicant, django_assert_max_num_queries):
    client.force_login(applicant.user)
    client.get("/me/")
    assert isinstance(client.session[SESSION_KEY], int)
    StaffRoleFactory(user=applicant.user)
    assert client.get("/me/").status_code == 200
    assert client.get("/admin/").url == reverse("mfa_index")
    session = client.session
    session[SESSION_KEY] = 0
    session.save()
    assert client.get("/me/").url == reverse("mfa_index")


def test_the_development_demo_may_leave_it_out(client, coordinator, settings):
    settings.STAFF_MFA_REQUIRED = False
    client.force_login(coordinator)
    assert client.get("/me/").status_code == 200


def test_only_the_development_settings_leave_it_out():
    from pathlib import Path

    folder = Path("endorsement_portal/settings")
    assert "STAFF_MFA_REQUIRED = True" in (folder / "base.py").read_text()
    assert [name for name in ("production.py", "test.py") if "STAFF_MFA" in (folder / name).read_text()] == []


# --- Clocks ---------------------------------------------------------------------------------------------------------
def test_pages_follow_the_clocks_that_the_person_chose(client, applicant, rf):
    from django.utils import timezone

    from members.middleware import ZONE_KEY, TimeZoneMiddleware

    client.force_login(applicant.user)
    assert client.session[ZONE_KEY] == "America/Chicago"
    client.post("/me/", {"name": "M", "language": "en", "time_zone": "America/Denver", "residence": ""})
    assert client.session[ZONE_KEY] == "America/Denver"
    request = rf.get("/")
    request.session = client.session
    assert TimeZoneMiddleware(lambda request: timezone.get_current_timezone_name())(request) == "America/Denver"
    for odd in ("Mars/Olympus", "../etc/passwd", ""):
        request.session = {ZONE_KEY: odd}
        assert TimeZoneMiddleware(lambda request: timezone.get_current_timezone_name())(request) == "UTC"
    request.session = {}
    assert TimeZoneMiddleware(lambda request: timezone.get_current_timezone_name())(request) == "UTC"
    assert timezone.get_current_timezone_name() == "UTC"


# --- What the shells know about roles -------------------------------------------------------------------------------
def test_roles_in_the_shell(rf, applicant, coordinator, reviewer, operator):
    from django.contrib.auth.models import AnonymousUser

    from members.context import roles

    def known(user):
        request = rf.get("/")
        request.user = user
        found = roles(request)
        return {name for name, value in found.items() if (value() if callable(value) else value)}

    assert known(AnonymousUser()) == set()
    assert known(applicant.user) == set()
    assert known(reviewer) == {"is_reviewer"}
    assert known(coordinator) == {"is_coordinator"}
    assert known(operator) == {"is_coordinator"}
    assert roles(rf.get("/")) == {"is_reviewer": False, "is_coordinator": False}
