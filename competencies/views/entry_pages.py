"""What the pages of an entry share: its form, its draft, its words."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from competencies.enums import EntryKind
from competencies.forms.by_kind import FORMS
from competencies.forms.entries import EntryForm
from competencies.keys import is_new_key, new_key
from competencies.models.portfolio import AnyEntry, Supervision
from competencies.queries import portfolio as queries
from competencies.templatetags.portfolio_words import PLURALS
from endorsement_portal.web import drafts
from endorsement_portal.web.dates import day_in
from endorsement_portal.web.models import FormDraft
from endorsement_portal.web.templatetags.figures import hours
from endorsement_portal.workflow import NotAllowed
from members.models import Person
from members.requests import SignedInRequest

ADD_TITLES = {
    EntryKind.EDUCATION: gettext_lazy("Add education"),
    EntryKind.LICENSE: gettext_lazy("Add a professional license"),
    EntryKind.WORK: gettext_lazy("Add work"),
    EntryKind.TRAINING: gettext_lazy("I attended a training"),
    EntryKind.SUPERVISION: gettext_lazy("Log a session"),
}
SAVE_WORDS = {
    EntryKind.EDUCATION: gettext_lazy("Save education"),
    EntryKind.LICENSE: gettext_lazy("Save professional license"),
    EntryKind.WORK: gettext_lazy("Save work"),
    EntryKind.TRAINING: gettext_lazy("Save training"),
    EntryKind.SUPERVISION: gettext_lazy("Save session"),
}


def today_of(person: Person) -> datetime.date:
    """Which day it is where the person lives."""
    return day_in(timezone.now(), person.time_zone)


def words(kind: EntryKind) -> dict[str, Any]:
    return {"kind": kind, "plural": PLURALS[kind], "add_title": ADD_TITLES[kind], "save_words": SAVE_WORDS[kind]}


def draft_key(kind: EntryKind, entry: AnyEntry | None = None) -> str:
    return f"{kind.value}:{entry.uuid if entry else 'new'}"


def new_form(
    request: SignedInRequest,
    kind: EntryKind,
    person: Person,
    repeated: AnyEntry | None = None,
    last: AnyEntry | None = None,
    providers: Sequence[Person] = (),
) -> tuple[EntryForm, FormDraft | None]:
    """A form to add an entry: with the kept draft, else with what is repeated, else with today's date.

    `last` is the newest entry, `providers` whom the person names, when the page has them already: a session begins
    with the kind and place of the one before.
    """
    form_class, today = FORMS[kind], today_of(person)
    draft = None if repeated else drafts.load(request.user, draft_key(kind))
    initial: dict[str, Any] = {"on": today}
    if repeated is not None:
        initial = {**form_class.initial_of(repeated), "on": today, "seen_version": None}
    elif kind == EntryKind.SUPERVISION:
        last = last or queries.last_entry(request.user, kind)
        initial |= {"format": last.format, "mode": last.mode} if isinstance(last, Supervision) else {}
    initial |= drafts.bound_initial(form_class, draft)
    return form_class(initial=initial, person=person, today=today, providers=providers), draft


def quick_form(
    request: SignedInRequest,
    kind: EntryKind,
    person: Person,
    last: AnyEntry | None = None,
    providers: Sequence[Person] = (),
) -> dict[str, Any]:
    """The form that a list carries: its short part, or all of it when a draft holds more."""
    form, draft = new_form(request, kind, person, last=last, providers=providers)
    if request.GET.get("saved"):
        form.focus_first()
    made_as = form_name(kind, draft)
    return {"form": form, "draft": draft, "form_key": draft_key(kind), "made_as": made_as, "quick": not form.holds_more}


def form_name(kind: EntryKind, draft: FormDraft | None, posted: str = "") -> str:
    """The name under which a form adds its entry, once: the posted one, the one kept with its draft, or a new one."""
    kept = (draft.data.get("_made_as") or [""])[0] if draft else ""
    return next((name for name in (posted, kept) if is_new_key(kind, name)), "") or new_key(kind)


def change_form(
    request: SignedInRequest, entry: AnyEntry, auto_id: str = "id_%s"
) -> tuple[EntryForm, FormDraft | None]:
    """The form of a stored entry. A draft keeps the version it began from, so that an older one is noticed."""
    form_class = FORMS[entry.kind]
    draft = drafts.load(request.user, draft_key(entry.kind, entry))
    initial = {**form_class.initial_of(entry), **drafts.bound_initial(form_class, draft)}
    return form_class(initial=initial, person=entry.person, today=today_of(entry.person), auto_id=auto_id), draft


def add_refusals(form: Any, refused: NotAllowed) -> None:
    """The findings of a refusal among the form's own messages: why, and what mends it."""
    for finding in refused.findings:
        form.add_error(None, " ".join(filter(None, [finding.message, finding.fix])))


def say_refusals(request: SignedInRequest, refused: NotAllowed) -> None:
    for finding in refused.findings:
        messages.error(request, " ".join(filter(None, [finding.message, finding.fix])))


def after_save(
    request: SignedInRequest, entry: AnyEntry, form_key: str, *, new: bool = True, about: str = ""
) -> HttpResponse:
    """Away from the form: to the list with its new totals, to the next entry, or to the entry's files.

    The draft under `form_key` is forgotten; an empty key leaves all drafts alone. `about` is one more sentence.
    """
    if form_key:
        drafts.discard(request.user, form_key)
    messages.success(request, " ".join(filter(None, [saved_words(request, entry), about])))
    if queries.has_twin(entry):
        messages.warning(request, _("You have the same entry already. Only one of the two will count."))
    if request.POST.get("then") == "another":
        return redirect(f"{reverse('portfolio:add', args=[entry.kind])}?saved={entry.uuid}")
    if request.POST.get("then") == "file":
        return redirect(f"{reverse('portfolio:edit', args=[entry.kind, entry.uuid])}#files")
    return redirect(saved_address(entry) if new else reverse("portfolio:list", args=[entry.kind]))


def saved_address(entry: AnyEntry) -> str:
    """The list, with what was just saved on top of it: the way to change it, the way to take it back."""
    return f"{reverse('portfolio:list', args=[entry.kind])}?saved={entry.uuid}"


def just_saved(request: SignedInRequest, kind: EntryKind) -> AnyEntry | None:
    """The entry that the address says was saved a moment ago, when it is the person's own."""
    named = request.GET.get("saved", "")
    try:
        found: AnyEntry | None = queries.entries_of(request.user, kind).filter(uuid=uuid.UUID(named)).first()
    except ValueError:
        return None
    return found


def entry_page(entry: AnyEntry) -> HttpResponse:
    return redirect("portfolio:edit", entry.kind, entry.uuid)


def saved_words(request: SignedInRequest, entry: AnyEntry) -> str:
    totals = queries.totals_of(request.user, entry.kind)
    if totals.timed:
        return _("Saved. %(plural)s: %(total)s in all.") % {
            "plural": PLURALS[entry.kind],
            "total": hours(totals.minutes),
        }
    counted = ngettext("%(n)d entry", "%(n)d entries", totals.entries) % {"n": totals.entries}
    return _("Saved. %(plural)s: %(total)s.") % {"plural": PLURALS[entry.kind], "total": counted}
