"""A row of a list, changed where it stands. Without HTMX the entry's own page does the same."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from competencies.actions import portfolio
from competencies.enums import EntryKind
from competencies.forms.by_kind import FORMS
from competencies.forms.entries import EntryForm
from competencies.models.portfolio import AnyEntry
from competencies.queries import portfolio as queries
from competencies.templatetags.portfolio_words import entry_title
from competencies.views import entry_pages
from competencies.views.portfolio_entry import compared, is_locked
from endorsement_portal.web import drafts
from endorsement_portal.web.fragments import wants_fragment
from endorsement_portal.workflow import LostRace, NotAllowed
from members.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def row(request: SignedInRequest, kind: EntryKind, uuid: uuid.UUID) -> HttpResponse:
    """GET: the row, or with `?form=1` its form. POST: saved, asked about (422), or a choice (409)."""
    entry = get_object_or_404(queries.listed_one(request.user, kind, uuid))
    if not wants_fragment(request) or is_locked(entry):
        return _to_its_page(request, entry)
    if request.method == "POST":
        return _discarded(request, entry) if request.POST.get("discard") else _changed(request, entry)
    if not request.GET.get("form"):
        return render(request, "portfolio/_entries.html", {"entries": [entry], "kind": kind, "focus": True})
    form, draft = entry_pages.change_form(request, entry, auto_id=_auto_id(entry))
    form.focus_first()
    return _row_form(request, entry, form, draft=draft)


def _to_its_page(request: SignedInRequest, entry: AnyEntry) -> HttpResponse:
    """For browsers without HTMX, and for what is no longer changed: signed or withdrawn meanwhile."""
    page = entry_pages.entry_page(entry)
    return HttpResponse(status=204, headers={"HX-Redirect": page["Location"]}) if wants_fragment(request) else page


def _changed(request: SignedInRequest, entry: AnyEntry) -> HttpResponse:
    form = FORMS[entry.kind](
        request.POST, person=entry.person, today=entry_pages.today_of(entry.person), auto_id=_auto_id(entry)
    )
    if not form.is_valid():
        return _row_form(request, entry, form, status=422)
    seen = form.cleaned_data["seen_version"] or entry.version
    try:
        portfolio.save(
            kind=entry.kind, person=entry.person, by=request.user, values=form.values(), entry=entry, seen_version=seen
        )
    except LostRace:
        return _conflict(request, entry, form)
    except NotAllowed as refused:
        entry_pages.add_refusals(form, refused)
        return _row_form(request, entry, form, status=422)
    drafts.discard(request.user, entry_pages.draft_key(entry.kind, entry))
    return _saved(request, entry, entry_pages.saved_words(request, entry))


def _discarded(request: SignedInRequest, entry: AnyEntry) -> HttpResponse:
    """What is stored stays: the draft of the other version is forgotten."""
    drafts.discard(request.user, entry_pages.draft_key(entry.kind, entry))
    return render(request, "portfolio/_entries.html", {"entries": [entry], "kind": entry.kind, "focus": True})


def _saved(request: SignedInRequest, entry: AnyEntry, words: str) -> HttpResponse:
    """The row as a list shows it, with the new sums."""
    shown = queries.listed_one(request.user, entry.kind, entry.uuid).get()
    context = {
        "entries": [shown],
        "kind": entry.kind,
        "total": queries.totals_of(request.user, entry.kind),
        "words": words,
    }
    return render(request, "portfolio/_row_saved.html", context)


def _row_form(
    request: SignedInRequest, entry: AnyEntry, form: EntryForm, *, status: int = 200, **context: object
) -> HttpResponse:
    page = {
        "entry": entry,
        "entry_title": entry_title(entry),
        "form": form,
        "form_key": entry_pages.draft_key(entry.kind, entry),
        "person": entry.person,
        **entry_pages.words(entry.kind),
        **context,
    }
    return render(request, "portfolio/_row_form.html", page, status=status)


def _conflict(request: SignedInRequest, entry: AnyEntry, form: EntryForm) -> HttpResponse:
    stored = get_object_or_404(queries.entries_of(request.user, entry.kind), uuid=entry.uuid)
    page = {
        "entry": stored,
        "kind": entry.kind,
        "form": form,
        "form_key": entry_pages.draft_key(entry.kind, entry),
        "compared": compared(form, stored),
        "locked": is_locked(stored),
    }
    return render(request, "portfolio/_row_conflict.html", page, status=409)


def _auto_id(entry: AnyEntry) -> str:
    """Fields of several open rows, and of the form above them, never share an id."""
    return f"row_{entry.uuid.hex[:12]}_%s"
