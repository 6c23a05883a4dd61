"""The hub: one application as a list of tasks, what goes into it, and what was asked of the applicant."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from applications.actions import changes, journey
from applications.forms.applicant import AnswerForm, SelectionForm
from applications.queries import pages
from applications.queries.facts import own_portfolio
from applications.views.refusals import refused
from endorsement_portal.web import drafts
from endorsement_portal.workflow import NotAllowed
from members.requests import SignedInRequest


@require_safe
def hub(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    application = pages.own_application(request.user, uuid)
    now = timezone.now()
    context = {
        "page": pages.hub_page(application, now),
        "application": application,
        "association": application.association,
        "nav": "application",
        "now": now,
    }
    return render(request, "applications/hub.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def selection(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    application = pages.own_application(request.user, uuid)
    form = SelectionForm(request.POST if request.method == "POST" else None, portfolio=own_portfolio(application))
    if request.method == "POST" and form.is_valid():
        try:
            journey.select(application=application, by=request.user, left_out=form.left_out())
        except NotAllowed as error:
            return refused(request, error, application)
        return redirect("applications:hub", application.uuid)
    context = {
        "form": form,
        "application": application,
        "association": application.association,
        "editable": application.status in journey.EDITABLE,
        "nav": "application",
    }
    return render(request, "applications/selection.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def answer_change(request: SignedInRequest, uuid: UUID, task: UUID) -> HttpResponse:
    application = pages.own_application(request.user, uuid)
    asked = pages.asked_task(application, task)
    key = f"applications:answer:{task}"
    draft = drafts.load(request.user, key)
    initial = {"answer": asked.answer, **drafts.bound_initial(AnswerForm, draft)}
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            changes.answer(application=application, task=task, by=request.user, answer=form.cleaned_data["answer"])
        except NotAllowed as error:
            return refused(request, error, application)
        drafts.discard(request.user, key)
        return redirect("applications:hub", application.uuid)
    context = {"form": form, "asked": asked, "application": application, "association": application.association,
               "nav": "application", "draft": draft, "draft_key": key}  # fmt: skip
    return render(request, "applications/answer.html", context)
