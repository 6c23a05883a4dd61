"""How a rater's browser holds a private link: for an hour, one value for each reference, asked again at each step."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from applications.actions.ratings import still_asked
from applications.forms.rating import RatingForm, field_name
from applications.models import Reference
from applications.queries import references as queries
from applications.rating_rules import not_enough
from endorsement_portal.links.models import PrivateLink
from endorsement_portal.links.queries import by_uuid

SESSION_KEY = "ratings"
OPEN_FOR = datetime.timedelta(minutes=60)
HELD_MAX = 5
"""How many links one browser holds at once; the oldest goes."""


@dataclass(frozen=True, slots=True)
class Opened:
    link: PrivateLink
    reference: Reference


def remember(request: HttpRequest, link: PrivateLink, reference: Reference) -> None:
    """From here on the secret stands in no address."""
    if not request.user.is_authenticated and SESSION_KEY not in request.session:
        request.session.cycle_key()
    held: dict[str, dict[str, str]] = request.session.get(SESSION_KEY, {})
    held.pop(str(reference.uuid), None)
    held[str(reference.uuid)] = {"link": str(link.uuid), "until": (timezone.now() + OPEN_FOR).isoformat()}
    request.session[SESSION_KEY] = dict(list(held.items())[-HELD_MAX:])


def opened(request: HttpRequest, reference_uuid: UUID) -> Opened | None:
    """What this browser may answer: the hour is not over, and the link still lives. Each step starts a new hour."""
    held = request.session.get(SESSION_KEY, {}).get(str(reference_uuid))
    now = timezone.now()
    if held is None or datetime.datetime.fromisoformat(held["until"]) <= now:
        return None
    link = by_uuid(held["link"])
    if link is None or link.revoked_at is not None or link.expires_at <= now or link.object_uuid != reference_uuid:
        return None
    reference = queries.reference_by(reference_uuid)
    if reference is None or not still_asked(reference):
        return None
    remember(request, link, reference)
    return Opened(link, reference)


def through_link(view: Callable[[HttpRequest, Opened], HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets what the link opens; without one, everybody gets the same page."""

    @wraps(view)
    def guarded(request: HttpRequest, uuid: UUID) -> HttpResponse:
        found = opened(request, uuid)
        return ended(request) if found is None else view(request, found)

    return guarded


def ended(request: HttpRequest, status: int = 404) -> HttpResponse:
    """One page for every link that opens nothing: unknown, expired, withdrawn, or an hour that is over."""
    return render(request, "rating/ended.html", status=status)


def draft_form(reference: Reference) -> RatingForm:
    """The form as it was last saved."""
    rating = queries.current_rating(reference)
    groups = queries.item_groups(reference.application, queries.answers_of(rating))
    initial = {
        "recommendation": rating.recommendation if rating else "",
        "comment": rating.comment if rating else "",
        "explanation": rating.explanation if rating else "",
        "typed_name": rating.typed_name if rating else "",
        "save_number": rating.save_number if rating else 0,
    }
    return RatingForm(groups=groups, initial=initial)


def limits_of(reference: Reference, form: RatingForm) -> dict[str, object]:
    """The form with its counters, for the page and for the fragment after a save."""
    values = [form[field_name(item.key)].value() for group in form.groups for item in group.items]
    rule = queries.rule_of(reference.application)
    given = [None if value == "none" else int(value) for value in values if value in ("none", "1", "2", "3", "4")]
    return {
        "form": form.needed_to_send(),
        "rows": form.rows(),
        "items": len(values),
        "answered": len(given),
        "limit": not_enough(given, items=len(values), rule=rule) if rule else None,
        "saved_at": _saved_at(reference),
    }


def _saved_at(reference: Reference) -> datetime.datetime | None:
    rating = queries.current_rating(reference)
    return rating.updated_at if rating and rating.save_number else None
