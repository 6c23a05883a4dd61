"""The review desk and the decisions waiting for release."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications.actions import decisions as decision_actions
from coordination.access import StaffRequest, staff_page
from coordination.forms.filters import ReviewFilterForm
from coordination.queries import decisions, reviews
from coordination.views.acting import act, found
from endorsement_portal.web.paging import page_of
from members.models import Association


@staff_page()
def assignment_list(request: StaffRequest, association: Association) -> HttpResponse:
    form = ReviewFilterForm(request.GET)
    rows = reviews.assignments_of(association, request.user, state=form.value("state"), search=form.value("search"))
    context = {"association": association, "nav": "reviews", "form": form, "page": page_of(rows, request),
               "reviewers": reviews.reviewers_with_load(association)}  # fmt: skip
    return render(request, "coordination/reviews.html", context)


@staff_page()
def decision_list(request: StaffRequest, association: Association) -> HttpResponse:
    context = {
        "association": association, "nav": "decisions",
        "recorded": page_of(decisions.waiting(association, request.user), request),
        "to_decide": decisions.to_decide(association, request.user)[:25],
    }  # fmt: skip
    return render(request, "coordination/decisions.html", context)


@require_POST
@staff_page()
def decision_act(request: StaffRequest, association: Association, decision: uuid.UUID, act_name: str) -> HttpResponse:
    row = found(decisions.one(association, decision, request.user))
    acts = {
        "release": (decision_actions.release, _("The decision is released and the applicant is told.")),
        "discard": (decision_actions.discard, _("The decision is discarded. Nothing was sent.")),
    }
    if act_name not in acts:
        raise Http404
    do, done = acts[act_name]
    return act(
        request,
        lambda: do(decision=row, by=request.user),
        back=reverse("coordination:decisions", args=[association.slug]),
        done=done,
    )
