"""What happens around every page: ids, caches, refusals, error pages, theme, reports, health."""

import json
import logging
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path, reverse

from endorsement_portal.audit import context as audit_context
from endorsement_portal.files.refusals import Refused
from endorsement_portal.web import errors, fragments, health, limits, permissions
from endorsement_portal.web.context import page
from endorsement_portal.web.logs import RequestIdFilter
from endorsement_portal.workflow import Finding, LostRace, NotAllowed

SEEN = {}


def plain(request):
    SEEN["request_id"] = audit_context.request_id.get()
    return HttpResponse("plain")


def public(request):
    return HttpResponse("public", headers={"Cache-Control": "public, max-age=60"})


def refusing(request):
    raise NotAllowed(
        [Finding(requirement="x", kind="guard", met=False, message="Two raters are missing.", fix="Add them.")]
    )


def racing(request):
    raise LostRace.because("x", "Somebody was faster.")


def unreadable(request):
    raise Refused("web_page")


def gone(request):
    raise Http404


def broken(request):
    raise ZeroDivisionError


def forbidden(request):
    from django.core.exceptions import PermissionDenied

    raise PermissionDenied


urlpatterns = [
    path(f"probe/{view.__name__}/", view)
    for view in (plain, public, refusing, racing, unreadable, gone, broken, forbidden)
] + [path("", include("endorsement_portal.urls"))]
handler400 = "endorsement_portal.web.errors.bad_request"
handler403 = "endorsement_portal.web.errors.permission_denied"
handler404 = "endorsement_portal.web.errors.not_found"
handler500 = "endorsement_portal.web.errors.server_error"


@pytest.fixture
def probes(client, applicant):
    client.force_login(applicant.user)
    client.raise_request_exception = False
    with override_settings(ROOT_URLCONF=__name__):
        yield client


# --- Request id -----------------------------------------------------------------------------------------------------
def test_every_answer_has_an_id_that_the_audit_knows(probes):
    answer = probes.get("/probe/plain/")
    assert re.fullmatch(r"[0-9a-f-]{36}", answer["X-Request-ID"])
    assert SEEN["request_id"] == answer["X-Request-ID"]
    assert audit_context.request_id.get() == ""


@pytest.mark.parametrize(
    ("offered", "kept"),
    [
        ("3f2a-abcdef-0123", True),
        ("a" * 36, True),
        ("a" * 37, False),
        ("short", False),
        ("x y z x y z", False),
        ("<script>alert(1)</script>", False),
        ("abcdefgh\n", False),
        ("", False),
    ],
)
def test_an_offered_id_is_kept_only_when_it_looks_like_one(probes, offered, kept):
    assert (probes.get("/probe/plain/", headers={"X-Request-ID": offered})["X-Request-ID"] == offered) is kept


def test_log_lines_carry_the_id():
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, "words", (), None)
    assert RequestIdFilter().filter(record) is True
    assert record.request_id == "-"
    token = audit_context.request_id.set("3f2a-abcdef")
    RequestIdFilter().filter(record)
    audit_context.request_id.reset(token)
    assert record.request_id == "3f2a-abcdef"


# --- Caches ---------------------------------------------------------------------------------------------------------
def test_no_cache_keeps_a_page(probes):
    answer = probes.get("/probe/plain/")
    assert answer["Cache-Control"] == "no-store, private"
    assert {word.strip() for word in answer["Vary"].split(",")} >= {"Cookie", "HX-Request"}


def test_a_view_may_say_otherwise(probes):
    assert probes.get("/probe/public/")["Cache-Control"] == "public, max-age=60"


def test_error_pages_are_not_kept_either(probes):
    assert probes.get("/probe/gone/")["Cache-Control"] == "no-store, private"


@pytest.mark.django_db
def test_public_pages_are_not_kept_for_the_next_person(client):
    assert client.get("/accounts/login/")["Cache-Control"].startswith(("no-store", "max-age=0"))


def test_signing_out_by_a_command_has_no_browser_to_clear():
    from django.contrib.auth.signals import user_logged_out

    assert user_logged_out.send(sender=None, request=None, user=None)


