"""The demo's mail page and people; and that production has neither, and refuses weak secrets."""

import json
import os
import secrets
import subprocess
import sys

import pytest
from django.contrib.auth import get_user
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from endorsement_portal.demo.actions import offer
from endorsement_portal.demo.models import DemoMail, DemoPerson
from endorsement_portal.outbox.actions import deliver_due
from endorsement_portal.outbox.models import MessageState, OutgoingMessage
from tests.factories.members import StaffRoleFactory, UserFactory
from tests.ground import mailing
from tests.house.tree import ROOT


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.ROOT_URLCONF = "tests.ground.demo_urls"
    settings.DEMO = True
    settings.EMAIL_BACKEND = "endorsement_portal.demo.mail.DemoMailBackend"


def words(response) -> str:
    return " ".join(response.content.decode().split())


# --- mail lands in a page


@pytest.mark.django_db
def test_outgoing_mail_lands_in_the_page_and_can_be_followed(client, settings):
    mailing.with_test_templates(settings)
    message = mailing.note(context={"link": "http://testserver/find/", "what": "<b>"})
    deliver_due()
    kept = DemoMail.objects.get()
    assert (kept.message_id, kept.to_email) == (message.message_id, '"Adaeze Stonebrook" <reader@example.org>')
    assert "<!doctype html>" in kept.html
    assert get_connection().was_sent(message.message_id) is True
    assert get_connection().was_sent("<other@testserver>") is False
    assert "Maren wrote: &lt;b&gt; username" in words(client.get(reverse("demo:mail")))
    detail = words(client.get(reverse("demo:mail_detail", args=[kept.uuid])))
    assert '<a href="http://testserver/find/" rel="nofollow">http://testserver/find/</a>' in detail
    assert "&lt;b&gt;" in detail


@pytest.mark.django_db
def test_a_mail_that_arrived_before_a_crash_is_not_sent_twice(settings):
    mailing.with_test_templates(settings)
    mailing.note()
    deliver_due()
    past = {"lease_until": "2020-01-01T00:00Z", "lease_token": "x", "sent_at": None}
    OutgoingMessage.objects.update(state=MessageState.LEASED, **past)
    assert deliver_due() == {MessageState.SENT: 1}
    assert DemoMail.objects.count() == 1


@pytest.mark.django_db
def test_mail_of_any_shape_is_kept():
    plain = EmailMessage("Code", "1234", to=["a@example.org", "b@example.org"])
    other = EmailMultiAlternatives("", "text", to=["c@example.org"])
    other.attach_alternative("{}", "application/json")
    assert get_connection().send_messages([plain, other]) == 2
    assert list(DemoMail.objects.order_by("id").values_list("to_email", "subject", "text", "html")) == [
        ("a@example.org, b@example.org", "Code", "1234", ""),
        ("c@example.org", "", "text", ""),
    ]
    assert "@" in DemoMail.objects.first().message_id


@pytest.mark.django_db
def test_the_page_is_searched_by_address_and_teaches_when_empty(client):
    address = reverse("demo:mail")
    assert "No mail yet" in words(client.get(address))
    for name in ("maren", "samir"):
        DemoMail.objects.create(message_id=name, to_email=f"{name}@demo.example", subject="Hello", text="")
    assert [row.message_id for row in client.get(address, {"q": "SAMIR@"}).context["page"]] == ["samir"]
    assert "Nothing matches" in words(client.get(address, {"q": "nobody"}))
    assert len(client.get(address, {"q": "\x00"}).context["page"]) == 2


@pytest.mark.django_db
def test_the_page_takes_the_same_number_of_queries_for_1_and_20(client):
    asked = []
    for count in (1, 20):
        for number in range(count):
            DemoMail.objects.create(message_id=f"{count}{number}", to_email="a@demo.example", subject="Hello", text="")
        with CaptureQueriesContext(connection) as statements:
            client.get(reverse("demo:mail"))
        asked.append(len(statements))
    assert asked[0] == asked[1]


# --- people


