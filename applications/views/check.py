"""Check-your-answers, the act of sending, and the page that proves it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from applications.actions import submission
from applications.actions.journey import EDITABLE
from applications.forms.applicant import SubmitForm
from applications.models import Application
from applications.queries import pages
from applications.queries.check_page import check_page
from endorsement_portal.workflow import NotAllowed
from members.requests import SignedInRequest

CONFLICT = 409
UNPROCESSABLE = 422


@require_safe
def check(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    application = pages.own_application(request.user, uuid)
    if application.status not in EDITABLE:
        return redirect("applications:hub", application.uuid)
    return _check(request, application, SubmitForm(name=application.person.name))


def _check(request: SignedInRequest, application: Application, form: SubmitForm, status: int = 200) -> HttpResponse:
    now = timezone.now()
    context = {
        "page": check_page(application, now),
        "form": form,
        "declaration": submission.DECLARATION,
        "application": application,
        "association": application.association,
        "nav": "application",
        "now": now,
    }
    return render(request, "applications/check.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Who comes here by a reload or a bookmark is brought to the page that has the button."""
    application = pages.own_application(request.user, uuid)
    if request.method != "POST":
        return redirect("applications:check", application.uuid)
    form = SubmitForm(request.POST, name=application.person.name)
    if application.status in EDITABLE and not form.is_valid():
        return _check(request, application, form, UNPROCESSABLE)
    try:
        sent = submission.submit(
            application=application, by=request.user, declaration=form.data.get("declaration", "")[:200]
        )
    except NotAllowed as error:
        return _not_sent(request, uuid, form, error)
    return redirect("applications:confirmation", application.uuid, sent.number)


def _not_sent(request: SignedInRequest, uuid: UUID, form: SubmitForm, error: NotAllowed) -> HttpResponse:
    """Already sent (a second click, another tab) says so; anything else shows what is missing."""
    application = pages.own_application(request.user, uuid)
    if application.status in EDITABLE:
        if any(finding.requirement == "declaration" for finding in error.findings):
            form.refuse(error)
        return _check(request, application, form, UNPROCESSABLE)
    context = {
        "application": application,
        "association": application.association,
        "number": pages.newest_number(application),
        "nav": "application",
    }
    return render(request, "applications/already_sent.html", context, status=CONFLICT)


@require_safe
def confirmation(request: SignedInRequest, uuid: UUID, number: int) -> HttpResponse:
    application = pages.own_application(request.user, uuid)
    context = {
        "page": pages.confirmation_page(application, number),
        "application": application,
        "association": application.association,
        "nav": "application",
        "now": timezone.now(),
    }
    return render(request, "applications/confirmation.html", context)
