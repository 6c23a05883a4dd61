"""The portfolio's overview, its lists, and the ask for confirmation."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from competencies.actions import repeating, supervision
from competencies.enums import EntryKind
from competencies.forms.filters import FilterForm
from competencies.queries import entry_lists, providers
from competencies.queries import portfolio as queries
from competencies.views.entry_pages import (
    just_saved,
    quick_form,
    saved_address,
    saved_words,
    say_refusals,
    today_of,
    words,
)
from endorsement_portal.web.paging import page_of
from endorsement_portal.workflow import NotAllowed
from members.queries import person_of
from members.requests import SignedInRequest

QUICK = frozenset({EntryKind.TRAINING, EntryKind.SUPERVISION})
"""Kinds logged so often that the list carries the form."""


@require_safe
def overview(request: SignedInRequest) -> HttpResponse:
    person = person_of(request.user)
    totals = queries.totals(request.user)
    recent = queries.recent(request.user)
    context = {"nav": "portfolio", "totals": totals, "recent": recent, "person": person}
    if not recent:
        context |= words(EntryKind.TRAINING) | quick_form(request, EntryKind.TRAINING, person)
    return render(request, "portfolio/overview.html", context)


@require_safe
def entry_list(request: SignedInRequest, kind: EntryKind) -> HttpResponse:
    person = person_of(request.user)
    own = providers.own_providers(request.user, today_of(person)) if kind == EntryKind.SUPERVISION else ()
    choices = [(str(provider.person.uuid), provider.person.name) for provider in own]
    filter_form = FilterForm(request.GET, kind=kind, years=entry_lists.years(request.user, kind), providers=choices)
    filters = filter_form.filters()
    all_totals = queries.totals(request.user)
    total = next(total for total in all_totals if total.kind == kind)
    known = None if filters.narrowing else (total.withdrawn if filters.withdrawn else total.entries)
    page = page_of(entry_lists.rows_of(request.user, kind, filters), request, count=known)
    entry_lists.read_answers(page)
    context = words(kind) | {
        "nav": "portfolio",
        "filter_form": filter_form,
        "filters": filters,
        "page": page,
        "totals": all_totals,
        "total": total,
        "filtered": queries.totals_of(request.user, kind, filters) if filters.narrowing else None,
        "own_providers": own,
        "person": person,
        "saved": just_saved(request, kind) if request.GET.get("saved") else None,
    }
    if kind in QUICK:
        last = page[0] if known and page.number == 1 and not filters.withdrawn else None
        context |= quick_form(request, kind, person, last=last, providers=[one.person for one in own])
    return render(request, "portfolio/list.html", context)


@require_POST
def ask_provider(request: SignedInRequest, uuid: uuid.UUID) -> HttpResponse:
    person = person_of(request.user)
    provider = get_object_or_404(providers.used_by(person), uuid=uuid)
    try:
        supervision.ask_provider(person=person, provider=provider, by=request.user)
    except NotAllowed as refused:
        say_refusals(request, refused)
    else:
        messages.success(
            request, _("Sent. %(name)s gets one link for every session that waits.") % {"name": provider.name}
        )
    return redirect("portfolio:list", EntryKind.SUPERVISION)


@require_POST
def repeat_session(request: SignedInRequest) -> HttpResponse:
    """The last session once more, today: one press, then it can be changed or taken back."""
    person = person_of(request.user)
    try:
        session = repeating.repeat_last(person=person, by=request.user, today=today_of(person))
    except NotAllowed as refused:
        say_refusals(request, refused)
        return redirect("portfolio:list", EntryKind.SUPERVISION)
    messages.success(request, saved_words(request, session))
    return redirect(saved_address(session))
