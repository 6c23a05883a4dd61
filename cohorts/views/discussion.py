"""The discussion of a cohort, for those who may read it. Everybody else gets 404, at every request anew."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cohorts.actions import discussion
from cohorts.forms.discussion import CarefulForm, EditForm, PostForm, ThreadFilterForm, ThreadForm
from cohorts.models import Post, Thread
from cohorts.queries import discussion as queries
from cohorts.queries.discussion import Access
from cohorts.views.refusals import refused
from endorsement_portal.web import drafts
from endorsement_portal.web.models import FormDraft
from endorsement_portal.web.paging import page_of
from endorsement_portal.workflow import NotAllowed
from members.requests import SignedInRequest


@require_safe
def threads(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    access = _access(request, uuid)
    form = ThreadFilterForm(request.GET)
    chosen = form.chosen()
    rows = queries.threads(access.cohort, request.user, search=chosen["q"], show=chosen["show"])
    page = page_of(rows, request)
    context = _context(access, form=form, page=page, filtered=any(chosen.values()))
    return render(request, "cohorts/threads.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def thread_new(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    access = _access(request, uuid)
    key = f"thread:{access.cohort.uuid}"
    draft = drafts.load(request.user, key)
    form = ThreadForm(request.POST or None, initial=_kept(ThreadForm, draft), moderates=access.moderates)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            thread = discussion.start_thread(
                cohort=access.cohort,
                by=request.user,
                title=values["title"],
                body=values["body"],
                is_notice=values.get("is_notice", False),
            )
        except NotAllowed as refusal:
            return refused(request, refusal, back=_list_of(access), back_text=access.cohort.name)
        drafts.discard(request.user, key)
        return redirect("cohorts:thread", thread.uuid)
    context = _context(access, form=form, form_key=key, draft=draft)
    return render(request, "cohorts/thread_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Read a thread; a POST replies to it."""
    row, access = _thread(request, uuid)
    key = f"reply:{row.uuid}"
    draft = drafts.load(request.user, key)
    form = PostForm(request.POST or None, initial=_kept(PostForm, draft))
    if request.method == "POST" and form.is_valid():
        try:
            post = discussion.reply(thread=row, by=request.user, body=form.cleaned_data["body"])
        except NotAllowed as refusal:
            return refused(request, refusal, back=_address(row), back_text=row.title)
        drafts.discard(request.user, key)
        return redirect(f"{_address(row)}?page={queries.page_number_of(post)}#post-{post.uuid}")
    page = page_of(queries.posts(row, access), request)
    rows = queries.post_rows(list(page.object_list), access, request.user, timezone.now())
    context = _context(access, thread=row, page=page, rows=rows, form=form, form_key=key, draft=draft)
    return render(request, "cohorts/thread.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def post_edit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    post, access = _post(request, uuid)
    if post.author_id != request.user.pk:
        raise Http404
    form = EditForm(request.POST or None, initial={"body": post.body})
    if request.method == "POST" and form.is_valid():
        try:
            discussion.edit(post=post, by=request.user, body=form.cleaned_data["body"])
        except NotAllowed as refusal:
            return refused(request, refusal, back=_address(post.thread), back_text=post.thread.title)
        messages.success(request, _("Your post is changed. What it said before is kept."))
        return redirect(f"{_address(post.thread)}?page={queries.page_number_of(post)}#post-{post.uuid}")
    return render(request, "cohorts/post_edit.html", _context(access, thread=post.thread, form=form))


def _context(access: Access, **more: Any) -> dict[str, Any]:
    return {"access": access, "cohort": access.cohort, "nav": "cohort", **more}


def _kept(form_class: type[CarefulForm], draft: FormDraft | None) -> dict[str, Any]:
    """What was typed and not posted. The question about families is asked anew."""
    return {name: value for name, value in drafts.bound_initial(form_class, draft).items() if name != "confirmed"}


def _access(request: SignedInRequest, uuid: UUID) -> Access:
    access = queries.access(request.user, uuid, timezone.now())
    if access is None:
        raise Http404
    return access


def _thread(request: SignedInRequest, uuid: UUID) -> tuple[Thread, Access]:
    thread, access = queries.thread_access(request.user, uuid, timezone.now())
    if thread is None or access is None:
        raise Http404
    return thread, access


def _post(request: SignedInRequest, uuid: UUID) -> tuple[Post, Access]:
    post, access = queries.post_access(request.user, uuid, timezone.now())
    if post is None or access is None:
        raise Http404
    return post, access


def _list_of(access: Access) -> str:
    return reverse("cohorts:threads", args=[access.cohort.uuid])


def _address(thread: Thread) -> str:
    return reverse("cohorts:thread", args=[thread.uuid])
