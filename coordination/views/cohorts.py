"""Quarters: the list, one quarter, creating and publishing."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cohorts import calendar
from cohorts.actions import cohorts as cohort_actions
from coordination.access import StaffRequest, staff_page
from coordination.forms.cohort import CohortForm, planned
from coordination.forms.filters import SearchForm
from coordination.queries import cohorts
from coordination.views.acting import act, answer_to, carried_out, found
from endorsement_portal.web.paging import page_of
from members.models import Association


@staff_page()
def cohort_list(request: StaffRequest, association: Association) -> HttpResponse:
    page = page_of(cohorts.cohorts_of(association), request)
    context = {
        "association": association, "nav": "cohorts", "page": page, "rows": cohorts.with_stages(list(page)),
        "now": timezone.now(),
    }  # fmt: skip
    return render(request, "coordination/cohorts.html", context)


@staff_page()
def cohort_new(request: StaffRequest, association: Association) -> HttpResponse:
    year, season = calendar.next_quarter(*calendar.quarter_of(timezone.localdate()))
    form = CohortForm(request.POST or None, initial=planned(year, season, association.settings.time_zone))
    if request.method == "POST":
        made = carried_out(
            form, lambda: cohort_actions.create(association=association, details=form.details(), by=request.user)
        )
        if made:
            messages.success(
                request, _("%(cohort)s is made. Nobody sees it until you publish it.") % {"cohort": made.name}
            )
            return redirect("coordination:cohort", association.slug, made.uuid)
    context = {"association": association, "nav": "cohorts", "form": form}
    return render(request, "coordination/cohort_new.html", context, status=answer_to(form))


@staff_page()
def cohort_page(request: StaffRequest, association: Association, cohort: uuid.UUID) -> HttpResponse:
    row = found(cohorts.one(association, cohort))
    form = SearchForm(request.GET)
    context = {
        "association": association,
        "nav": "cohorts",
        "cohort": row,
        "stages": cohorts.with_stages([row])[0].stages,
        "dates": cohorts.dates_of(row),
        "now": timezone.now(),
        "form": form,
        "page": page_of(cohorts.seats(row, search=form.value("search")), request),
    }
    return render(request, "coordination/cohort.html", context)


@require_POST
@staff_page()
def cohort_publish(request: StaffRequest, association: Association, cohort: uuid.UUID) -> HttpResponse:
    row = found(cohorts.one(association, cohort))
    return act(
        request,
        lambda: cohort_actions.publish(cohort=row, by=request.user),
        back=reverse("coordination:cohort", args=[association.slug, row.uuid]),
        done=_("%(cohort)s is published. Seats can be taken when enrollment opens.") % {"cohort": row.name},
    )
