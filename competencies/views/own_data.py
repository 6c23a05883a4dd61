"""Own data: made into a ZIP by one click, given out to its person only, and brought in from elsewhere."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competencies.actions import bringing, exporting
from competencies.actions.imports import Imported
from competencies.enums import ExportContents
from competencies.forms.own_data import BringForm
from competencies.models import Export
from competencies.portable import PortableFault
from competencies.queries import own_data as queries
from competencies.views.entry_pages import add_refusals, say_refusals
from endorsement_portal.files import downloads
from endorsement_portal.jobs import JobState
from endorsement_portal.web.paging import page_of
from endorsement_portal.workflow import NotAllowed
from members.queries import person_of
from members.requests import SignedInRequest

FAULTS_SHOWN = 20


@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    """The button, what is being made, and what was made so far."""
    person = person_of(request.user)
    exports = page_of(queries.exports_of(request.user), request)
    latest = queries.exports_of(request.user).first()
    context = {"nav": "portfolio", "person": person, "page": exports} | (_state(latest) if latest else {})
    return render(request, "portfolio/own_data/page.html", context)


@require_POST
def make(request: SignedInRequest) -> HttpResponse:
    try:
        files_only = request.POST.get("contents") == ExportContents.FILES
        contents = ExportContents.FILES if files_only else ExportContents.EVERYTHING
        exporting.ask(person=person_of(request.user), by=request.user, contents=contents)
    except NotAllowed as refused:
        say_refusals(request, refused)
    return redirect("portfolio:own_data")


@require_safe
def progress(request: SignedInRequest, uuid: uuid.UUID) -> HttpResponse:
    """The bar alone. When it is over, the page is asked for anew."""
    context = _state(_own(request, uuid))
    response = render(request, "portfolio/own_data/_progress.html", context)
    if not context["waiting"]:
        response["HX-Refresh"] = "true"
    return response


@require_safe
def download(request: SignedInRequest, uuid: uuid.UUID) -> HttpResponseBase:
    export = _own(request, uuid)
    if export.file is None:
        raise Http404
    response = downloads.respond(export.file)
    exporting.note_download(export=export, by=request.user)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: SignedInRequest) -> HttpResponse:
    """A portfolio from another portal. With any fault nothing is taken over."""
    form = BringForm(request.POST or None, request.FILES or None)
    faults: list[str] = []
    if request.method == "POST" and (form := BringForm(request.POST, request.FILES)).is_valid():
        try:
            imported = _brought(request, form)
        except PortableFault as fault:
            faults = fault.faults
            form.add_error("file", _fault_words(len(faults)))
        except NotAllowed as refused:
            add_refusals(form, refused)
        else:
            _say(request, imported)
            return redirect("portfolio:overview")
    context = {"nav": "portfolio", "form": form, "faults": faults[:FAULTS_SHOWN], "more": len(faults) - FAULTS_SHOWN}
    return render(request, "portfolio/own_data/bring.html", context, status=422 if form.errors else 200)


def _brought(request: SignedInRequest, form: BringForm) -> Imported:
    file = form.cleaned_data["file"]
    if file.size > settings.UPLOAD_BYTES_MAX:
        about = {"size": filesizeformat(file.size), "limit": filesizeformat(settings.UPLOAD_BYTES_MAX)}
        raise PortableFault([_("This file is %(size)s. The limit is %(limit)s.") % about])
    return bringing.bring(person=person_of(request.user), by=request.user, file=file)


def _fault_words(count: int) -> str:
    words = ngettext("There is a fault in this file.", "There are %(n)d faults in this file.", count) % {"n": count}
    return f"{words} {_('Nothing of it was taken over.')}"


def _say(request: SignedInRequest, imported: Imported) -> None:
    counts = {"added": imported.added, "changed": imported.changed, "there": imported.unchanged}
    messages.success(request, _("%(added)d added, %(changed)d changed, %(there)d there already.") % counts)


def _own(request: SignedInRequest, uuid: uuid.UUID) -> Export:
    return get_object_or_404(queries.exports_of(request.user), uuid=uuid)


def _state(export: Export) -> dict[str, Any]:
    return {
        "export": export,
        "waiting": export.job_state in (JobState.WAITING, JobState.WORKING),
        "failed": export.job_state == JobState.DEAD,
        "kept_until": queries.kept_until(export),
        "zone": export.person.time_zone,
    }