# --- Error pages ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("refusing", 409, "Two raters are missing."),
        ("racing", 409, "Somebody was faster."),
        ("unreadable", 400, "print it to PDF"),
        ("gone", 404, "We found nothing here"),
        ("forbidden", 403, "This page needs another key"),
        ("broken", 500, "Something went wrong on our side"),
    ],
)
def test_each_error_is_a_page_in_words(probes, name, status, words):
    answer = probes.get(f"/probe/{name}/")
    assert (answer.status_code, words in answer.content.decode()) == (status, True)
    assert "<main" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "status"), [("refusing", 409), ("unreadable", 400), ("gone", 404), ("forbidden", 403), ("broken", 500)]
)
def test_htmx_gets_the_message_alone_for_the_live_region(probes, name, status):
    answer = probes.get(f"/probe/{name}/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reswap"]) == (status, "#live", "innerHTML")
    assert "<main" not in answer.content.decode()
    assert "flash" in answer.content.decode()


def test_a_boosted_link_gets_the_page(probes):
    answer = probes.get("/probe/gone/", headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert "<main" in answer.content.decode()


def test_the_page_of_a_broken_server_names_the_request(probes):
    answer = probes.get("/probe/broken/")
    assert answer["X-Request-ID"] in answer.content.decode()


@pytest.mark.django_db
def test_a_form_that_was_open_too_long(applicant):
    client = Client(enforce_csrf_checks=True)
    client.force_login(applicant.user)
    answer = client.post("/me/", {"name": "x"})
    assert answer.status_code == 403
    assert "This page was open for a long time" in answer.content.decode()


@pytest.mark.django_db
def test_an_unreadable_request_is_a_400(client):
    assert client.get("/accounts/login/", headers={"host": "evil.example"}).status_code == 400


def test_too_many_requests_says_when_to_come_back(rf, db):
    request = rf.get("/")
    request.user = AnonymousUser()
    answer = errors.too_many_requests(request)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")


def test_errors_of_other_kinds_are_not_swallowed(rf):
    from endorsement_portal.web.middleware import RefusalsMiddleware

    assert RefusalsMiddleware(lambda request: None).process_exception(rf.get("/"), ValueError()) is None


# --- Theme ----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("chosen", ["light", "dark", "auto"])
def test_the_theme_is_kept_in_a_cookie(client, chosen):
    answer = client.post(reverse("web:theme"), {"theme": chosen, "next": "/find/"})
    assert (answer.status_code, answer.url, answer.cookies["theme"].value) == (302, "/find/", chosen)
    assert client.post(reverse("web:theme"), {"theme": chosen}, headers={"HX-Request": "true"}).status_code == 204


@pytest.mark.django_db
def test_a_theme_nobody_knows_is_not_kept(client, rf):
    assert "theme" not in client.post(reverse("web:theme"), {"theme": "<b>"}).cookies
    request = rf.get("/")
    request.COOKIES["theme"] = '"><script>'
    assert page(request)["theme"] == "auto"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("next_", "referer", "landed"),
    [
        ("/find/?a=1", "", "/find/?a=1"),
        ("//evil.example", "", "/"),
        ("https://evil.example", "", "/"),
        ("", "http://testserver/portfolio/", "http://testserver/portfolio/"),
        ("", "https://evil.example/", "/"),
        ("", "", "/"),
        ("javascript:alert(1)", "nonsense://[", "/"),
    ],
)
def test_the_theme_never_leads_away(client, next_, referer, landed):
    answer = client.post(reverse("web:theme"), {"theme": "dark", "next": next_}, headers={"Referer": referer})
    assert answer.url == landed


@pytest.mark.django_db
def test_the_theme_is_chosen_by_post_only(client):
    assert client.get(reverse("web:theme")).status_code == 405


@pytest.mark.django_db
def test_the_address_of_an_act_opened_as_a_page_says_so_and_leads_back(client):
    page = client.get(reverse("web:theme"), headers={"Referer": "http://testserver/portfolio/"})
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "Nothing has been changed" in page.content.decode()
    assert 'href="http://testserver/portfolio/"' in page.content.decode()
    short = client.get(reverse("web:theme"), headers={"HX-Request": "true"}).content.decode()
    assert "This only works with its button." in short
    assert client.head(reverse("web:theme")).content == b""


# --- Reports of the browser -----------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_report_is_logged_in_one_line(client, caplog):
    body = json.dumps({"csp-report": {"blocked-uri": "https://canary.example"}}) + "\nforged line"
    answer = client.post(reverse("web:csp_report"), body, content_type="application/csp-report")
    assert answer.status_code == 204
    assert len(caplog.records) == 1
    assert "\n" not in caplog.records[0].getMessage()
    assert "canary.example" in caplog.records[0].getMessage()


