"""What happens around every page: a request id, private answers, refusals as pages."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from endorsement_portal.audit import context as audit_context
from endorsement_portal.files.refusals import Refused
from endorsement_portal.web import errors
from endorsement_portal.workflow import NotAllowed

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,36}")

NOT_AS_A_PAGE = 405

View = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """One id for the log line, the audit and the answer. A proxy's id is kept when it looks like one."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        offered = request.headers.get("X-Request-ID", "")
        request_id = offered if REQUEST_ID.fullmatch(offered) else str(uuid.uuid4())
        request.request_id = request_id  # type: ignore[attr-defined]
        token = audit_context.request_id.set(request_id)
        try:
            response = self.get_response(request)
        finally:
            audit_context.request_id.reset(token)
        response["X-Request-ID"] = request_id
        return response


class PrivateResponsesMiddleware:
    """No page is kept by a cache, unless its view said otherwise; static files never come this far."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        if getattr(request, "signed_out", False):
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class RefusalsMiddleware:
    """A refusal that no view caught is a page with its reasons, never an error of the server; so is the address of an
    act that somebody opens as a page."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == NOT_AS_A_PAGE and request.method == "GET" and not response.content:
            page = errors.method_not_allowed(request)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotAllowed):
            return errors.refused(request, exception)
        if isinstance(exception, Refused):
            return errors.bad_request(request, exception, reasons=exception.messages)
        return None
