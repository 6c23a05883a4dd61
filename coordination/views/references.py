"""The references desk: who was asked, who answered; never what they answered."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications.actions import references as reference_actions
from coordination.access import StaffRequest, staff_page
from coordination.forms.filters import ReferenceFilterForm
from coordination.queries import references
from coordination.views.acting import act, found, list_address
from endorsement_portal.web.paging import page_of
from members.models import Association


@staff_page()
def reference_list(request: StaffRequest, association: Association) -> HttpResponse:
    form = ReferenceFilterForm(request.GET)
    rows = references.references_of(association, request.user, state=form.value("state"), search=form.value("search"))
    context = {"association": association, "nav": "references", "form": form, "page": page_of(rows, request)}
    return render(request, "coordination/references.html", context)


@require_POST
@staff_page()
def vet(request: StaffRequest, association: Association, reference: uuid.UUID) -> HttpResponse:
    row = found(references.one(association, reference, request.user))
    return act(
        request,
        lambda: reference_actions.vet(reference=row, by=request.user),
        back=list_address(request, "coordination:references", association),
        done=_("%(name)s is vetted for this application.") % {"name": row.rater.name},
    )


@require_POST
@staff_page()
def resend(request: StaffRequest, association: Association, reference: uuid.UUID) -> HttpResponse:
    row = found(references.one(association, reference, request.user))
    return act(
        request,
        lambda: reference_actions.resend(reference=row, by=request.user, as_staff=True),
        back=list_address(request, "coordination:references", association),
        done=_("The invitation to %(name)s goes out again.") % {"name": row.rater.name},
    )
