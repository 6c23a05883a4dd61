"""Pages without a noun: drafts, the theme, reports of the browser, health."""

from __future__ import annotations

import json
import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from endorsement_portal.web import drafts, health, limits
from endorsement_portal.web.context import THEMES
from endorsement_portal.web.redirects import way_back

logger = logging.getLogger(__name__)

YEAR_SECONDS = 60 * 60 * 24 * 365
REPORT_BYTES_MAX = 8_000
REPORTS_PER_MINUTE = 60
FORM_KEY_LENGTH_MAX = 120


@login_not_required  # answers 401 by itself: the script that asks cannot follow a redirect to a page
@require_http_methods(["GET", "POST"])
def save_draft(request: HttpRequest, key: str) -> HttpResponse:
    """POST keeps what was typed; GET renews the page's token after a new sign-in; POST discard=1 forgets the draft."""
    if not request.user.is_authenticated:
        return JsonResponse({"error": "signed_out"}, status=401)
    if len(key) > FORM_KEY_LENGTH_MAX or "\x00" in key:
        return JsonResponse({"error": "key"}, status=400)
    if _is_somebody_elses(request):
        return JsonResponse({"error": "other_person"}, status=403)
    if request.method == "GET":
        return JsonResponse({"csrf": get_token(request)})
    if request.POST.get("discard"):
        drafts.discard(request.user, key)
        return HttpResponseRedirect(way_back(request))
    return _save(request, key)


def _is_somebody_elses(request: HttpRequest) -> bool:
    mark = request.POST.get("_draft_owner") or request.GET.get("owner")
    return bool(mark) and mark != drafts.owner_mark(request.user)


def _save(request: HttpRequest, key: str) -> HttpResponse:
    try:
        data = drafts.kept_values(dict(request.POST.lists()))
        seen = min(max(int(request.POST.get("_draft_version", "0")), 0), 2**31 - 1)
    except drafts.DraftTooLarge:
        return JsonResponse({"error": "too_large"}, status=413)
    except ValueError:
        return JsonResponse({"error": "version"}, status=400)
    writer = "".join(sign for sign in request.POST.get("_draft_writer", "")[:40] if sign.isalnum())
    try:
        outcome = drafts.save(user=request.user, form_key=key, data=data, seen_version=seen, writer=writer)
    except drafts.TooManyDrafts:
        return JsonResponse({"error": "too_many"}, status=429)
    if isinstance(outcome, drafts.Conflict):
        context = {"differences": drafts.differences(data, outcome.theirs), "theirs": outcome.theirs}
        return render(request, "web/_draft_conflict.html", context, status=409)
    return JsonResponse({"version": outcome.version, "saved_at": outcome.updated_at.isoformat()})


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device says: kept in a cookie, so that the first paint is right."""
    chosen = request.POST.get("theme", "")
    by_script = request.headers.get("HX-Request") == "true"
    response = HttpResponse(status=204) if by_script else HttpResponseRedirect(way_back(request))
    if chosen in THEMES:
        response.set_cookie(
            "theme", chosen, max_age=YEAR_SECONDS, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
        )
    return response


@csrf_exempt  # browsers send these reports without our token
@login_not_required
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """A browser refused something on a page of ours. Logged, so that we hear of it; never more than we can read."""
    if limits.allow("csp-report", limit=REPORTS_PER_MINUTE, seconds=60):
        body = request.read(REPORT_BYTES_MAX)
        logger.warning("Content security policy report: %s", json.dumps(body.decode("utf-8", "replace")))
    return HttpResponse(status=204)


@login_not_required
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 while people can be answered (also degraded), 503 without the database."""
    found = health.check()
    return JsonResponse({"status": found.status, "checks": found.checks}, status=503 if found.status == "down" else 200)