@pytest.mark.django_db
def test_one_click_signs_in_a_demo_person(client):
    person = offer(user=UserFactory(), name="Maren", title="Applicant", description="Two of three ratings are in")
    assert client.get(reverse("demo:sign_in")).status_code == 405
    response = client.post(reverse("demo:sign_in"), {"person": person.uuid})
    assert response.url == reverse("home")
    assert get_user(client) == person.user


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "place"), [("coordinator", "coordination:index"), ("reviewer", "reviews:queue")])
def test_staff_arrive_at_their_desk(client, role, place):
    person = offer(user=StaffRoleFactory(role=role).user, name="Linnea", title="Staff", description="")
    assert client.post(reverse("demo:sign_in"), {"person": person.uuid}).url == reverse(place)


@pytest.mark.django_db
def test_nobody_else_is_signed_in(client):
    stranger, closed = UserFactory(), UserFactory(is_active=False)
    gone = offer(user=closed, name="Gone", title="Closed account")
    for value in (stranger.uuid, stranger.email, stranger.pk, gone.uuid, "", "x" * 5000, "\x00"):
        assert client.post(reverse("demo:sign_in"), {"person": value}).status_code == 404
    assert get_user(client).is_anonymous


@pytest.mark.django_db
def test_the_sign_in_page_offers_people_in_their_order(client):
    assert "There is nobody yet" in render_to_string("demo/_people.html", request=RequestFactory().get("/"))
    second = offer(user=UserFactory(), name="Linnea", title="Coordinator", position=2)
    offer(user=second.user, name="Linnea Rivermoss", title="Coordinator", position=2)
    offer(user=UserFactory(), name="Maren", title="Applicant", description="Just <started>", position=1)
    assert DemoPerson.objects.count() == 2
    page = words(client.get(reverse("account_login")))
    assert page.index("Maren") < page.index("Linnea Rivermoss")
    assert "Applicant: Just &lt;started&gt;" in page


# --- production

STRONG = {
    "DJANGO_SETTINGS_MODULE": "endorsement_portal.settings.production",
    "ALLOWED_HOSTS": "endorsement.example.org",
    "PUBLIC_ADDRESS": "https://endorsement.example.org",
    "DATABASE_URL": "postgresql://user@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "MAIL_URL": "smtp://127.0.0.1:1",
}

PROBE = """
import json, django
django.setup()
from django.conf import settings
from django.urls import Resolver404, resolve
def answers(path):
    try:
        return bool(resolve(path))
    except Resolver404:
        return False
print(json.dumps({
    "routes": [path for path in ("/demo/mail/", "/demo/sign-in/", "/messages/") if answers(path)],
    "installed": "endorsement_portal.demo" in settings.INSTALLED_APPS,
    "demo": settings.DEMO, "debug": settings.DEBUG, "mail": settings.EMAIL_BACKEND,
}))
"""


def start(tmp_path, **changes) -> subprocess.CompletedProcess:
    secret = secrets.token_urlsafe(60)
    environment = {**STRONG, "SECRET_KEY": secret, "VAR_DIR": str(tmp_path), "PATH": os.environ["PATH"], **changes}
    environment = {name: value for name, value in environment.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", PROBE],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_production_has_neither_route(tmp_path):
    run = start(tmp_path)
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == {
        "routes": ["/messages/"], "installed": False, "demo": False, "debug": False,
        "mail": "django.core.mail.backends.smtp.EmailBackend",
    }  # fmt: skip


WEAK = {
    "missing": ({"SECRET_KEY": None}, "SECRET_KEY is missing"),
    "empty": ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
    "short": ({"SECRET_KEY": "abcdefghijklmnopq"}, "SECRET_KEY is weak"),
    "monotonous": ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY is weak"),
    "sample": ({"SECRET_KEY": "changeme-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2}, "sample word"),
    "the embedded one": ({"SECRET_KEY": "embedded-development-only-not-for-production-0123456789"}, "sample word"),
    "no hosts": ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
    "any host": ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
    "no address": ({"PUBLIC_ADDRESS": None}, "PUBLIC_ADDRESS is missing"),
    "no database": ({"DATABASE_URL": None}, "DATABASE_URL is missing"),
    "no redis": ({"REDIS_URL": None}, "REDIS_URL is missing"),
    "no mail": ({"MAIL_URL": None}, "MAIL_URL is missing"),
}


@pytest.mark.parametrize(("changes", "message"), WEAK.values(), ids=WEAK)
def test_production_refuses_weak_or_missing_settings(tmp_path, changes, message):
    run = start(tmp_path, **changes)
    assert run.returncode != 0
    assert message in run.stderr.splitlines()[-1]
