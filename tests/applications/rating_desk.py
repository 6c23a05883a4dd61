"""A rater who was asked, and ways to answer for them."""

from __future__ import annotations

import datetime
from typing import Any

from applications.actions import references
from applications.actions.ratings import Answers
from applications.models import Application, RatingItem, Reference
from endorsement_portal.links.actions import token_of
from endorsement_portal.links.models import PrivateLink
from endorsement_portal.links.queries import live_link


def asked(
    application: Application, now: datetime.datetime, *, slot: str = "current_supervisor", **values: Any
) -> Reference:
    return references.invite(
        **{
            "application": application,
            "by": application.person.user,
            "rater_name": "Ines Larkmoor",
            "email": "ines@example.org",
            "slot": slot,
            "known_since": datetime.date(2022, 1, 1),
            "waived": True,
            "now": now,
            **values,
        }
    )


def link_of(reference: Reference, now: datetime.datetime) -> PrivateLink:
    link = live_link(purpose="rating", object_uuid=reference.uuid, now=now)
    assert link is not None
    return link


def token_for(reference: Reference, now: datetime.datetime) -> str:
    return token_of(link_of(reference, now))


def codes(application: Application) -> list[str]:
    return list(
        RatingItem.objects.filter(edition=application.edition, category=application.category).values_list(
            "competency_code", flat=True
        )
    )


def full(application: Application, *, value: int | None = 3, **values: Any) -> Answers:
    """A complete rating."""
    return Answers(
        **{
            "items": dict.fromkeys(codes(application), value),
            "recommendation": "yes",
            "comment": "Steady and kind.",
            "typed_name": "Ines Larkmoor",
            **values,
        }
    )


def posted(application: Application, *, value: str = "3", **values: Any) -> dict[str, str]:
    """The same as form data."""
    return {
        **{f"q-{code}": value for code in codes(application)},
        "recommendation": "yes",
        "comment": "Steady and kind.",
        "typed_name": "Ines Larkmoor",
        "save_number": "0",
        **values,
    }
