"""To a later cohort, with everything that is still being worked on."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.actions import journey
from applications.forms.applicant import MoveForm
from applications.queries.moving import move_page
from endorsement_portal.workflow import NotAllowed
from members.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def cohort_move(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    now = timezone.now()
    page = move_page(request.user, uuid, now)
    form = MoveForm(request.POST if request.method == "POST" else None, choices=page.choices)
    if request.method == "POST" and form.is_valid():
        to, reason = form.chosen(), form.cleaned_data["reason"]
        try:
            seat = journey.move(enrolment=page.enrolment, to=to, by=request.user, reason=reason, now=now)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, _("Your seat is now in %(cohort)s.") % {"cohort": seat.cohort.name})
            return redirect("cohort_page", seat.cohort.uuid)
    context = {"page": page, "form": form, "cohort": page.enrolment.cohort, "nav": "cohort", "now": now}
    return render(request, "applications/move.html", context, status=422 if form.errors else 200)
