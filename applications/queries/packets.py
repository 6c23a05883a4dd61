"""Packets as their pages and their builder read them."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from applications.enums import PacketKind, PacketState
from applications.models import Application, Packet, Rating, Submission
from applications.packet.pages import RatingPage
from applications.queries.references import answers_of
from applications.rating_rules import contradicts
from applications.rating_texts import NOT_ENOUGH, SCALE, statement
from competencies.models import Area
from members.models import User


def own_packet(user: User, application_uuid: UUID, packet_uuid: UUID) -> Packet | None:
    """The applicant's own packet, and never the reviewers'."""
    return (
        Packet.objects.filter(
            uuid=packet_uuid,
            kind=PacketKind.APPLICANT,
            submission__application__in=Application.objects.visible_to(user).filter(uuid=application_uuid),
        )
        .select_related("submission__application__association__settings", "file")
        .first()
    )


def waiting(now: datetime.datetime) -> QuerySet[Packet]:
    """Packets to build: pending ones whose pause is over, and those whose builder vanished."""
    over = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    return Packet.objects.filter(over, state__in=[PacketState.PENDING, PacketState.BUILDING])


def latest_submission(application: Application) -> Submission | None:
    return application.submissions.order_by("-number").first()


def rating_pages(submission: Submission, *, until: datetime.datetime | None = None) -> tuple[RatingPage, ...]:
    """The ratings as they stood when this was submitted (or at another instant): never for the applicant."""
    last = until or submission.submitted_at
    ratings = (
        Rating.objects.filter(reference__application=submission.application, submitted_at__lte=last)
        .select_related("reference__rater")
        .order_by("reference__created_at", "reference__pk", "version")
    )
    newest = {rating.reference_id: rating for rating in ratings}
    areas = dict(Area.objects.values_list("code", "name"))
    return tuple(_rating_page(rating, areas) for rating in newest.values())


def _rating_page(rating: Rating, areas: dict[str, str]) -> RatingPage:
    answers = answers_of(rating)
    words = {value: str(label) for value, label in SCALE}
    rows = rating.answers.select_related("item").order_by("item__position")
    return RatingPage(
        rater=rating.reference.rater.name,
        slot=str(rating.reference.get_slot_display()),
        received_on=rating.submitted_at.date() if rating.submitted_at else None,
        valid_until=rating.valid_until,
        waived=rating.reference.waived,
        vetted=rating.reference.vetted_at is not None,
        recommendation=str(rating.get_recommendation_display()),
        answers=tuple(
            (
                areas.get(row.item.area_code, row.item.area_code),
                statement(row.item.competency_code, row.item.text),
                words[row.value] if row.value is not None else str(NOT_ENOUGH),
            )
            for row in rows
        ),
        comment=rating.comment,
        explanation=rating.explanation,
        contradiction=contradicts(rating.recommendation, answers.values()),
    )
