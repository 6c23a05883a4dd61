"""The desk accepts confirmations that a member brought along: session by session, never all by default."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from competencies.actions import bringing
from coordination.access import StaffRequest, staff_page
from coordination.forms.imported import AcceptImportedForm
from coordination.queries import imported
from coordination.views.acting import carried_out, found
from endorsement_portal.web.paging import page_of
from members.models import Association


@staff_page()
def imported_sessions(request: StaffRequest, association: Association, person: uuid.UUID) -> HttpResponse:
    owner, sessions = found(imported.sessions_of(association, person))
    page = page_of(sessions, request)
    form = AcceptImportedForm(request.POST if request.method == "POST" else None, shown=page.object_list)
    if request.method == "POST":
        accepted = carried_out(
            form,
            lambda: bringing.accept_imported(
                person=owner,
                sessions=form.chosen,
                association=association,
                by=request.user,
                source=form.cleaned_data["source"],
            ),
        )
        if accepted is not None:
            words = ngettext("%(n)d session counts from now on.", "%(n)d sessions count from now on.", accepted)
            messages.success(request, words % {"n": accepted})
            return redirect("coordination:imported", association.slug, owner.uuid)
    context = {"association": association, "nav": "people", "person": owner, "page": page, "form": form}
    return render(request, "coordination/imported.html", context, status=422 if form.errors else 200)
