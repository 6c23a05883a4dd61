"""Everybody sees their own clocks; staff sign in with a second factor."""

from __future__ import annotations

import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members import rules

ZONE_KEY = "time_zone"
SESSION_KEY = "second_factor"
ENABLED = "enabled"
RECHECK_SECONDS = 300
"""How long a person without a role is not asked about again. Staff pages ask every time."""
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
"""Recovery codes alone are a spare key, not a lock."""
OPEN_PATHS = ("/accounts/", "/theme/", "/healthz/", "/static/", "/csp-report/", "/demo/")
STAFF_PATHS = ("/admin/", "/reviews/")


class TimeZoneMiddleware:
    """Dates without a zone of their own are shown on the clocks the person chose; signing in noted them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(_clocks(request.session.get(ZONE_KEY))):
            return self.get_response(request)


class StaffMfaMiddleware:
    """Whoever works for an association, or runs the installation, sets up a second factor before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.STAFF_MFA_REQUIRED and request.user.is_authenticated and _must_enroll(request):
            return _to_enrollment(request)
        return self.get_response(request)


def _clocks(zone: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(zone) if zone else None
    except (LookupError, ValueError, OSError):  # a name that no longer stands in the tables
        return None


def forget(request: HttpRequest) -> None:
    """Ask again at the next request: a second factor was removed."""
    if hasattr(request, "session"):
        request.session.pop(SESSION_KEY, None)


def _must_enroll(request: HttpRequest) -> bool:
    if request.path.startswith(OPEN_PATHS):
        return False
    known = request.session.get(SESSION_KEY)
    protected = is_mfa_enabled(request.user, types=SECOND_FACTORS) if known == ENABLED else None
    if protected:  # asked every time: it may have been removed in another session
        return False
    if not request.path.startswith(STAFF_PATHS) and isinstance(known, int) and known > time.time():
        return False
    if not _is_staff(request):
        request.session[SESSION_KEY] = int(time.time()) + RECHECK_SECONDS
        return False
    if protected is None and is_mfa_enabled(request.user, types=SECOND_FACTORS):
        request.session[SESSION_KEY] = ENABLED
        return False
    forget(request)
    return True


def _is_staff(request: HttpRequest) -> bool:
    user = request.user
    return bool(user.is_staff or user.is_superuser or rules.has_any_role(user))


def _to_enrollment(request: HttpRequest) -> HttpResponse:
    address = reverse("mfa_index")
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    text = _(
        "Your role opens other people's records, so sign-in needs a second step. Set up a passkey or an app below."
    )
    if text not in [str(message) for message in _peek(request)]:
        messages.warning(request, text)
    return HttpResponseRedirect(address)


def _peek(request: HttpRequest) -> list[object]:
    """The waiting messages, without using them up."""
    waiting = messages.get_messages(request)
    found = list(waiting)
    waiting.used = False  # type: ignore[union-attr]
    return found
