"""The library desk: courses published, corrected by new versions, retired and brought back."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from competencies.actions import library as actions
from competencies.courses import Difference, differences
from competencies.models import Course
from competencies.queries import library
from coordination.access import StaffRequest, staff_page
from coordination.forms.library import CourseContentForm, LibraryFilterForm
from coordination.views.acting import act, carried_out, found
from endorsement_portal.web.dates import day_in
from endorsement_portal.web.paging import page_of
from members.models import Association


@staff_page()
def course_list(request: StaffRequest, association: Association) -> HttpResponse:
    form = LibraryFilterForm(request.GET)
    rows = library.library_of(association, search=form.value("search"), state=form.value("state"))
    context = {"association": association, "nav": "library", "form": form, "page": page_of(rows, request)}
    return render(request, "coordination/library.html", context)


@staff_page()
def course_new(request: StaffRequest, association: Association) -> HttpResponse:
    today = day_in(timezone.now(), association.settings.time_zone)
    form = CourseContentForm(request.POST or None, initial={"valid_from": today.replace(month=1, day=1)})
    if request.method == "POST":
        course = carried_out(form, lambda: actions.publish(association=association, by=request.user, **form.values()))
        if course:
            messages.success(request, _("%(title)s is in the library. Members find it now.") % {"title": course.title})
            return redirect("coordination:course", association.slug, course.uuid)
    return _form_page(request, association, form)


@staff_page()
def course(request: StaffRequest, association: Association, course: uuid.UUID) -> HttpResponse:
    row = found(library.course_of(association, course))
    context = {"association": association, "nav": "library", "course": row, "history": library.history_of(row)}
    return render(request, "coordination/course.html", context)


@staff_page()
def course_edit(request: StaffRequest, association: Association, course: uuid.UUID) -> HttpResponse:
    row = found(library.course_of(association, course))
    newest = library.newest_version(row)
    today = day_in(timezone.now(), association.settings.time_zone)
    form = CourseContentForm(request.POST or None, initial=CourseContentForm.initial_of(row, newest, today))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen_number"]
        if seen != newest.number:
            return _other_version(request, association, row, form)
        given = {"course": row, "by": request.user, "seen_number": seen, **form.values()}
        if carried_out(form, lambda: actions.revise(**given)):
            messages.success(request, _("Saved. Entries made before keep the version they used."))
            return redirect("coordination:course", association.slug, row.uuid)
    return _form_page(request, association, form, course=found(library.course_of(association, course)))


def _other_version(
    request: StaffRequest, association: Association, row: Course, form: CourseContentForm
) -> HttpResponse:
    """Somebody published first: what differs, and the same form, now on top of that version."""
    newest = library.newest_version(row)
    changes = differences(library.content_of(newest), form.content(), library.competency_names())
    posted: Any = request.POST.copy()
    posted["seen_number"] = str(newest.number)
    form.data = posted
    return _form_page(request, association, form, course=row, newest=newest, changes=changes, status=409)


def _form_page(
    request: StaffRequest,
    association: Association,
    form: CourseContentForm,
    *,
    changes: tuple[Difference, ...] | None = None,
    status: int = 200,
    **context: object,
) -> HttpResponse:
    page = {"association": association, "nav": "library", "form": form, "changes": changes, **context}
    return render(request, "coordination/course_form.html", page, status=422 if form.errors else status)


@require_POST
@staff_page()
def course_retire(request: StaffRequest, association: Association, course: uuid.UUID) -> HttpResponse:
    row = found(library.course_of(association, course))
    return act(
        request,
        lambda: actions.retire(course=row, by=request.user),
        back=reverse("coordination:course", args=[association.slug, row.uuid]),
        done=_("%(title)s is retired. Entries made from it stay as they are.") % {"title": row.title},
    )


@require_POST
@staff_page()
def course_reactivate(request: StaffRequest, association: Association, course: uuid.UUID) -> HttpResponse:
    row = found(library.course_of(association, course))
    return act(
        request,
        lambda: actions.reactivate(course=row, by=request.user),
        back=reverse("coordination:course", args=[association.slug, row.uuid]),
        done=_("%(title)s is offered again.") % {"title": row.title},
    )