@pytest.mark.django_db
def test_reports_are_short_and_few(client, caplog):
    for _number in range(70):
        client.post(reverse("web:csp_report"), "x" * 100_000, content_type="application/csp-report")
    assert len(caplog.records) == 60
    assert len(caplog.records[0].getMessage()) < 9_000


# --- Health ---------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_health(client):
    assert client.get("/healthz/live").content == b"ok"
    answer = client.get("/healthz/ready")
    assert (answer.status_code, answer.json()) == (
        200, {"status": "ok", "checks": {"database": "ok", "cache": "ok", "broker": "ok"}},
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("service", "status", "code"), [("cache", "degraded", 200), ("broker", "degraded", 200), ("database", "down", 503)]
)
def test_what_is_away_is_said(client, monkeypatch, service, status, code):
    def away():
        raise ConnectionError("canary-password@host")

    monkeypatch.setitem(health.PROBES, service, away)
    answer = client.get("/healthz/ready")
    assert (answer.status_code, answer.json()["status"], answer.json()["checks"][service]) == (code, status, "down")
    assert "canary" not in answer.content.decode()


def test_a_cache_that_forgets_is_away(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert health._outcome("cache", health._cache) == "down"


# --- Limits ---------------------------------------------------------------------------------------------------------
def test_a_limit_counts_for_its_key_and_window(monkeypatch):
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_000)
    assert [limits.allow("a", limit=2, seconds=60) for _number in range(3)] == [True, True, False]
    assert limits.allow("b", limit=2, seconds=60) is True
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_060)
    assert limits.allow("a", limit=2, seconds=60) is True


def test_a_cache_that_is_away_limits_nobody(monkeypatch):
    def away(*arguments, **options):
        raise ConnectionError

    monkeypatch.setattr(cache, "add", away)
    assert limits.allow("a", limit=0, seconds=60) is True


def test_an_entry_that_fell_out_limits_nobody(monkeypatch):
    monkeypatch.setattr(cache, "add", lambda *arguments, **options: True)
    assert limits.allow("fell-out", limit=0, seconds=60) is True


# --- Permissions ----------------------------------------------------------------------------------------------------
class Person:
    is_active = True


def test_permissions_are_asked_by_name():
    permissions.register("test.even", is_even)
    permissions.register("test.even", is_even)
    assert permissions.can(Person(), "test.even", 2) is True
    assert permissions.can(Person(), "test.even", 3) is False
    assert "test.even" in permissions.registered()
    with pytest.raises(ValueError, match="registered already"):
        permissions.register("test.even", lambda user, obj: True)


def is_even(user, obj):
    return obj % 2 == 0


def test_nobody_inactive_may_do_anything():
    permissions.register("test.all", everybody)
    assert permissions.can(AnonymousUser(), "test.all") is False
    assert permissions.can(Person(), "test.all") is True


def everybody(user, obj):
    return "yes"


def test_a_name_nobody_registered_is_our_fault():
    with pytest.raises(permissions.UnknownPermission):
        permissions.can(Person(), "test.nobody")


# --- Fragments ------------------------------------------------------------------------------------------------------
class Htmx:
    def __init__(self, *, boosted=False, history_restore_request=False):
        self.boosted = boosted
        self.history_restore_request = history_restore_request


@pytest.mark.parametrize(
    ("htmx", "wants"),
    [(None, False), (Htmx(), True), (Htmx(boosted=True), False), (Htmx(history_restore_request=True), False)],
)
def test_who_gets_a_fragment(rf, htmx, wants):
    request = rf.get("/")
    request.htmx = htmx
    assert fragments.wants_fragment(request) is wants


def test_render_chooses_the_template(rf, db):
    request = rf.get("/")
    request.user = AnonymousUser()
    request.htmx = Htmx()
    part = fragments.render(request, "errors/404.html", "errors/_message.html", {"code": 404}, status=404)
    assert ("<main" in part.content.decode(), part.status_code) == (False, 404)
    request.htmx = None
    assert "<main" in fragments.render(request, "errors/404.html", "errors/_message.html").content.decode()


# --- What every page knows ------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_shell_costs_one_query_for_unread_messages_and_only_when_asked(rf, applicant, django_assert_num_queries):
    request = rf.get("/")
    request.user = applicant.user
    with django_assert_num_queries(0):
        context = page(request)
    with django_assert_num_queries(1):
        assert (context["unread_messages"](), context["unread_messages"]()) == (0, 0)
    assert (context["demo"], context["theme"]) == (False, "auto")
    request.user = AnonymousUser()
    assert page(request)["unread_messages"] == 0
