"""The applicant's raters: who was asked and where each rating stands. Never what it says."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.actions import references
from applications.forms.references import RaterForm
from applications.models import Application
from applications.queries.pages import own_application
from applications.queries.references import naming_page, own_reference, raters_page
from endorsement_portal.web.dates import day_in
from endorsement_portal.workflow import NotAllowed
from members.requests import SignedInRequest


@require_safe
def raters(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    application = own_application(request.user, uuid)
    context = {**_context(application), "page": raters_page(application, timezone.now())}
    return render(request, "applications/references.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: SignedInRequest, uuid: UUID, replaced: UUID | None = None) -> HttpResponse:
    """Name a rater, or somebody else in the place of one."""
    application = own_application(request.user, uuid)
    now = timezone.now()
    page = naming_page(application, replaced, now)
    if page is None:
        raise Http404
    today = day_in(now, application.association.settings.time_zone)
    form = RaterForm(request.POST if request.method == "POST" else None, roles=page.wanted.roles, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            named = references.invite_or_replace(application, page.replaced, by=request.user, **form.values)
        except NotAllowed as refused:
            form.refuse(refused.findings)
        else:
            messages.success(request, _("We have written to %(name)s.") % {"name": named.rater.name})
            return redirect("applications:references", uuid)
    context = {**_context(application), "form": form, "page": page}
    return render(request, "applications/reference_add.html", context, status=422 if form.errors else 200)


@require_POST
def act(request: SignedInRequest, uuid: UUID, reference: UUID) -> HttpResponse:
    """Send again, or cancel."""
    found = own_reference(own_application(request.user, uuid), reference)
    verb = {"resend": references.resend, "cancel": references.cancel}.get(request.POST.get("act", ""))
    if found is None or verb is None:
        raise Http404
    try:
        verb(reference=found, by=request.user)
    except NotAllowed as refused:
        messages.warning(request, " ".join(finding.message for finding in refused.findings))
    else:
        done = _("We have written to %(name)s again.") if verb is references.resend else _("The request was canceled.")
        messages.success(request, done % {"name": found.rater.name} if "%(name)s" in done else done)
    return redirect("applications:references", uuid)


def _context(application: Application) -> dict[str, object]:
    return {
        "application": application,
        "association": application.association,
        "zone": application.association.settings.time_zone,
        "nav": "application",
    }
