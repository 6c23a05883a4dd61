"""Registry and verification: open to everyone, fast, and kept for five minutes by the browser of a stranger."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from credentials import codes
from credentials.forms import CodeForm, DayForm, RegistryForm
from credentials.queries import public
from endorsement_portal.web.paging import page_of

CACHE_SECONDS = 300


@login_not_required
@require_safe
def registry(request: HttpRequest) -> HttpResponse:
    form = RegistryForm(request.GET, categories=public.categories(), associations=public.associations())
    chosen = form.chosen()
    rows = public.registry(
        timezone.now(), search=chosen["q"], category=chosen["category"], association=chosen["association"]
    )
    page = page_of(rows, request)
    context = {"form": form, "page": page, "filtered": any(chosen.values()), "nav": "registry"}
    return _cacheable(request, render(request, "credentials/registry.html", context))


@login_not_required
@require_safe
def verify_enter(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.GET or None)
    if form.is_bound and form.is_valid():
        return redirect("credentials:verify", form.cleaned_data["code"])
    return render(request, "credentials/verify_enter.html", {"form": form, "nav": "verify"})


@login_not_required
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    form = DayForm(request.GET if request.GET.get("on") else None)
    asked = form.cleaned_data["on"] if form.is_bound and form.is_valid() else None
    record = public.record(code, timezone.now(), asked)
    if record is None:
        context = {"form": CodeForm(), "typed": codes.grouped(codes.normalize(code))[:40], "nav": "verify"}
        return render(request, "credentials/verify_unknown.html", context, status=404)
    response = render(request, "credentials/verify.html", {"record": record, "form": form, "nav": "verify"})
    return _cacheable(request, response)


def _cacheable(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A signed-in person's page carries their name in its head, so only a stranger's copy may be kept; and by their
    own browser alone: every page carries a form's token, which a shared cache would hand to the next visitor."""
    if not request.user.is_authenticated:
        patch_cache_control(response, private=True, max_age=CACHE_SECONDS)
    return response
