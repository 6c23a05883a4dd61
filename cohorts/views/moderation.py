"""Reporting a post, and what coordinators do about it: hide, show again, pin, close."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.actions import moderation
from cohorts.forms.discussion import ModerationForm, ReportForm, SwitchForm
from cohorts.models import Post, Thread
from cohorts.queries import discussion as queries
from cohorts.queries.discussion import Access
from cohorts.views.refusals import refused
from endorsement_portal.workflow import NotAllowed
from members.requests import SignedInRequest

ACTS = {"hide": moderation.hide, "restore": moderation.restore, "keep": moderation.keep}


@require_http_methods(["GET", "HEAD", "POST"])
def post_report(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    post, access = _post(request, uuid)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            moderation.report(post=post, by=request.user, reason=form.cleaned_data["reason"])
        except NotAllowed as refusal:
            return refused(request, refusal, back=_address(post.thread), back_text=post.thread.title)
        messages.success(request, _("Thank you. The coordinators will look at this post."))
        return redirect("cohorts:thread", post.thread.uuid)
    context = _context(post, access, request) | {"form": form}
    return render(request, "cohorts/post_report.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def post_hide(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Everything about one post on one page: its reports, and what happens to it."""
    post, access = _post(request, uuid)
    if not access.moderates:
        raise Http404
    reports = queries.reports_of(post)
    waiting = any(report.state == "open" for report in reports)
    form = ModerationForm(request.POST or None, hidden=post.hidden_at is not None, reported=waiting)
    if request.method == "POST" and form.is_valid():
        try:
            ACTS[form.cleaned_data["act"]](post=post, by=request.user, reason=form.cleaned_data["reason"])
        except NotAllowed as refusal:
            return refused(request, refusal, back=_address(post.thread), back_text=post.thread.title)
        messages.success(request, _("Done. Those concerned are told."))
        return redirect(f"{_address(post.thread)}?page={queries.page_number_of(post)}#post-{post.uuid}")
    context = _context(post, access, request) | {"form": form, "reports": reports}
    return render(request, "cohorts/post_hide.html", context)


@require_POST
def thread_pin(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    thread = _moderated(request, uuid)
    form = SwitchForm(request.POST)
    if form.is_valid():
        moderation.pin(thread=thread, by=request.user, pinned=form.cleaned_data["on"])
    return redirect("cohorts:thread", thread.uuid)


@require_POST
def thread_lock(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    thread = _moderated(request, uuid)
    form = SwitchForm(request.POST)
    if form.is_valid():
        moderation.lock(thread=thread, by=request.user, locked=form.cleaned_data["on"])
    return redirect("cohorts:thread", thread.uuid)


def _post(request: SignedInRequest, uuid: UUID) -> tuple[Post, Access]:
    post, access = queries.post_access(request.user, uuid, timezone.now())
    if post is None or access is None:
        raise Http404
    return post, access


def _moderated(request: SignedInRequest, uuid: UUID) -> Thread:
    thread, access = queries.thread_access(request.user, uuid, timezone.now())
    if thread is None or access is None or not access.moderates:
        raise Http404
    return thread


def _context(post: Post, access: Access, request: SignedInRequest) -> dict[str, object]:
    row = queries.post_rows([post], access, request.user, timezone.now())[0]
    return {"access": access, "cohort": access.cohort, "thread": post.thread, "row": row, "nav": "cohort"}


def _address(thread: Thread) -> str:
    return reverse("cohorts:thread", args=[thread.uuid])
