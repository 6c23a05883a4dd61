"""A rater without an account: a private link, a form that may be left and come back to, one sending.

A GET of the link changes nothing, so mail scanners may open it. The POST exchanges it for an hour in this browser; the
link itself is asked again at every step, so that a withdrawn one stops at once.
"""

from __future__ import annotations

from contextlib import suppress

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.actions import ratings
from applications.actions.references import PURPOSE
from applications.enums import ReferenceState
from applications.forms.rating import DeclineForm, RatingForm
from applications.models import Reference
from applications.queries import references as queries
from applications.views import rating_access
from applications.views.rating_access import Opened, through_link
from endorsement_portal.links.queries import resolve
from endorsement_portal.web import limits
from endorsement_portal.workflow import LostRace, NotAllowed

LOOKUPS_MAX, LOOKUPS_SECONDS = 120, 600
GOES_TO = {"form": "rating:form", "decline": "rating:decline", "answers": "rating:done"}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def landing(request: HttpRequest, token: str) -> HttpResponse:
    client = get_adapter().get_client_ip(request)
    if not limits.allow(f"rating:{client}", limit=LOOKUPS_MAX, seconds=LOOKUPS_SECONDS):
        return rating_access.ended(request, status=429)
    link = resolve(purpose=PURPOSE, token=token)
    reference = queries.reference_by(link.object_uuid) if link else None
    if link is None or reference is None or not ratings.still_asked(reference):
        return rating_access.ended(request)
    goes_to = GOES_TO.get(request.POST.get("go", ""))
    if request.method == "POST" and goes_to is not None:
        rating_access.remember(request, link, reference)
        if goes_to == "rating:form":
            with suppress(NotAllowed):  # answered already: the form's page leads on to the receipt
                ratings.open(reference=reference, link=link)
        return redirect(goes_to, reference.uuid)
    return render(request, "rating/landing.html", {**_context(reference), "link": link})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@through_link
def form(request: HttpRequest, opened: Opened) -> HttpResponse:
    if opened.reference.state not in ratings.ANSWERABLE_STATES:
        return redirect("rating:done", opened.reference.uuid)
    if request.method == "POST":
        return _send(request, opened)
    return _form_page(request, opened, _draft_form(opened))


def _send(request: HttpRequest, opened: Opened) -> HttpResponse:
    posted = _posted_form(request, opened)
    if posted.is_valid():
        try:
            ratings.submit(
                reference=opened.reference,
                link=opened.link,
                answers=posted.answers,
                seen=posted.seen,
                explanation_asked=posted.cleaned_data["explanation_asked"],
            )
        except LostRace as lost:
            return _lost(request, opened, posted, lost)
        except NotAllowed as refused:
            return _incomplete(request, opened, posted, refused)
        return redirect("rating:done", opened.reference.uuid)
    return _form_page(request, opened, posted, status=422)


@login_not_required
@require_POST
@through_link
def save(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Keep what is on the page. With HTMX a fragment answers, without it the page itself."""
    posted = _posted_form(request, opened)
    if not posted.is_valid():
        return _form_page(request, opened, posted, status=422)
    try:
        ratings.save(reference=opened.reference, link=opened.link, answers=posted.answers, seen=posted.seen)
    except LostRace as lost:
        return _lost(request, opened, posted, lost)
    except NotAllowed:
        return redirect("rating:done", opened.reference.uuid)
    if not request.headers.get("HX-Request"):
        return redirect("rating:form", opened.reference.uuid)
    return render(request, "rating/_live.html", {**_form_context(opened, _draft_form(opened)), "oob": True})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@through_link
def decline(request: HttpRequest, opened: Opened) -> HttpResponse:
    posted = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and posted.is_valid():
        with suppress(NotAllowed):  # already answered: the next page says how
            ratings.decline(reference=opened.reference, link=opened.link, **posted.cleaned_data)
        return redirect("rating:done", opened.reference.uuid)
    context = {**_context(opened.reference), "form": posted, "link": opened.link}
    return render(request, "rating/decline.html", context, status=422 if posted.errors else 200)


@login_not_required
@require_safe
@through_link
def done(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The receipt; for 30 days with the rater's own answers."""
    reference = opened.reference
    if reference.state in ratings.ANSWERABLE_STATES:
        return redirect("rating:form", reference.uuid)
    until = queries.own_answers_until(reference)
    shown = until is not None and timezone.now() <= until
    rating = queries.current_rating(reference) if shown else None
    groups = queries.item_groups(reference.application, queries.answers_of(rating)) if rating else ()
    context = {"rating": rating, "answers": RatingForm(groups=groups).rows() if rating else (), "until": until}
    return render(request, "rating/done.html", {**_context(reference), **context, "link": opened.link})


def _draft_form(opened: Opened) -> RatingForm:
    return rating_access.draft_form(opened.reference)


def _posted_form(request: HttpRequest, opened: Opened) -> RatingForm:
    return RatingForm(request.POST, groups=queries.item_groups(opened.reference.application, {}))


def _incomplete(request: HttpRequest, opened: Opened, posted: RatingForm, refused: NotAllowed) -> HttpResponse:
    """What was typed is kept, also when it cannot be sent yet."""
    try:
        kept = ratings.save(reference=opened.reference, link=opened.link, answers=posted.answers, seen=posted.seen)
    except NotAllowed as lost:
        return _lost(request, opened, posted, lost)
    posted.refuse(refused.findings)
    posted.kept_number = kept.save_number
    return _form_page(request, opened, posted, status=422)


def _lost(request: HttpRequest, opened: Opened, posted: RatingForm, lost: NotAllowed) -> HttpResponse:
    """Received meanwhile: the receipt. Saved in another window meanwhile: a choice, nothing overwritten."""
    if lost.findings[0].requirement != "saved_elsewhere":
        return redirect("rating:done", opened.reference.uuid)
    context = {**_form_context(opened, posted), "conflict": lost.findings[0]}
    if request.headers.get("HX-Request"):
        return render(request, "rating/_conflict.html", {**context, "oob": True})
    return render(request, "rating/form.html", context, status=409)


def _form_page(request: HttpRequest, opened: Opened, shown: RatingForm, *, status: int = 200) -> HttpResponse:
    return render(request, "rating/form.html", _form_context(opened, shown), status=status)


def _form_context(opened: Opened, shown: RatingForm) -> dict[str, object]:
    return {**_context(opened.reference), **rating_access.limits_of(opened.reference, shown), "link": opened.link}


def _context(reference: Reference) -> dict[str, object]:
    application = reference.application
    return {
        "reference": reference,
        "applicant": application.person,
        "category": application.category,
        "association": application.association,
        "received": reference.state == ReferenceState.RECEIVED,
        "declined": reference.state == ReferenceState.DECLINED,
        "minutes": 20,
    }
