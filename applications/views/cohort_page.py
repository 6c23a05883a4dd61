"""A cohort's page, from the announcement that everyone sees to the room of those who sit in it."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from applications.queries import cohort_page as queries
from cohorts import queries as cohorts
from cohorts.queries import discussion


@login_not_required
@require_safe
def cohort_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    now = timezone.now()
    access = discussion.access(request.user, uuid, now)
    if access is None:
        return _announcement(request, uuid)
    page = queries.member_page(request.user, access, now)
    context = {"page": page, "cohort": page.cohort, "association": page.cohort.association, "nav": "cohort", "now": now}
    return render(request, "cohorts/cohort.html", context)


@require_safe
def my_cohort(request: HttpRequest) -> HttpResponse:
    enrolment = cohorts.current_enrolment(request.user)
    return redirect("cohort_page", enrolment.cohort.uuid) if enrolment else redirect("cohorts:list")


def _announcement(request: HttpRequest, uuid: UUID) -> HttpResponse:
    now = timezone.now()
    cohort = cohorts.visible(uuid, request.user)
    if cohort is None:
        raise Http404
    context = {
        "cohort": cohort,
        "card": cohorts.card(cohort, now),
        "milestones": queries.public_milestones(cohort, now),
        "categories": queries.category_choices(),
        "viewer_zone": cohorts.zone_of(request.user),
        "nav": "cohort",
        "now": now,
    }
    return render(request, "cohorts/announcement.html", context)
