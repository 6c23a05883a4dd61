"""The front page, and the pages that explain the house. Public."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from applications.queries import landing as facts
from cohorts.queries import upcoming


@login_not_required
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    context = {"cohorts": upcoming(now), "needs": facts.needs(timezone.localdate(now)), "now": now}
    return render(request, "pages/landing.html", context)


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/help.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html")


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")
