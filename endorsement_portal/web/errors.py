"""Error pages. An HTMX request gets the message alone, for the page's live region."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from endorsement_portal.web.redirects import way_back
from endorsement_portal.workflow import LostRace, NotAllowed

LIVE_REGION = "#live"


def bad_request(
    request: HttpRequest, exception: Exception | None = None, *, reasons: Sequence[str] = ()
) -> HttpResponse:
    return _answer(request, 400, reasons=reasons)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long, or cookies are off: the way out is to load it again."""
    return _answer(request, 403, csrf=True)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404)


def method_not_allowed(request: HttpRequest) -> HttpResponse:
    """The address of an act, opened like a page: by a reload, a bookmark or the back button. Nothing happened."""
    return _answer(request, 405, back=way_back(request))


def refused(request: HttpRequest, refusal: NotAllowed) -> HttpResponse:
    """Yours, but not now: each reason with what mends it. `race`: somebody else was faster."""
    reasons = [finding.message for finding in refusal.findings]
    race = isinstance(refusal, LostRace)
    return _answer(request, 409, findings=refusal.findings, reasons=reasons, race=race, back=way_back(request))


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Also asked by allauth, which looks for `handler429` in the root of addresses."""
    response = _answer(request, 429)
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Without context processors: what broke may be the database they read."""
    if _wants_fragment(request):
        return _as_fragment(HttpResponse(render_to_string("errors/_message.html", {"code": 500}), status=500))
    context = {"theme": request.COOKIES.get("theme", "auto"), "request_id": getattr(request, "request_id", "")}
    return HttpResponse(render_to_string("errors/500.html", context), status=500)


def _answer(request: HttpRequest, code: int, **context: object) -> HttpResponse:
    context = {"code": code, "request_id": getattr(request, "request_id", ""), **context}
    if _wants_fragment(request):
        return _as_fragment(render(request, "errors/_message.html", context, status=code))
    return render(request, f"errors/{code}.html", context, status=code)


def _wants_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def _as_fragment(response: HttpResponse) -> HttpResponse:
    response["HX-Retarget"] = LIVE_REGION
    response["HX-Reswap"] = "innerHTML"
    return response
