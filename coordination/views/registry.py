"""Endorsements granted here: lapse, reinstate, remove, each dated and with its reason."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.access import StaffRequest, staff_page
from coordination.forms.acts import ReasonForm, ReinstateForm
from coordination.forms.filters import RegistryFilterForm
from coordination.queries import registry
from coordination.views.acting import act_page, found
from credentials.actions import endorsements as endorsement_actions
from credentials.models import Endorsement
from endorsement_portal.web.dates import day_in
from endorsement_portal.web.paging import page_of
from members.models import Association


@dataclass(frozen=True, slots=True)
class Act:
    form: type[forms.Form]
    do: Callable[..., Endorsement]
    heading: Promise
    lead: Promise
    button: Promise
    done: Promise


ACTS = {
    "lapse": Act(
        ReasonForm, endorsement_actions.lapse, _("Let the endorsement lapse"),
        _("From today it is no longer held. It can be reinstated; past days keep their status."),
        _("Let it lapse"), _("The endorsement lapsed."),
    ),
    "reinstate": Act(
        ReinstateForm, endorsement_actions.reinstate, _("Reinstate the endorsement"),
        _("From today it is held again, until its new last day."),
        _("Reinstate it"), _("The endorsement is active again."),
    ),
    "remove": Act(
        ReasonForm, endorsement_actions.remove, _("Remove the endorsement"),
        _("From today the public page says that it was removed, without the reason. For sanctions, not for lapses."),
        _("Remove it from the registry"), _("The endorsement is removed from the registry."),
    ),
}  # fmt: skip


@staff_page()
def endorsement_list(request: StaffRequest, association: Association) -> HttpResponse:
    form = RegistryFilterForm(request.GET)
    rows = registry.endorsements_of(association, search=form.value("search"), category=form.value("category"))
    page = page_of(rows, request)
    today = day_in(timezone.now(), association.settings.time_zone)
    context = {
        "association": association, "nav": "registry", "form": form, "page": page,
        "rows": registry.with_status(list(page), today),
    }  # fmt: skip
    return render(request, "coordination/registry.html", context)


@staff_page()
def endorsement(request: StaffRequest, association: Association, endorsement: uuid.UUID) -> HttpResponse:
    """One award with all its dated events, and what can be done now."""
    row = found(registry.one(association, endorsement))
    today = day_in(timezone.now(), association.settings.time_zone)
    [(row, status)] = registry.with_status([row], today)
    context = {
        "association": association, "nav": "registry", "endorsement": row, "status": status,
        "possible": registry.POSSIBLE[status],
    }  # fmt: skip
    return render(request, "coordination/endorsement.html", context)


@staff_page()
def endorsement_act(
    request: StaffRequest, association: Association, endorsement: uuid.UUID, act_name: str
) -> HttpResponse:
    """The page of one change: its reason, and a button that says what it does."""
    row = found(registry.one(association, endorsement))
    act = found(ACTS.get(act_name))
    form = act.form(request.POST or None)
    today = day_in(timezone.now(), association.settings.time_zone)
    return act_page(
        request,
        association,
        form,
        lambda: act.do(endorsement=row, on=today, by=request.user, **form.cleaned_data),
        back=reverse("coordination:endorsement", args=[association.slug, row.uuid]),
        done=str(act.done),
        nav="registry",
        back_text=row.holder_name,
        heading=f"{act.heading}: {row.holder_name}, {row.category_id}",
        lead=act.lead,
        button=act.button,
    )
