"""The public list of cohorts, and taking or giving back a seat."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cohorts import ics, queries
from cohorts.actions import enrolment as seats
from cohorts.forms.cohorts import PAST, CohortFilterForm, LeaveForm, ReserveForm
from cohorts.models import Cohort
from cohorts.views.refusals import refused
from endorsement_portal.web.paging import page_of
from endorsement_portal.workflow import NotAllowed
from members.actions.people import ensure_person
from members.requests import SignedInRequest


@login_not_required
@require_safe
def cohort_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = CohortFilterForm(request.GET, associations=queries.associations_with_cohorts())
    chosen = form.chosen()
    rows = queries.past if chosen["when"] == PAST else queries.coming
    page = page_of(rows(now, association_slug=chosen["association"]), request)
    context = {
        "form": form,
        "page": page,
        "cards": [queries.card(cohort, now) for cohort in page.object_list],
        "seat": queries.current_enrolment(request.user),
        "viewer_zone": queries.zone_of(request.user),
        "past": chosen["when"] == PAST,
        "filtered": any(chosen.values()),
        "nav": "cohort",
        "now": now,
    }
    return render(request, "cohorts/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reserve(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """A GET only shows the cohort: people land here after signing in."""
    cohort = _published(request, uuid)
    form = ReserveForm(request.POST)
    if request.method == "POST":
        category = form.cleaned_data["category"] if form.is_valid() else ""
        try:
            person = ensure_person(request.user)
            seats.reserve(cohort=cohort, person=person, by=request.user, intended_category=category)
        except NotAllowed as refusal:
            return refused(request, refusal, back=_address(cohort), back_text=cohort.name)
        messages.success(request, _("Your seat in %(cohort)s is reserved.") % {"cohort": cohort.name})
    return redirect("cohort_page", cohort.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    cohort = _published(request, uuid)
    enrolment = queries.enrolment_in(cohort, request.user)
    if enrolment is None:
        raise Http404
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            seats.leave(enrolment=enrolment, by=request.user, reason=form.cleaned_data["reason"])
        except NotAllowed as refusal:
            return refused(request, refusal, back=_address(cohort), back_text=cohort.name)
        messages.success(request, _("You gave back your seat in %(cohort)s.") % {"cohort": cohort.name})
        return redirect("cohorts:list")
    return render(request, "cohorts/leave.html", {"cohort": cohort, "form": form, "nav": "cohort"})


@login_not_required
@require_safe
def calendar(request: HttpRequest, uuid: UUID) -> HttpResponse:
    cohort = _published(request, uuid)
    content = ics.calendar_of(cohort, queries.milestones(cohort))
    headers = {"Content-Disposition": 'attachment; filename="cohort.ics"'}
    return HttpResponse(content, content_type=ics.CONTENT_TYPE, headers=headers)


def _published(request: HttpRequest, uuid: UUID) -> Cohort:
    cohort = queries.visible(uuid, request.user)
    if cohort is None:
        raise Http404
    return cohort


def _address(cohort: Cohort) -> str:
    return reverse("cohort_page", args=[cohort.uuid])
