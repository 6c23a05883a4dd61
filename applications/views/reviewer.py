"""Reviewers: their queue, the requirement beside its evidence, marks, and the recommendation."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications.actions import ratings, reviews
from applications.forms.review import DeclineReviewForm, MarkForm, ReviewQueueForm, SendReviewForm
from applications.models import ReviewAssignment
from applications.queries import reviewer_pages
from applications.queries.packets import rating_pages
from applications.queries.reviewer_pages import Sheet
from applications.queries.reviews import submission_of
from endorsement_portal.files import downloads
from endorsement_portal.web.paging import page_of
from endorsement_portal.workflow import NotAllowed
from members.models import User


class SignedInRequest(HttpRequest):
    user: User


def _mine(request: SignedInRequest, assignment: UUID) -> ReviewAssignment:
    row = reviewer_pages.mine(request.user, assignment)
    if row is None:
        raise Http404
    return row


def queue(request: SignedInRequest) -> HttpResponse:
    form = ReviewQueueForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    rows = reviewer_pages.queue(request.user, state=asked.get("state", ""), search=asked.get("search", ""))
    return render(request, "reviews/queue.html", {"form": form, "page": page_of(rows, request)})


def sheet(request: SignedInRequest, assignment: UUID) -> HttpResponse:
    found = reviewer_pages.sheet(_mine(request, assignment))
    return _sheet(request, found, request.GET.get("requirement", ""))


def _sheet(
    request: SignedInRequest,
    found: Sheet,
    key: str,
    *,
    mark_form: MarkForm | None = None,
    decline_form: DeclineReviewForm | None = None,
) -> HttpResponse:
    """The sheet at one requirement; a form that was refused keeps what was typed."""
    criterion = found.chosen(key)
    context = {
        "sheet": found, "assignment": found.assignment, "criterion": criterion,
        "position": found.criteria.index(criterion) + 1,
        "before": found.neighbor(criterion, -1), "after": found.neighbor(criterion, 1),
        "has_packet": reviewer_pages.reviewers_packet(found.assignment) is not None,
        "mark_form": mark_form or MarkForm(initial=criterion.as_typed()),
        "decline_form": decline_form or DeclineReviewForm(),
        "form": mark_form or decline_form,
    }  # fmt: skip
    return render(request, "reviews/sheet.html", context, status=_answer_to(mark_form or decline_form))


def _answer_to(form: forms.Form | None) -> int:
    """422 when what was typed was refused."""
    return 422 if form is not None and form.errors else 200


def _carried_out(form: forms.Form, do: Callable[[], object]) -> bool:
    """False: the form says what stands in the way."""
    if not form.is_valid():
        return False
    try:
        do()
    except NotAllowed as refusal:
        for finding in refusal.findings:
            form.add_error(None, f"{finding.message} {finding.fix}".strip())
        return False
    return True


@require_POST
def mark(request: SignedInRequest, assignment: UUID) -> HttpResponse:
    row = _mine(request, assignment)
    form = MarkForm(request.POST)
    done = _carried_out(form, lambda: reviews.mark(assignment=row, by=request.user, **form.values()))
    found, key = reviewer_pages.sheet(row), request.POST.get("requirement", "")
    if not done:
        return _sheet(request, found, key, mark_form=form)
    onward = found.neighbor(found.chosen(key), 1) or key
    return redirect(f"{reverse('reviews:assignment', args=[row.uuid])}?requirement={onward}")


def send(request: SignedInRequest, assignment: UUID) -> HttpResponse:
    """Check-your-marks page; its POST sends the review."""
    found = reviewer_pages.sheet(_mine(request, assignment))
    form = SendReviewForm(request.POST or None, recommendations=found.recommendations)
    if request.method == "POST" and _carried_out(
        form, lambda: reviews.submit(assignment=found.assignment, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("Your review is sent. Thank you."))
        return redirect("reviews:queue")
    context = {"sheet": found, "assignment": found.assignment, "form": form}
    return render(request, "reviews/send.html", context, status=_answer_to(form))


@require_POST
def decline(request: SignedInRequest, assignment: UUID) -> HttpResponse:
    row = _mine(request, assignment)
    form = DeclineReviewForm(request.POST)
    if not _carried_out(form, lambda: reviews.decline(assignment=row, by=request.user, **form.cleaned_data)):
        return _sheet(request, reviewer_pages.sheet(row), "", decline_form=form)
    messages.success(request, _("The coordinator will ask somebody else."))
    return redirect("reviews:queue")


def confidential_ratings(request: SignedInRequest, assignment: UUID) -> HttpResponse:
    """The ratings received. Opening this page is recorded for each of them."""
    row = _mine(request, assignment)
    submission = submission_of(row)
    for reference in reviewer_pages.rated_references(submission):
        ratings.read(reference=reference, by=request.user, until=submission.submitted_at)
    context = {"assignment": row, "ratings": rating_pages(submission)}
    return render(request, "reviews/ratings.html", context)


def evidence(request: SignedInRequest, assignment: UUID, file: UUID) -> HttpResponseBase:
    stored = reviewer_pages.evidence_file(_mine(request, assignment), file)
    if stored is None:
        raise Http404
    return downloads.respond(stored)


def packet(request: SignedInRequest, assignment: UUID) -> HttpResponseBase:
    """The reviewers' packet. It holds the ratings, so taking it is recorded for each of them."""
    made = reviewer_pages.reviewers_packet(_mine(request, assignment))
    if made is None or made.file is None:
        raise Http404
    for reference in reviewer_pages.rated_references(made.submission):
        ratings.read(reference=reference, by=request.user, until=made.submission.submitted_at)
    return downloads.respond(made.file)
