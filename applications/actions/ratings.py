"""The rating itself: opened, saved, sent once, or declined. All of it through the rater's private link."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import rating_rules
from applications.actions.rating_items import ensure_items
from applications.actions.rating_mails import post_state, post_thanks
from applications.enums import DeclineReason, Recommendation, ReferenceState, Status
from applications.models import Rating, RatingAnswer, Reference
from applications.queries.references import answers_of, current_rating, items_of, rule_of
from applications.rating_rules import ANSWERABLE_STATES, Draft
from endorsement_portal.audit.actions import record
from endorsement_portal.links.actions import mark_used
from endorsement_portal.links.models import PrivateLink
from endorsement_portal.web.dates import zoned
from endorsement_portal.workflow import LostRace, NotAllowed
from members.models import User

TAKES_RATINGS = frozenset(
    {
        Status.DRAFT,
        Status.SUBMITTED,
        Status.CHANGES_REQUESTED,
        Status.UNDER_REVIEW,
        Status.REVIEWED,
        Status.APPROVED_FOR_EXAM,
        Status.DEFERRED,
    }
)
"""While an application is open. The due date asks; only the end of the application closes."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a rater's page holds. `items`: competency code -> 1 to 4, or None; codes left out are not answered yet."""

    items: Mapping[str, int | None]
    recommendation: str = ""
    comment: str = ""
    explanation: str = ""
    typed_name: str = ""


def _audit(verb: str, reference: Reference, by: User | PrivateLink | None, **data: object) -> None:
    record(
        verb=f"rating.{verb}",
        obj=reference,
        by=by,
        chain=reference.application.association.code,
        data={"application": str(reference.application.uuid), **data},
    )


def still_asked(reference: Reference) -> bool:
    """False when the application has ended and nothing was answered: the link leads nowhere any more."""
    return reference.state not in ANSWERABLE_STATES or reference.application.status in TAKES_RATINGS


def _demand_waiting(reference: Reference) -> None:
    """Reads the row again: a page may be hours old."""
    reference.refresh_from_db(fields=["state", "ended_at", "opened_at", "started_at"])
    if reference.state == ReferenceState.RECEIVED:
        raise LostRace.because("received", _("We have already received this rating. Thank you."))
    if reference.state not in ANSWERABLE_STATES:
        raise NotAllowed.because("not_asked", _("This rating is no longer asked for."))
    if reference.application.status not in TAKES_RATINGS:
        raise NotAllowed.because("application_closed", _("This application is closed. A rating is no longer needed."))


@transaction.atomic
def open(  # noqa: A001 - the rater's own word for it
    *, reference: Reference, link: PrivateLink, now: datetime.datetime | None = None
) -> Reference:
    """The rater pressed the button on the landing page. Reading the page did nothing."""
    now = now or timezone.now()
    _demand_waiting(reference)
    changed = Reference.objects.filter(
        pk=reference.pk, state__in=[ReferenceState.ASKED, ReferenceState.BOUNCED]
    ).update(state=ReferenceState.OPENED, opened_at=now, updated_at=now)
    if changed:
        reference.refresh_from_db()
        ensure_items(edition=reference.application.edition, category=reference.application.category)
        _audit("opened", reference, link)
    return reference


def _draft(reference: Reference) -> Rating:
    """The rating that is being written: locked, and made when there is none."""
    rating = reference.ratings.select_for_update().order_by("-version").first()
    if rating is None:
        rating, _made = Rating.objects.get_or_create(reference=reference, version=1)
    if rating.submitted_at is not None:
        raise LostRace.because("received", _("We have already received this rating. Thank you."))
    return rating


def _saved_elsewhere() -> NoReturn:
    raise LostRace.because(
        "saved_elsewhere",
        _("This rating was saved from another window meanwhile."),
        fix=_("Look at what was saved there, or keep what is on this screen."),
    )


def _write(rating: Rating, answers: Answers, seen: int | None) -> Rating:
    """Keep the answers. `seen` is the save number that the page was made from; None: what is typed wins."""
    allowed = {item.competency_code: item for item in items_of(rating.reference.application)}
    rows = Rating.objects.filter(pk=rating.pk, submitted_at__isnull=True)
    if seen is not None:
        rows = rows.filter(save_number=seen)
    changed = rows.update(
        save_number=rating.save_number + 1,
        recommendation=answers.recommendation if answers.recommendation in Recommendation.values else "",
        comment=answers.comment,
        explanation=answers.explanation,
        typed_name=answers.typed_name,
        updated_at=timezone.now(),
    )
    if not changed:
        _saved_elsewhere()
    RatingAnswer.objects.filter(rating=rating).exclude(item__competency_code__in=answers.items).delete()
    RatingAnswer.objects.bulk_create(
        [
            RatingAnswer(rating=rating, item=allowed[code], value=value)
            for code, value in answers.items.items()
            if code in allowed and value in (None, 1, 2, 3, 4)
        ],
        update_conflicts=True,
        unique_fields=["rating", "item"],
        update_fields=["value"],
    )
    rating.refresh_from_db()
    return rating


