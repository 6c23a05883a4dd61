"""The RSC desk: providers, their dated standings, what is unsigned."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from applications.actions import recounts
from competencies.actions import providers as provider_actions
from competencies.queries.standing_rows import rows_after
from coordination.access import StaffRequest, staff_page
from coordination.forms.filters import SearchForm
from coordination.forms.standings import StandingRow
from coordination.queries import supervision
from coordination.views.acting import answer_to, carried_out, found
from coordination.views.standings import preview_of
from endorsement_portal.web.paging import page_of
from members.models import Association


@staff_page()
def provider_list(request: StaffRequest, association: Association) -> HttpResponse:
    form = SearchForm(request.GET)
    page = page_of(supervision.providers_of(association, search=form.value("search")), request)
    context = {"association": association, "nav": "supervision", "form": form, "page": page}
    return render(request, "coordination/supervision.html", context)


@staff_page()
def provider(request: StaffRequest, association: Association, provider: uuid.UUID) -> HttpResponse:
    """One provider with a form for a new standing; one button shows whom it concerns, the other records it."""
    person = found(supervision.one(association, provider))
    form = StandingRow(request.POST or None)
    preview = None
    if "preview" in request.POST:
        preview = (
            preview_of(association, person, lambda: rows_after(person, form.standing_row()))
            if form.is_valid()
            else None
        )
    elif request.method == "POST" and carried_out(
        form,
        lambda: provider_actions.record_standing(
            person=person, association=association, by=request.user, **form.cleaned_data
        ),
    ):
        recounts.soon()
        messages.success(request, _("The standing is recorded. Each session counts by its own date."))
        return redirect("coordination:provider", association.slug, person.uuid)
    context = {"association": association, "nav": "supervision", "provider": person, "form": form, "preview": preview}
    return render(request, "coordination/provider.html", context, status=answer_to(form))
