"""One entry: added, changed, withdrawn, brought back."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from competencies.actions import portfolio
from competencies.enums import EntryKind
from competencies.forms.by_kind import FORMS
from competencies.forms.entries import ComparedField, EntryForm
from competencies.forms.evidence import EvidenceForm
from competencies.models.portfolio import AnyEntry
from competencies.queries import portfolio as queries
from competencies.queries.closes import closes
from competencies.templatetags.portfolio_words import entry_title
from competencies.views import entry_pages
from endorsement_portal.workflow import LostRace, NotAllowed
from members.queries import person_of
from members.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: SignedInRequest, kind: EntryKind) -> HttpResponse:
    person = person_of(request.user)
    key = "" if request.GET.get("repeat") else entry_pages.draft_key(kind)
    if request.method != "POST":
        form, draft = entry_pages.new_form(request, kind, person, _repeated(request, kind))
        made_as = entry_pages.form_name(kind, draft)
        return _add_page(request, kind, form, draft=draft, form_key=key, made_as=made_as)
    made_as = entry_pages.form_name(kind, None, request.POST.get("_made_as", ""))
    form = FORMS[kind](request.POST, person=person, today=entry_pages.today_of(person))
    if form.is_valid():
        try:
            entry = portfolio.save(kind=kind, person=person, by=request.user, values=form.values(), made_as=made_as)
        except NotAllowed as refused:
            entry_pages.add_refusals(form, refused)
        else:
            return entry_pages.after_save(request, entry, key)
    return _add_page(request, kind, form, form_key=key, made_as=made_as)


def _repeated(request: SignedInRequest, kind: EntryKind) -> AnyEntry | None:
    """`?repeat=last` or `?repeat=<uuid>`: an own entry to start from. Anything else starts empty."""
    wanted = request.GET.get("repeat", "")
    if wanted == "last":
        return queries.last_entry(request.user, kind)
    try:
        return queries.entries_of(request.user, kind).filter(uuid=uuid.UUID(wanted)).first()
    except ValueError:
        return None


def _add_page(request: SignedInRequest, kind: EntryKind, form: EntryForm, **context: object) -> HttpResponse:
    page = {"nav": "portfolio", "form": form, "person": form.person, **entry_pages.words(kind), **context}
    if request.method != "POST" and (saved := entry_pages.just_saved(request, kind)):
        page["saved"] = saved
        form.focus_first()
    return render(request, "portfolio/add.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, kind: EntryKind, uuid: uuid.UUID) -> HttpResponse:
    entry = get_object_or_404(queries.entries_of(request.user, kind), uuid=uuid)
    key = entry_pages.draft_key(kind, entry)
    if request.method != "POST":
        form, draft = entry_pages.change_form(request, entry)
        return edit_page(request, entry, form, draft=draft)
    form = FORMS[kind](request.POST, person=entry.person, today=entry_pages.today_of(entry.person))
    if not form.is_valid():
        return edit_page(request, entry, form)
    seen = form.cleaned_data["seen_version"] or entry.version
    try:
        portfolio.save(
            kind=kind, person=entry.person, by=request.user, values=form.values(), entry=entry, seen_version=seen
        )
    except LostRace:
        return _conflict_page(request, kind, uuid, form)
    except NotAllowed as refused:
        entry_pages.add_refusals(form, refused)
        return edit_page(request, entry, form)
    return entry_pages.after_save(request, entry, key, new=False)


def edit_page(request: SignedInRequest, entry: AnyEntry, form: EntryForm, **context: object) -> HttpResponse:
    """The entry with its form (or, when nothing may change, its lines), its files and its history."""
    files = queries.files_of(entry)
    page = {
        "nav": "portfolio",
        "entry": entry,
        "entry_title": entry_title(entry),
        "form": form,
        "form_key": entry_pages.draft_key(entry.kind, entry),
        "locked": is_locked(entry),
        "person": entry.person,
        "files": files,
        "closes": closes(entry),
        "file_form": EvidenceForm(kind=entry.kind, replaceable=files),
        **entry_pages.words(entry.kind),
        **context,
    }
    wrong = form.errors or page["file_form"].errors
    return render(request, "portfolio/edit.html", page, status=422 if wrong else 200)


def is_locked(entry: AnyEntry) -> bool:
    """Withdrawn, or signed by its provider: shown, not changed."""
    return entry.withdrawn_at is not None or getattr(entry, "state", "") in queries.SIGNED_STATES


def _conflict_page(request: SignedInRequest, kind: EntryKind, uuid: uuid.UUID, form: EntryForm) -> HttpResponse:
    """Both versions side by side and a choice: nothing is written over silently."""
    entry = get_object_or_404(queries.entries_of(request.user, kind), uuid=uuid)
    key = entry_pages.draft_key(kind, entry)
    page = {
        "nav": "portfolio",
        "entry": entry,
        "form": form,
        "form_key": key,
        "compared": compared(form, entry),
        "locked": is_locked(entry),
    }
    return render(request, "portfolio/conflict.html", page | entry_pages.words(kind), status=409)


def compared(form: EntryForm, entry: AnyEntry) -> list[ComparedField]:
    """What was typed beside what is stored now."""
    return form.compared_with(type(form).read_back(entry, person=entry.person, today=form.today))


@require_POST
def withdraw(request: SignedInRequest, kind: EntryKind, uuid: uuid.UUID) -> HttpResponse:
    entry = get_object_or_404(queries.entries_of(request.user, kind), uuid=uuid)
    try:
        portfolio.withdraw(entry=entry, by=request.user)
    except NotAllowed as refused:
        entry_pages.say_refusals(request, refused)
    else:
        messages.success(request, _("Withdrawn. It no longer counts; you can bring it back at any time."))
    return _back_from(request, entry)


@require_POST
def restore(request: SignedInRequest, kind: EntryKind, uuid: uuid.UUID) -> HttpResponse:
    entry = get_object_or_404(queries.entries_of(request.user, kind), uuid=uuid)
    try:
        portfolio.restore(entry=entry, by=request.user)
    except NotAllowed as refused:
        entry_pages.say_refusals(request, refused)
    else:
        messages.success(request, _("It is back and counts again."))
    return _back_from(request, entry)


def _back_from(request: SignedInRequest, entry: AnyEntry) -> HttpResponse:
    """To the list when the act was pressed there, else to the entry's own page."""
    to_list = request.POST.get("back") == "list"
    return redirect(entry_pages.saved_address(entry)) if to_list else entry_pages.entry_page(entry)
