"""Opening a private link."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.crypto import constant_time_compare

from endorsement_portal.links.models import PrivateLink
from endorsement_portal.links.tokens import hashed


def resolve(*, purpose: str, token: str, now: datetime | None = None) -> PrivateLink | None:
    """The live link this token opens for this purpose; None when unknown, expired, revoked or of another purpose.

    All failures take the same single query, so that the answer's time says nothing about the reason.
    """
    token_hash = hashed(token)
    link = PrivateLink.objects.live(now or timezone.now()).filter(purpose=purpose, token_hash=token_hash).first()
    return link if link is not None and constant_time_compare(link.token_hash, token_hash) else None


def live_link(*, purpose: str, object_uuid: UUID, now: datetime | None = None) -> PrivateLink | None:
    """The link that opens this object today, for sending it again."""
    return PrivateLink.objects.live(now or timezone.now()).opening(purpose=purpose, object_uuid=object_uuid).first()


def by_uuid(uuid: UUID | str) -> PrivateLink | None:
    return PrivateLink.objects.filter(uuid=uuid).first()
