"""A person's own endorsements and certificates."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from credentials import rules
from credentials.queries import mine as queries
from endorsement_portal.files.downloads import respond
from members.requests import SignedInRequest


@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    rows = queries.mine(request.user, timezone.now())
    return render(request, "credentials/mine.html", {"rows": rows, "nav": "home"})


@require_safe
def certificate(request: SignedInRequest, uuid: UUID) -> HttpResponseBase:
    endorsement = queries.by_uuid(uuid)
    if endorsement is None or not rules.may_download(request.user, endorsement):
        raise Http404
    file = queries.newest_certificate(endorsement)
    if file is None:
        raise Http404
    return respond(file)
