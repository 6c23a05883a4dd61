"""Mail: what goes out, what went out, what needs a look."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from coordination.access import StaffRequest, staff_page
from coordination.forms.filters import OutboxFilterForm
from coordination.queries import outbox
from coordination.views.acting import act, found, list_address
from endorsement_portal.outbox.actions import handling
from endorsement_portal.web.paging import page_of
from members.models import Association

ACTS = {
    "resend": (handling.resend_uncertain, _("It goes out once more.")),
    "retry": (handling.resend_dead, _("It is tried again.")),
    "sent": (handling.mark_sent, _("It is marked as sent.")),
    "hold": (handling.hold, _("It is held until you release it.")),
    "release": (handling.release, _("It goes out now.")),
    "skip": (handling.skip, _("It will not go out.")),
}


@staff_page()
def message_list(request: StaffRequest, association: Association) -> HttpResponse:
    form = OutboxFilterForm(request.GET)
    view = form.value("state") or "upcoming"
    page = page_of(outbox.messages(association, request.user, view=view, search=form.value("search")), request)
    context = {
        "association": association,
        "nav": "outbox",
        "form": form,
        "page": page,
        "view": view,
        "rows": outbox.with_words(list(page)),
    }
    return render(request, "coordination/outbox.html", context)


@require_POST
@staff_page()
def message_act(request: StaffRequest, association: Association, message: uuid.UUID, act_name: str) -> HttpResponse:
    row = found(outbox.one(association, message, request.user))
    if act_name not in ACTS:
        raise Http404
    do, done = ACTS[act_name]
    return act(
        request,
        lambda: do(message=row, by=request.user),
        back=list_address(request, "coordination:outbox", association),
        done=str(done),
    )
