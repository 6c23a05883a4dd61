"""The device list's "last seen" without a write at every page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from allauth.usersessions.middleware import UserSessionsMiddleware
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

WRITTEN_EVERY_SECONDS = 300


class ActivityMiddleware:
    """Lets allauth note a session at most once in five minutes, and at once when its address or browser changes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.noting = UserSessionsMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session_key = request.session.session_key
        if session_key and cache.add(_mark(request, session_key), 1, WRITTEN_EVERY_SECONDS):
            response: HttpResponse = self.noting(request)
            return response
        return self.get_response(request)


def _mark(request: HttpRequest, session_key: str) -> str:
    """Whose visit from where; the session's key itself stays out of the cache."""
    told = (session_key, request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_USER_AGENT", ""))
    return f"seen:{hashlib.sha256(chr(0).join(told).encode()).hexdigest()}"
