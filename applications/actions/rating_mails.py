"""The mails around ratings. None holds anything a rater wrote, nor why somebody declined."""

from __future__ import annotations

from typing import Any

from django.utils.translation import override

from applications.models import Rating, Reference
from endorsement_portal.links.actions import placeholder
from endorsement_portal.links.models import PrivateLink
from endorsement_portal.outbox.actions import post
from endorsement_portal.web.addresses import absolute
from members.queries import recipient

MINUTES = 20
"""What we say a rating takes."""


def _context(reference: Reference, language: str) -> dict[str, Any]:
    """The words that all these mails share, in the reader's language."""
    application = reference.application
    with override(language):
        return {
            "rater": reference.rater.name,
            "applicant": application.person.name,
            "category": str(application.category_name),
            "license": str(application.category.license.code),
            "association": str(application.association.name),
            "due": reference.due_on,
            "slot": str(reference.get_slot_display()),
            "waived": reference.waived,
            "minutes": MINUTES,
        }


def post_invitation(reference: Reference, link: PrivateLink) -> None:
    rater = recipient(reference.rater)
    post(
        key=f"rate-inv:{reference.uuid}:{reference.asked_count}",
        kind="rating_invitation",
        template="rating_invitation",
        to=rater,
        context={
            **_context(reference, rater.language),
            "again": reference.asked_count > 1,
            "link": placeholder(link, "rating:landing"),
        },
        scope=reference.application.association.code,
    )


def post_withdrawn(reference: Reference) -> None:
    rater = recipient(reference.rater)
    post(
        key=f"rate-revoke:{reference.uuid}",
        kind="rating_withdrawn",
        template="rating_withdrawn",
        to=rater,
        context=_context(reference, rater.language),
        scope=reference.application.association.code,
    )


def post_state(reference: Reference) -> None:
    """To the applicant: that it arrived, was declined or bounced. Only that."""
    applicant = recipient(reference.application.person)
    post(
        key=f"rate-state:{reference.uuid}:{reference.state}",
        kind="rating_state",
        template="rating_state",
        to=applicant,
        context={
            **_context(reference, applicant.language),
            "state": str(reference.state),
            "address": absolute("applications:references", reference.application.uuid),
        },
        scope=reference.application.association.code,
        required=False,
    )


def post_thanks(rating: Rating, link: PrivateLink | None) -> None:
    reference = rating.reference
    rater = recipient(reference.rater)
    post(
        key=f"rate-done:{reference.uuid}:{rating.version}",
        kind="rating_thanks",
        template="rating_thanks",
        to=rater,
        context={
            **_context(reference, rater.language),
            "link": placeholder(link, "rating:landing") if link else None,
        },
        scope=reference.application.association.code,
    )
