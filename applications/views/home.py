"""The member's home."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from applications.queries.home import home as home_page
from competencies import finder
from members.requests import SignedInRequest


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    page = home_page(request.user, now, found=finder.is_answered(request.session.get(finder.SESSION_KEY, {})))
    association = page.application.association if page.application else None
    return render(
        request, "applications/home.html", {"page": page, "nav": "home", "now": now, "association": association}
    )
