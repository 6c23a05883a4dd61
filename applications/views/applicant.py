"""The applicant's list, the start of an application, and its end by their own wish."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from applications.actions import journey
from applications.forms.applicant import StartForm, WithdrawForm
from applications.queries import pages
from applications.queries.seats import wanted_membership
from applications.views.refusals import refused
from competencies.queries.standards import fees_of
from endorsement_portal.workflow import NotAllowed
from members.requests import SignedInRequest


@require_safe
def application_list(request: SignedInRequest) -> HttpResponse:
    page = pages.applications_page(request.user, timezone.now())
    return render(request, "applications/list.html", {"page": page, "nav": "application", "now": timezone.now()})


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    enrolment = pages.own_enrolment(request.user, uuid)
    form = StartForm(
        request.POST if request.method == "POST" else None,
        categories=pages.startable_categories(enrolment),
        initial={"category": enrolment.intended_category},
    )
    if request.method == "POST" and form.is_valid():
        try:
            application = journey.start(
                enrolment=enrolment,
                category=form.chosen(),
                by=request.user,
                asks_emerging=form.cleaned_data.get("asks_emerging", False),
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            return redirect("applications:hub", application.uuid)
    context = {"form": form, "enrolment": enrolment, "association": enrolment.cohort.association, "nav": "application"}
    context["wanted"] = wanted_membership(enrolment, timezone.now())
    return render(request, "applications/start.html", context, status=422 if form.errors else 200)


@require_safe
def category(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    application = pages.own_application(request.user, uuid)
    context = {"application": application, "association": application.association, "nav": "application"}
    context["fees"] = fees_of(application.association, application.category_id, application.overlay)
    return render(request, "applications/category.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    application = pages.own_application(request.user, uuid)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            journey.withdraw(application=application, by=request.user, reason=form.cleaned_data["reason"])
        except NotAllowed as error:
            return refused(request, error, application)
        return redirect("applications:hub", application.uuid)
    context = {"form": form, "application": application, "association": application.association, "nav": "application"}
    return render(request, "applications/withdraw.html", context)
