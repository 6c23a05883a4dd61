"""Signing the code of ethics and the agreement."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from applications.actions import signatures
from applications.actions.journey import EDITABLE
from applications.enums import TextKind
from applications.forms.applicant import SignForm
from applications.queries import pages
from endorsement_portal.workflow import NotAllowed
from members.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: SignedInRequest, uuid: UUID, kind: str) -> HttpResponse:
    if kind not in TextKind.values:
        raise Http404
    application = pages.own_application(request.user, uuid)
    page = pages.sign_page(application, TextKind(kind), timezone.now())
    form = SignForm(
        request.POST if request.method == "POST" else None, attests=page.attests, name=application.person.name
    )
    if request.method == "POST" and form.is_valid():
        try:
            signatures.sign(
                application=application,
                text=page.text,
                by=request.user,
                typed_name=form.cleaned_data["typed_name"],
                not_sanctioned=form.cleaned_data.get("not_sanctioned"),
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            return redirect("applications:hub", application.uuid)
    context = {"page": page, "form": form, "application": application, "association": application.association,
               "editable": application.status in EDITABLE, "nav": "application"}  # fmt: skip
    return render(request, "applications/sign.html", context, status=422 if form.errors else 200)
