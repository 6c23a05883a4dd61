"""/me/memberships/: list, add, withdraw, and the proof for its owner."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from endorsement_portal.files import downloads, intake
from endorsement_portal.web import drafts, paging
from endorsement_portal.workflow import NotAllowed
from members import queries
from members.actions import memberships
from members.forms import MembershipFilterForm, MembershipForm
from members.models import Membership
from members.requests import SignedInRequest

DRAFT = "membership:new"


@require_safe
def overview(request: SignedInRequest) -> HttpResponse:
    person = queries.person_of(request.user)
    filters = MembershipFilterForm(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    rows = queries.search_memberships(person, **wanted)
    context = {
        "person": person,
        "page": paging.page_of(rows, request),
        "filters": filters,
        "filtered": any(wanted.values()),
        "standing": queries.standing_today(person),
    }
    return render(request, "members/memberships.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: SignedInRequest) -> HttpResponse:
    draft = drafts.load(request.user, DRAFT)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = MembershipForm(*sent, initial=drafts.bound_initial(MembershipForm, draft))
    if sent and form.is_valid() and _added(request, form):
        drafts.discard(request.user, DRAFT)
        messages.success(request, _("Added. A coordinator checks it now, and we write to you."))
        return redirect("members:memberships")
    context = {"form": form, "draft": draft, "form_key": DRAFT}
    return render(request, "members/membership_add.html", context, status=422 if form.errors else 200)


def _added(request: SignedInRequest, form: MembershipForm) -> bool:
    """True when it was added; otherwise the form says why not."""
    values = dict(form.cleaned_data)
    upload = values.pop("proof", None)
    try:
        proof = intake.receive(upload, by=request.user) if upload else None
        memberships.add(
            person=queries.person_of(request.user),
            by=request.user,
            proof=proof,
            **values,
        )
    except intake.Refused as refused:
        form.add_error("proof", refused)
    except NotAllowed as refused:
        form.add_error("desk" if refused.findings[0].requirement == "no_desk" else None, str(refused))
    return form.is_valid()


@require_POST
def withdraw(request: SignedInRequest, uuid: str) -> HttpResponse:
    membership = get_object_or_404(Membership.objects.visible_to(request.user), uuid=uuid)
    memberships.withdraw(membership=membership, by=request.user)
    messages.success(request, _("Taken back."))
    return redirect("members:memberships")


@require_safe
def proof(request: SignedInRequest, uuid: str) -> HttpResponseBase:
    membership = get_object_or_404(Membership.objects.visible_to(request.user), uuid=uuid)
    if membership.proof is None:
        raise Http404
    return downloads.respond(membership.proof)
