"""Own files: the list of all, and those of an entry, each its own save and given out only to their owner."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from competencies.actions import evidence as actions
from competencies.enums import EntryKind
from competencies.forms.evidence import EvidenceForm
from competencies.forms.filters import FileFilterForm
from competencies.models import Evidence
from competencies.queries import portfolio as queries
from competencies.queries.evidence import listed_files
from competencies.views import entry_pages
from competencies.views.portfolio_entry import edit_page
from endorsement_portal.files import downloads, previews
from endorsement_portal.files.quota import space_of
from endorsement_portal.web.paging import page_of
from endorsement_portal.workflow import NotAllowed
from members.requests import SignedInRequest


@require_safe
def file_list(request: SignedInRequest) -> HttpResponse:
    """Every file with its first page, how much room is left, and all of them as one ZIP."""
    filter_form = FileFilterForm(request.GET)
    filters = filter_form.filters()
    context = {
        "nav": "portfolio",
        "filter_form": filter_form,
        "filters": filters,
        "page": page_of(listed_files(request.user, filters), request),
        "totals": queries.totals(request.user),
        "space": space_of(request.user),
    }
    return render(request, "portfolio/files.html", context)


@require_POST
def add(request: SignedInRequest, kind: EntryKind, uuid: uuid.UUID) -> HttpResponse:
    entry = get_object_or_404(queries.entries_of(request.user, kind), uuid=uuid)
    form = EvidenceForm(request.POST, request.FILES, kind=kind, replaceable=queries.files_of(entry))
    if form.is_valid():
        try:
            actions.attach(entry=entry, by=request.user, **form.values())
        except NotAllowed as refused:
            entry_pages.add_refusals(form, refused)
        except ValidationError as refused:
            form.add_error("document", refused)
        else:
            messages.success(request, _("The file is saved."))
            return redirect(_files_of(kind, uuid))
    entry_form, draft = entry_pages.change_form(request, entry)
    return edit_page(request, entry, entry_form, draft=draft, file_form=form, show_error_title=True)


@require_safe
def download(request: SignedInRequest, uuid: uuid.UUID) -> HttpResponseBase:
    return downloads.respond(_own(request, uuid).file)


@require_safe
def preview(request: SignedInRequest, uuid: uuid.UUID) -> HttpResponseBase:
    return previews.respond(_own(request, uuid).file)


@require_POST
def withdraw(request: SignedInRequest, uuid: uuid.UUID) -> HttpResponse:
    evidence = _own(request, uuid)
    entry = evidence.owner
    try:
        actions.withdraw(evidence=evidence, by=request.user)
    except NotAllowed as refused:
        entry_pages.say_refusals(request, refused)
    else:
        messages.success(request, _("The file is taken off. Applications already submitted keep their copy."))
    to_list = request.POST.get("back") == "list"
    return redirect("portfolio:files") if to_list else redirect(_files_of(entry.kind, entry.uuid))


def _own(request: SignedInRequest, uuid: uuid.UUID) -> Evidence:
    return get_object_or_404(queries.evidence_of(request.user), uuid=uuid)


def _files_of(kind: EntryKind, uuid: uuid.UUID) -> str:
    return f"{reverse('portfolio:edit', args=[kind, uuid])}#files"
