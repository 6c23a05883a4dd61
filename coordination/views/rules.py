"""Editions and settings: read side by side, proposed, counted on people, put in force."""

from __future__ import annotations

import json
import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.actions import rule_changes as actions
from applications.enums import RuleChangeKind
from applications.models import RuleChange
from applications.queries import rule_changes as queries
from competencies.rules import may_propose_edition, may_publish_edition
from competencies.standards_files import StandardsFault
from coordination.access import StaffRequest, staff_page
from coordination.forms.rule_settings import SettingsForm
from coordination.forms.rules import (
    ChangeFilterForm,
    CompareForm,
    ConfirmForm,
    EditionUploadForm,
    LineFilterForm,
    PublishForm,
)
from coordination.queries import standards
from coordination.views.acting import act, carried_out, found
from endorsement_portal.jobs import JobState
from endorsement_portal.web.fragments import render as render_part
from endorsement_portal.web.paging import page_of
from members.enums import Role
from members.models import Association

KEEPERS = (Role.COORDINATOR, Role.STANDARDS_EDITOR)


@require_safe
@staff_page(*KEEPERS)
def compare(request: StaffRequest, association: Association) -> HttpResponse:
    """Two published editions side by side, plain or with the association's settings."""
    form = CompareForm(request.GET, editions=standards.published())
    before, after = found(form.pair())
    own = association if form.cleaned_data.get("settings") else None
    categories, settings = queries.edition_comparison(before, after, own)
    context = {
        "association": association, "nav": "standards", "form": form, "before": before, "after": after,
        "categories": categories, "settings": settings,
    }  # fmt: skip
    return render(request, "coordination/compare.html", context)


@require_safe
@staff_page(*KEEPERS)
def edition_file(request: StaffRequest, association: Association, edition: str) -> HttpResponse:
    """The file of an edition: to read, and to start a changed one from."""
    content = found(standards.file_of(edition))
    response = HttpResponse(json.dumps(content, ensure_ascii=False, indent=1), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{edition}.json"'
    return response


@require_safe
@staff_page(*KEEPERS)
def change_list(request: StaffRequest, association: Association) -> HttpResponse:
    form = ChangeFilterForm(request.GET)
    rows = queries.listed(association, search=form.value("search"), state=form.value("state"))
    context = {
        "association": association, "nav": "standards", "form": form, "page": page_of(rows, request),
        "may_upload": may_propose_edition(request.user, association),
    }  # fmt: skip
    return render(request, "coordination/rule_changes.html", context)


@staff_page(Role.STANDARDS_EDITOR)
def edition_upload(request: StaffRequest, association: Association) -> HttpResponse:
    """Every fault of the file is named by its path; then nothing is kept."""
    form = EditionUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and (change := _uploaded(request, association, form)):
        return redirect("coordination:rule_change", association.slug, change.uuid)
    context = {"association": association, "nav": "standards", "form": form, "editions": standards.published()}
    return render(request, "coordination/edition_upload.html", context, status=422 if form.errors else 200)


def _uploaded(request: StaffRequest, association: Association, form: EditionUploadForm) -> RuleChange | None:
    try:
        proposed: RuleChange | None = carried_out(
            form,
            lambda: actions.propose_edition(
                association=association, raw=form.cleaned_data["file"].read(), by=request.user
            ),
        )
    except StandardsFault as refused:
        form.refuse(refused.faults)
        return None
    return proposed


@staff_page(*KEEPERS)
def settings(request: StaffRequest, association: Association) -> HttpResponse:
    """The association's settings over the edition in force. Sending proposes them; nothing is in force yet."""
    place = standards.settings_of(association)
    form = SettingsForm(request.POST or None, specs=place.specs, current=place.data)
    if request.method == "POST":
        change = carried_out(
            form, lambda: actions.propose_settings(association=association, data=form.settings(), by=request.user)
        )
        if change:
            return redirect("coordination:rule_change", association.slug, change.uuid)
    context = {"association": association, "nav": "standards", "form": form, "place": place}
    return render(request, "coordination/rule_settings.html", context, status=422 if form.errors else 200)


@staff_page(*KEEPERS)
def change(request: StaffRequest, association: Association, change: uuid.UUID) -> HttpResponse:
    """What differs, whom it concerns, and the button that puts it in force."""
    row = found(queries.one(association, change))
    form = _publish_form(request, row)
    if request.method == "POST" and _published(request, row, form):
        return redirect("coordination:rule_change", association.slug, row.uuid)
    return render(
        request, "coordination/rule_change.html", _change_context(request, association, row, form),
        status=422 if form.errors else 200,
    )  # fmt: skip


def _publish_form(request: StaffRequest, row: RuleChange) -> PublishForm | ConfirmForm:
    """Settings hold at once; an edition has its first day."""
    if row.kind == RuleChangeKind.SETTINGS:
        return ConfirmForm(request.POST if request.method == "POST" else None)
    return PublishForm(request.POST or None, initial={"effective_from": row.effective_from})


def _published(request: StaffRequest, row: RuleChange, form: PublishForm | ConfirmForm) -> bool:
    done = carried_out(
        form,
        lambda: actions.publish(change=row, by=request.user, effective_from=form.cleaned_data.get("effective_from")),
    )
    if done:
        messages.success(request, _("It is in force from its first day on. Everybody whom it concerns gets a note."))
    return bool(done)


def _change_context(
    request: StaffRequest, association: Association, row: RuleChange, form: PublishForm | ConfirmForm
) -> dict[str, object]:
    comparison = queries.Comparison(row)
    filters = LineFilterForm(request.GET)
    lines = queries.lines_of(row, search=filters.value("search"), show=filters.value("show"))
    return {
        "association": association, "nav": "standards", "change": row, "categories": comparison.for_desk(),
        "settings": comparison.settings(), "totals": queries.totals(row), "filters": filters,
        "page": page_of(lines, request), "form": form, "names": standards.category_names(),
        "may_publish": row.kind == RuleChangeKind.SETTINGS or may_publish_edition(request.user),
    }  # fmt: skip


@require_safe
@staff_page(*KEEPERS)
def change_progress(request: StaffRequest, association: Association, change: uuid.UUID) -> HttpResponse:
    """The part of the page that moves while people are counted or told."""
    row = found(queries.one(association, change))
    address = reverse("coordination:rule_change", args=[association.slug, row.uuid])
    response = render_part(
        request, "coordination/rule_change_progress.html", "coordination/_rule_change_progress.html",
        {"association": association, "nav": "standards", "change": row},
    )  # fmt: skip
    if row.job_state == JobState.DONE:
        response["HX-Redirect"] = address
    return response


@require_POST
@staff_page(*KEEPERS)
def change_act(request: StaffRequest, association: Association, change: uuid.UUID, act_name: str) -> HttpResponse:
    row = found(queries.one(association, change))
    acts = {
        "discard": (lambda: actions.discard(change=row, by=request.user), _("The proposal is dropped.")),
        "retry": (lambda: actions.retry(change=row, by=request.user), _("It is tried again.")),
    }
    if act_name not in acts:
        raise Http404
    do, done = acts[act_name]
    return act(request, do, back=reverse("coordination:rule_change", args=[association.slug, row.uuid]), done=done)
