"""The desk's first page: what needs me today."""

import datetime

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from coordination.access import StaffRequest, staff_page
from coordination.queries import cohorts, outbox, today
from coordination.queries.desk import Desk, desks_of
from endorsement_portal.web.dates import day_in
from members.models import Association

COHORTS_SHOWN = 3
MAILS_SHOWN = 6


def index(request: StaffRequest) -> HttpResponseBase:
    """The desks a person works at; straight to the only one. People without a desk: there is no such page."""
    desks = desks_of(request.user)
    if not desks and not request.user.is_staff:
        raise Http404
    if len(desks) == 1 and not request.user.is_staff:
        return _place(desks[0])
    return render(request, "coordination/index.html", {"desks": desks, "nav": "today"})


def _place(only: Desk) -> HttpResponseBase:
    """Where somebody's work lies: a reviewer has a queue of their own, not a desk."""
    if only.coordinates:
        return redirect("coordination:today", only.association.slug)
    if only.edits_standards:
        return redirect("coordination:standards", only.association.slug)
    return redirect("reviews:queue")


@staff_page()
def today_page(request: StaffRequest, association: Association) -> HttpResponse:
    now = timezone.now()
    context = {
        "association": association,
        "nav": "today",
        "today": day_in(now, association.settings.time_zone),
        "work": today.work(association, request.user, now),
        "cohorts": cohorts.with_stages(list(cohorts.at_work(association, now)[:COHORTS_SHOWN])),
        "mails": outbox.with_words(
            outbox.going_out(association, request.user, until=now + datetime.timedelta(days=7), limit=MAILS_SHOWN)
        ),
    }
    return render(request, "coordination/today.html", context)
