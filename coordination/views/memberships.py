"""The membership desk: look at the proof, confirm or say why not."""

import datetime
import uuid

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coordination.access import StaffRequest, staff_page
from coordination.forms.acts import ReasonForm
from coordination.forms.filters import MembershipFilterForm
from coordination.queries import memberships
from coordination.views.acting import act, act_page, found, list_address
from endorsement_portal.files import downloads
from endorsement_portal.web.dates import day_in
from endorsement_portal.web.paging import page_of
from members.actions import memberships as membership_actions
from members.models import Association


@staff_page()
def membership_list(request: StaffRequest, association: Association) -> HttpResponse:
    form = MembershipFilterForm(request.GET)
    rows = memberships.at_desk(association, state=form.value("state"), search=form.value("search"))
    context = {
        "association": association,
        "nav": "memberships",
        "form": form,
        "page": page_of(rows, request),
        "ending": memberships.ending_before_review(association, _today(association))[:10],
    }
    return render(request, "coordination/memberships.html", context)


@require_POST
@staff_page()
def confirm(request: StaffRequest, association: Association, membership: uuid.UUID) -> HttpResponse:
    row = found(memberships.one(association, membership))
    return act(
        request,
        lambda: membership_actions.confirm(membership=row, by=request.user),
        back=list_address(request, "coordination:memberships", association),
        done=_("The membership of %(name)s is confirmed.") % {"name": row.person.name},
    )


@staff_page()
def refuse(request: StaffRequest, association: Association, membership: uuid.UUID) -> HttpResponse:
    """Not confirmed, and why: a page, because the member reads the words."""
    row = found(memberships.one(association, membership))
    form = ReasonForm(request.POST or None)
    return act_page(
        request,
        association,
        form,
        lambda: membership_actions.refuse(membership=row, by=request.user, reason=form.cleaned_data["reason"]),
        back=_desk(association),
        done=_("%(name)s was told why the membership is not confirmed.") % {"name": row.person.name},
        nav="memberships",
        back_text=_("Memberships"),
        heading=_("The membership of %(name)s is not confirmed") % {"name": row.person.name},
        lead=_("%(association)s. The member reads your words and can add the membership again.")
        % {"association": row.association.name},
        button=_("Tell the member"),
    )


@staff_page()
def proof(request: StaffRequest, association: Association, membership: uuid.UUID) -> HttpResponseBase:
    row = found(memberships.one(association, membership))
    return downloads.respond(found(row.proof))


def _today(association: Association) -> datetime.date:
    return day_in(timezone.now(), association.settings.time_zone)


def _desk(association: Association) -> str:
    return reverse("coordination:memberships", args=[association.slug]) + "?state=pending"
