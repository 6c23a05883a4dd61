"""Ending and correcting a provider's standing: first what it changes for people, then the act."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.actions import recounts
from applications.queries.recounts import StandingPreview, standing_preview
from competencies.actions import providers as provider_actions
from competencies.queries.standing_rows import row_of, rows_after, standing_rows
from coordination.access import StaffRequest, staff_page
from coordination.forms.acts import EndStandingForm
from coordination.forms.standings import CorrectStandingForm
from coordination.queries import supervision
from coordination.views.acting import carried_out, found
from endorsement_portal.web.dates import day_in
from members.models import Association, Person
from members.queries import zone_of


@staff_page()
def standing_end(
    request: StaffRequest, association: Association, provider: uuid.UUID, standing: uuid.UUID
) -> HttpResponse:
    person = found(supervision.one(association, provider))
    row = found(person.standings.filter(uuid=standing).first())
    form = EndStandingForm(request.POST or None)
    return _standing_page(
        request, association, person, form,
        after=lambda: rows_after(
            person, {**row_of(row), "ends_on": form.cleaned_data["ends_on"].isoformat()}, instead_of=row
        ),
        do=lambda: provider_actions.end_standing(
            standing=row, association=association, by=request.user, ends_on=form.cleaned_data["ends_on"]
        ),
        done=_("The standing ends on that day. Sessions up to and including it still count."),
        heading=_("End the standing of %(name)s") % {"name": person.name},
        lead=f"{row.get_kind_display()}: {row.code}",
        button=_("End this standing"),
    )  # fmt: skip


@staff_page()
def standing_correct(
    request: StaffRequest, association: Association, provider: uuid.UUID, standing: uuid.UUID
) -> HttpResponse:
    """What was recorded wrongly is put right; every session is judged again by its own date."""
    person = found(supervision.one(association, provider))
    row = found(person.standings.filter(uuid=standing).first())
    given = {name: getattr(row, name) for name in ("kind", "code", "starts_on", "ends_on", "source")}
    form = CorrectStandingForm(request.POST or None, initial=given)
    return _standing_page(
        request, association, person, form,
        after=lambda: rows_after(person, form.standing_row(), instead_of=row),
        do=lambda: provider_actions.correct_standing(
            standing=row, association=association, by=request.user, **form.cleaned_data
        ),
        done=_("The standing is corrected. Everybody whose counted hours change is told."),
        heading=_("Correct the standing of %(name)s") % {"name": person.name},
        lead=f"{row.get_kind_display()}: {row.code}",
        button=_("Correct this standing"),
    )  # fmt: skip


def _standing_page(
    request: StaffRequest,
    association: Association,
    person: Person,
    form: forms.Form,
    *,
    after: Callable[[], list[dict[str, Any]]],
    do: Callable[[], object],
    done: str,
    **words: object,
) -> HttpResponse:
    """One button shows whom it concerns, the other does it."""
    preview: StandingPreview | None = None
    if "preview" in request.POST:
        preview = preview_of(association, person, after) if form.is_valid() else None
    elif request.method == "POST" and carried_out(form, do):
        recounts.soon()
        messages.success(request, done)
        return redirect("coordination:provider", association.slug, person.uuid)
    context = {
        "association": association, "nav": "supervision", "form": form, "preview": preview, "back_text": person.name,
        "back": reverse("coordination:provider", args=[association.slug, person.uuid]), **words,
    }  # fmt: skip
    return render(request, "coordination/standing.html", context, status=422 if form.errors else 200)


def preview_of(association: Association, person: Person, after: Callable[[], list[dict[str, Any]]]) -> StandingPreview:
    """Whose counted hours a correction would change."""
    today = day_in(timezone.now(), zone_of(association))
    return standing_preview(person, association, standing_rows(person), after(), today)
