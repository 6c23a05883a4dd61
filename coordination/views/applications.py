"""Applications: the queue, one application with everything a coordinator may see, and the acts on it."""

import uuid

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications.actions import messages as message_actions
from applications.actions import ratings as rating_actions
from applications.queries.dossier import Dossier, application_dossier
from applications.queries.packets import latest_submission, rating_pages
from applications.rules import is_coordinator
from coordination.access import StaffRequest, staff_page
from coordination.forms.filters import ApplicationFilterForm
from coordination.queries import applications, dossier
from coordination.views.acting import answer_to, carried_out, found
from coordination.views.application_acts import ACTS, forms_for
from endorsement_portal.files import downloads
from endorsement_portal.web.paging import page_of
from members.models import Association


@staff_page()
def application_list(request: StaffRequest, association: Association) -> HttpResponse:
    form = ApplicationFilterForm(request.GET, association=association)
    context = {
        "association": association,
        "nav": "applications",
        "form": form,
        "page": page_of(applications.queue(association, form.wanted(), request.user), request),
        "base": reverse("coordination:applications", args=[association.slug]),
    }
    return render(request, "coordination/applications.html", context)


@staff_page()
def application_page(request: StaffRequest, association: Association, application: uuid.UUID) -> HttpResponse:
    row = found(applications.one(association, application, request.user))
    read = application_dossier(row, timezone.now())
    if any(not message.from_staff and message.read_at is None for message in read.messages):
        message_actions.mark_read(application=row, by=request.user)
    return _page(request, association, read, forms_for(association, read))


@require_POST
@staff_page()
def application_act(
    request: StaffRequest, association: Association, application: uuid.UUID, act_name: str
) -> HttpResponse:
    """One act. What stands in its way is said on the same page, with everything typed kept."""
    row = found(applications.one(association, application, request.user))
    act = found(ACTS.get(act_name))
    read = application_dossier(row, timezone.now())
    form = act.form(association, read, request.POST)
    if carried_out(form, lambda: act.do(row, request.user, form.cleaned_data)):
        messages.success(request, str(act.done))
        return redirect(reverse("coordination:application", args=[association.slug, row.uuid]) + act.anchor)
    row.refresh_from_db()
    return _page(request, association, read, forms_for(association, read) | {act_name: form}, failed=form)


@staff_page()
def ratings(request: StaffRequest, association: Association, application: uuid.UUID) -> HttpResponse:
    """The ratings of a submitted application. Opening this page is recorded for each of them."""
    row = found(applications.one(association, application, request.user))
    submission = latest_submission(row)
    if submission is None or not is_coordinator(request.user, row):
        raise Http404
    for reference in dossier.rated_references(row):
        rating_actions.read(reference=reference, by=request.user)
    shown = rating_pages(submission, until=timezone.now())
    context = {"association": association, "nav": "applications", "application": row, "ratings": shown}
    return render(request, "coordination/application_ratings.html", context)


@staff_page()
def evidence(
    request: StaffRequest, association: Association, application: uuid.UUID, file: uuid.UUID
) -> HttpResponseBase:
    row = found(applications.one(association, application, request.user))
    return downloads.respond(found(dossier.evidence_file(row, file)))


@staff_page()
def packet(
    request: StaffRequest, association: Association, application: uuid.UUID, packet: uuid.UUID
) -> HttpResponseBase:
    """A packet of one submission. The reviewers' holds the ratings, so taking it is recorded for each of them."""
    row = found(applications.one(association, application, request.user))
    made = found(dossier.ready_packet(row, packet))
    for reference in dossier.ratings_in(made):
        rating_actions.read(reference=reference, by=request.user, until=made.submission.submitted_at)
    return downloads.respond(found(made.file))


def _page(
    request: StaffRequest,
    association: Association,
    read: Dossier,
    acts: dict[str, forms.Form],
    *,
    failed: forms.Form | None = None,
) -> HttpResponse:
    context = {
        "association": association, "nav": "applications", "application": read.application, "dossier": read,
        "in_the_way": dossier.in_the_way(read), "worth_a_look": dossier.worth_a_look(read),
        "submitted": dossier.submitted_contents(read), "reviews": dossier.reviews_of(read),
        "forms": acts, "form": failed,
        "possible": [name for name, act in ACTS.items() if act.possible(read)],
    }  # fmt: skip
    return render(request, "coordination/application.html", context, status=answer_to(failed))