@transaction.atomic
def save(
    *,
    reference: Reference,
    link: PrivateLink,
    answers: Answers,
    seen: int | None,
    now: datetime.datetime | None = None,
) -> Rating:
    """Keep a draft, however incomplete. A page older than the last save is refused, nothing is overwritten."""
    now = now or timezone.now()
    _demand_waiting(reference)
    rating = _write(_draft(reference), answers, seen)
    started = Reference.objects.filter(pk=reference.pk).exclude(state=ReferenceState.STARTED)
    if started.update(state=ReferenceState.STARTED, started_at=now, updated_at=now):
        reference.refresh_from_db()
        _audit("started", reference, link)
    return rating


@transaction.atomic
def submit(
    *,
    reference: Reference,
    link: PrivateLink,
    answers: Answers,
    seen: int | None,
    explanation_asked: bool,
    now: datetime.datetime | None = None,
) -> Rating:
    """Send the rating, once. What is typed is kept by the caller when this refuses (see save)."""
    now = now or timezone.now()
    _demand_waiting(reference)
    rule = rule_of(reference.application)
    if rule is None:
        raise NotAllowed.because("no_references", _("This category asks for no ratings."))
    draft = _draft(reference)
    if seen is not None and seen != draft.save_number:
        _saved_elsewhere()
    codes = tuple(items_of(reference.application).values_list("competency_code", flat=True))
    missing = rating_rules.sending_findings(
        Draft(
            items=codes,
            answers={code: value for code, value in answers.items.items() if code in codes},
            recommendation=answers.recommendation,
            typed_name=answers.typed_name,
            explanation=answers.explanation,
            explanation_asked=explanation_asked,
        ),
        rule,
    )
    if missing:
        raise NotAllowed(missing)
    rating = _write(draft, answers, seen)
    today = zoned(now, reference.application.association.settings.time_zone).date()
    rating.submitted_at, rating.valid_until = now, rating_rules.valid_until(today, rule)
    rating.save(update_fields=["submitted_at", "valid_until", "updated_at"])
    _end(reference, ReferenceState.RECEIVED, now)
    mark_used(link, now=now)
    post_state(reference)
    post_thanks(rating, link)
    _audit("received", reference, link, version=rating.version, valid_until=rating.valid_until.isoformat())
    return rating


def _end(reference: Reference, state: ReferenceState, now: datetime.datetime, **fields: str) -> None:
    """One of two racers gets here: the other finds the state changed."""
    changed = Reference.objects.filter(pk=reference.pk, state__in=ANSWERABLE_STATES).update(
        state=state, ended_at=now, updated_at=now, **fields
    )
    if not changed:
        raise LostRace.because("received", _("This rating has already been answered."))
    reference.refresh_from_db()


@transaction.atomic
def decline(
    *,
    reference: Reference,
    link: PrivateLink,
    reason: str,
    note: str = "",
    now: datetime.datetime | None = None,
) -> Reference:
    """The rater says no. The applicant learns that much; the reason is for coordinators."""
    now = now or timezone.now()
    _demand_waiting(reference)
    _end(reference, ReferenceState.DECLINED, now, decline_reason=DeclineReason(reason), decline_note=note)
    mark_used(link, now=now)
    post_state(reference)
    _audit("declined", reference, link, reason=str(reason))
    return reference


@transaction.atomic
def reopen(*, reference: Reference, by: User, now: datetime.datetime | None = None) -> Rating:
    """A coordinator lets the rater correct what they sent: a new version that starts from the old answers."""
    now = now or timezone.now()
    sent = current_rating(reference)
    if reference.state != ReferenceState.RECEIVED or sent is None:
        raise NotAllowed.because("not_received", _("There is no rating to correct."))
    if reference.application.status not in TAKES_RATINGS:
        raise NotAllowed.because("application_closed", _("This application is closed."))
    rating = Rating.objects.create(
        reference=reference,
        version=sent.version + 1,
        recommendation=sent.recommendation,
        comment=sent.comment,
        explanation=sent.explanation,
    )
    RatingAnswer.objects.bulk_create(
        RatingAnswer(rating=rating, item_id=item, value=value)
        for item, value in sent.answers.values_list("item", "value")
    )
    Reference.objects.filter(pk=reference.pk).update(state=ReferenceState.STARTED, ended_at=None, updated_at=now)
    reference.refresh_from_db()
    _audit("reopened", reference, by, version=rating.version)
    return rating


@dataclass(frozen=True, slots=True)
class ReadRating:
    """A rating as reviewers and coordinators read it."""

    reference: Reference
    rating: Rating
    answers: Mapping[str, int | None]


@transaction.atomic
def read(*, reference: Reference, by: User, until: datetime.datetime | None = None) -> ReadRating:
    """Open a received rating for staff who may: the reading itself goes on record. Ask the rules first.

    `until`: as it stood at that instant, for instance in a packet; None: as it stands now.
    """
    received = reference.ratings.filter(submitted_at__isnull=False)
    if until is not None:
        received = received.filter(submitted_at__lte=until)
    rating = received.order_by("-version").first()
    if rating is None:
        raise NotAllowed.because("not_received", _("This rating has not been received."))
    _audit("read", reference, by, version=rating.version)
    return ReadRating(reference=reference, rating=rating, answers=answers_of(rating))
