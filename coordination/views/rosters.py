"""Attendance lists at the desk: uploaded, tried, taken over."""

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from competencies.actions import rosters as actions
from competencies.enums import ImportState
from competencies.models import Course, Roster
from competencies.queries import library
from competencies.queries import rosters as queries
from coordination.access import StaffRequest, staff_page
from coordination.forms.rosters import RosterForm
from coordination.views.acting import act, carried_out, found
from endorsement_portal.web.paging import page_of
from members.models import Association


@staff_page()
def roster_list(request: StaffRequest, association: Association, course: uuid.UUID) -> HttpResponse:
    """The upload, and the lists of this course so far."""
    row = found(library.course_of(association, course))
    form = RosterForm(request.POST, request.FILES) if request.method == "POST" else RosterForm()
    if form.is_bound:
        roster = _uploaded(request, row, form)
        if roster is not None:
            return redirect("coordination:roster", association.slug, row.uuid, roster.uuid)
    page = page_of(queries.rosters_of(association, row), request)
    context = {"association": association, "nav": "library", "course": row, "form": form, "page": page}
    return render(request, "coordination/rosters.html", context, status=422 if form.errors else 200)


def _uploaded(request: StaffRequest, course: Course, form: RosterForm) -> Roster | None:
    try:
        made: Roster | None = carried_out(
            form, lambda: actions.upload(course=course, by=request.user, **form.cleaned_data)
        )
    except ValidationError as refused:
        form.add_error("file", refused)
        return None
    return made


@staff_page()
def roster_page(request: StaffRequest, association: Association, course: uuid.UUID, roster: uuid.UUID) -> HttpResponse:
    """What the list would do; after that, what it did."""
    row = found(queries.one(association, course, roster))
    waiting = row.state == ImportState.READ and row.file is not None
    trial = queries.trial(row) if waiting else None
    shown, lines = queries.tab(trial, request.GET.get("show", "")) if trial else ("", ())
    context = {
        "association": association,
        "nav": "library",
        "roster": row,
        "trial": trial,
        "show": shown,
        "page": page_of(lines, request),
    }
    return render(request, "coordination/roster.html", context)


@require_POST
@staff_page()
def roster_confirm(
    request: StaffRequest, association: Association, course: uuid.UUID, roster: uuid.UUID
) -> HttpResponse:
    row = found(queries.one(association, course, roster))
    return act(
        request,
        lambda: actions.confirm(roster=row, by=request.user),
        back=reverse("coordination:roster", args=[association.slug, course, roster]),
        done=_("The list is taken over."),
    )


@require_POST
@staff_page()
def roster_put_aside(
    request: StaffRequest, association: Association, course: uuid.UUID, roster: uuid.UUID
) -> HttpResponse:
    row = found(queries.one(association, course, roster))
    return act(
        request,
        lambda: actions.put_aside(roster=row, by=request.user),
        back=reverse("coordination:rosters", args=[association.slug, course]),
        done=_("The list is gone. Nothing was made of it."),
    )
