"""The applicant's packet, and the public page that says whether a file is ours."""

from __future__ import annotations

from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from applications.enums import PacketState
from applications.forms.packet_check import PacketCheckForm
from applications.models import Packet
from applications.packet.verify import verify
from applications.queries.packets import own_packet
from endorsement_portal.files.downloads import respond
from endorsement_portal.web import limits
from members.requests import SignedInRequest

CHECKS_MAX, CHECKS_SECONDS = 60, 600


@require_safe
def packet(request: SignedInRequest, uuid: UUID, packet: UUID) -> HttpResponse:
    return render(request, "packet/page.html", _context(_own(request, uuid, packet)))


@require_safe
def packet_progress(request: SignedInRequest, uuid: UUID, packet: UUID) -> HttpResponse:
    """The part of the page that changes while the packet is made."""
    return render(request, "packet/_progress.html", _context(_own(request, uuid, packet)))


@require_safe
def packet_file(request: SignedInRequest, uuid: UUID, packet: UUID) -> HttpResponseBase:
    found = _own(request, uuid, packet)
    if found.state != PacketState.READY or found.file is None:
        raise Http404
    return respond(found.file)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def packet_check(request: HttpRequest) -> HttpResponse:
    """Only the checksum is looked at. The answer names no person."""
    client = get_adapter().get_client_ip(request)
    posted = request.method == "POST"
    if posted and not limits.allow(f"packet-check:{client}", limit=CHECKS_MAX, seconds=CHECKS_SECONDS):
        return render(request, "packet/check.html", {"form": PacketCheckForm(), "too_many": True}, status=429)
    form = PacketCheckForm(request.POST, request.FILES) if posted else PacketCheckForm()
    verdict = verify(form.sha256) if posted and form.is_valid() else None
    context = {"form": form, "verdict": verdict}
    return render(request, "packet/check.html", context, status=422 if form.errors else 200)


def _own(request: SignedInRequest, uuid: UUID, packet_uuid: UUID) -> Packet:
    found = own_packet(request.user, uuid, packet_uuid)
    if found is None:
        raise Http404
    return found


def _context(found: Packet) -> dict[str, object]:
    application = found.submission.application
    return {
        "packet": found,
        "waiting": found.state in (PacketState.PENDING, PacketState.BUILDING),
        "ready": found.state == PacketState.READY,
        "application": application,
        "association": application.association,
        "zone": application.association.settings.time_zone,
        "nav": "application",
    }
