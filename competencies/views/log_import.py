"""Importing a log: upload, columns, dry run, confirm, progress, undo. Every page works without script."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competencies.actions import importing, log_imports
from competencies.enums import EntryKind, ImportState
from competencies.forms.log_import import ColumnsForm, UploadForm
from competencies.log_import import samples
from competencies.log_import.fields import FIELDS, KINDS
from competencies.models import LogImport
from competencies.queries import log_import_pages as pages
from competencies.queries import log_imports as queries
from competencies.views.entry_pages import add_refusals, say_refusals
from endorsement_portal.sheets import writing
from endorsement_portal.web.paging import page_of
from endorsement_portal.workflow import NotAllowed
from members.queries import person_of
from members.requests import SignedInRequest

SAMPLE_NAMES = {EntryKind.TRAINING: "sample-trainings", EntryKind.SUPERVISION: "sample-rsc-sessions"}


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: SignedInRequest) -> HttpResponse:
    """The upload, the samples, and the person's imports so far."""
    person = person_of(request.user)
    if request.method != "POST":
        return _index_page(request, UploadForm(initial={"kind": request.GET.get("kind", "")}))
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        kind, file = EntryKind(form.cleaned_data["kind"]), form.cleaned_data["file"]
        try:
            log_import = log_imports.upload(person=person, by=request.user, kind=kind, file=file)
        except NotAllowed as refused:
            add_refusals(form, refused)
        except ValidationError as refused:
            form.add_error("file", refused)
        else:
            return redirect("portfolio:import", log_import.uuid)
    return _index_page(request, form, status=422)


def _index_page(request: SignedInRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    page = page_of(queries.imports_of(request.user), request)
    context = {"nav": "portfolio", "form": form, "page": page, "kinds": KINDS}
    return render(request, "portfolio/import/index.html", context, status=status)


@require_safe
def sample(request: SignedInRequest, kind: EntryKind, file_type: str) -> HttpResponse:
    """A log to start from: headings that are understood, and three invented rows."""
    if kind not in KINDS or file_type not in ("csv", "xlsx"):
        raise Http404
    headings, rows, name = samples.HEADINGS[kind], samples.ROWS[kind], f"{SAMPLE_NAMES[kind]}.{file_type}"
    if file_type == "csv":
        return writing.download(writing.csv_bytes(headings, rows), name=name, content_type=writing.CSV_TYPE)
    content = writing.xlsx_bytes(headings, rows, sheet=samples.SHEET_NAMES[kind])
    return writing.download(content, name=name, content_type=writing.XLSX_TYPE)


@require_safe
def import_page(request: SignedInRequest, uuid: uuid.UUID) -> HttpResponse:
    """Where the import stands: the dry run, the progress, or what became of it."""
    log_import = _own(request, uuid)
    if log_import.state != ImportState.READ or log_import.file is None:
        return render(request, "portfolio/import/state.html", _state(log_import))
    if not log_import.columns:
        return redirect("portfolio:import_columns", log_import.uuid)
    found = queries.dry_run(log_import)
    shown = pages.tab(found, request.GET.get("show", ""))
    page = page_of(pages.lines_of(found, shown), request)
    page.object_list = pages.shown(log_import, page.object_list, shown)
    context = {"log_import": log_import, "found": found, "show": shown, "page": page, "nav": "portfolio"}
    return render(request, "portfolio/import/preview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: SignedInRequest, uuid: uuid.UUID) -> HttpResponse:
    """What the columns mean: guessed or remembered, shown, and changed here."""
    log_import = _own(request, uuid)
    if log_import.state != ImportState.READ or log_import.file is None:
        return redirect("portfolio:import", log_import.uuid)
    kind, table = EntryKind(log_import.kind), queries.table_for(log_import)
    known = queries.columns_of(log_import) or queries.first_columns(log_import.person, kind, table)[0]
    form = ColumnsForm(
        request.POST if request.method == "POST" else None, fields=FIELDS[kind], table=table, columns=known
    )
    if form.is_bound and form.is_valid():
        try:
            log_imports.say_columns(log_import=log_import, by=request.user, columns=form.columns())
        except NotAllowed as refused:
            add_refusals(form, refused)
        else:
            return redirect("portfolio:import", log_import.uuid)
    context = {"log_import": log_import, "form": form, "table": table, "nav": "portfolio"} | pages.first_rows(table)
    return render(request, "portfolio/import/columns.html", context, status=422 if form.errors else 200)


@require_POST
def confirm(request: SignedInRequest, uuid: uuid.UUID) -> HttpResponse:
    log_import = _own(request, uuid)
    try:
        log_imports.confirm(log_import=log_import, by=request.user)
    except NotAllowed as refused:
        say_refusals(request, refused)
    return redirect("portfolio:import", log_import.uuid)


@require_safe
def progress(request: SignedInRequest, uuid: uuid.UUID) -> HttpResponse:
    """The bar alone. When the import is over, the page is asked for anew."""
    log_import = _own(request, uuid)
    response = render(request, "portfolio/import/_progress.html", _state(log_import))
    if log_import.state not in queries.WAITING:
        response["HX-Refresh"] = "true"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: SignedInRequest, uuid: uuid.UUID) -> HttpResponse:
    """What would go and what would stay; one button."""
    log_import = _own(request, uuid)
    if request.method == "POST":
        keep = frozenset(request.POST.getlist("keep"))
        try:
            importing.undo(log_import=log_import, by=request.user, keep=keep)
        except NotAllowed as refused:
            say_refusals(request, refused)
        else:
            messages.success(request, _("The import is undone."))
            return redirect("portfolio:import", log_import.uuid)
    if not queries.may_undo(log_import, timezone.now()):
        return redirect("portfolio:import", log_import.uuid)
    going = queries.untouched(log_import).count()
    context = _state(log_import) | {"going": going, "staying": queries.touched(log_import)}
    return render(request, "portfolio/import/undo.html", context)


@require_POST
def put_aside(request: SignedInRequest, uuid: uuid.UUID) -> HttpResponse:
    log_import = _own(request, uuid)
    try:
        log_imports.put_aside(log_import=log_import, by=request.user)
    except NotAllowed as refused:
        say_refusals(request, refused)
    else:
        messages.success(request, _("The file is gone. Nothing of it is in your portfolio."))
    return redirect("portfolio:imports")


def _own(request: SignedInRequest, uuid: uuid.UUID) -> LogImport:
    return get_object_or_404(queries.imports_of(request.user), uuid=uuid)


def _state(log_import: LogImport) -> dict[str, Any]:
    return {
        "nav": "portfolio",
        "log_import": log_import,
        "waiting": log_import.state in queries.WAITING,
        "undo_until": queries.undo_until(log_import),
        "may_undo": queries.may_undo(log_import, timezone.now()),
        "zone": log_import.person.time_zone,
    }
