"""The training library as members use it: find a course, say "I attended"."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from competencies.actions import evidence
from competencies.actions import library as actions
from competencies.actions.library import Attendance
from competencies.forms.library import AttendForm, LibraryFilterForm
from competencies.models import Course
from competencies.queries import library
from competencies.views import entry_pages
from endorsement_portal.web import drafts
from endorsement_portal.web.models import FormDraft
from endorsement_portal.web.paging import page_of
from endorsement_portal.workflow import NotAllowed
from members.queries import person_of
from members.requests import SignedInRequest


@require_safe
def course_list(request: SignedInRequest) -> HttpResponse:
    person = person_of(request.user)
    form = LibraryFilterForm(request.GET)
    filters = form.filters()
    rows = library.offered(person, filters, today=entry_pages.today_of(person))
    context = {
        "nav": "portfolio",
        "filter_form": form,
        "page": page_of(rows, request),
        "narrowing": filters.narrowing,
        "names": library.competency_names(),
    }
    return render(request, "portfolio/library.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def attend(request: SignedInRequest, uuid: uuid.UUID) -> HttpResponse:
    """The course's own page with "I attended": three fields are left, two of them filled in."""
    course = get_object_or_404(library.course_seen_by(request.user, uuid))
    today = entry_pages.today_of(person_of(request.user))
    if request.method != "POST":
        applies = library.version_on(course, today)
        draft = drafts.load(request.user, _draft_key(course))
        initial = {"on": today} | ({"minutes": applies.minutes, "shown": applies.number} if applies else {})
        form = AttendForm(course=course, today=today, initial=initial | drafts.bound_initial(AttendForm, draft))
        return _attend_page(request, course, form, draft=draft)
    form = AttendForm(request.POST, request.FILES, course=course, today=today)
    if form.is_valid():
        try:
            done = _recorded(request, form)
        except NotAllowed as refused:
            entry_pages.add_refusals(form, refused)
        else:
            return _after(request, done, form)
    return _attend_page(request, course, form, status=422)


def _draft_key(course: Course) -> str:
    return f"attend:{course.uuid}"


def _recorded(request: SignedInRequest, form: AttendForm) -> Attendance:
    assert form.version is not None
    return actions.record_attendance(
        course_version=form.version,
        person=person_of(request.user),
        on=form.cleaned_data["on"],
        minutes=form.cleaned_data["minutes"],
        by=request.user,
        source="self",
    )


def _after(request: SignedInRequest, done: Attendance, form: AttendForm) -> HttpResponse:
    """The entry first, then its files, each its own save: a file that fails takes nothing with it."""
    for upload in form.uploads():
        try:
            evidence.attach(entry=done.entry, upload=upload, by=request.user, document_type="certificate")
        except NotAllowed as refused:
            entry_pages.say_refusals(request, refused)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
    if done.new:
        shown = len(done.entry.competencies)
        about = ngettext("It shows %(n)d competency.", "It shows %(n)d competencies.", shown) % {"n": shown}
        return entry_pages.after_save(request, done.entry, _draft_key(form.course), about=about if shown else "")
    drafts.discard(request.user, _draft_key(form.course))
    if done.entry.withdrawn_at is not None:
        messages.warning(request, _("You logged this before and withdrew it. You can bring it back here."))
    else:
        messages.info(request, _("You have this already: the same course on the same day. Nothing was added."))
    return entry_pages.entry_page(done.entry)


def _attend_page(
    request: SignedInRequest, course: Course, form: AttendForm, *, status: int = 200, draft: FormDraft | None = None
) -> HttpResponse:
    version = form.version or library.version_on(course, form.today)
    context = {
        "nav": "portfolio",
        "course": course,
        "version": version,
        "names": library.names_of(version, library.competency_names()) if version else (),
        "own": course.association_id in library.own_associations(person_of(request.user)),
        "person": request.user.person,
        "form": form,
        "form_key": _draft_key(course),
        "draft": draft,
    }
    return render(request, "portfolio/attend.html", context, status=status)
