"""Issuing, renewing, using and revoking private links."""

import uuid
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from endorsement_portal.links import tokens
from endorsement_portal.links.models import PrivateLink
from endorsement_portal.web.addresses import absolute
from endorsement_portal.workflow import NotAllowed

ISSUE_ATTEMPTS = 5


def issue(*, purpose: str, object_uuid: UUID, valid_for: timedelta, now: datetime | None = None) -> PrivateLink:
    """A new link. Every older one of the same purpose and object stops opening: a new link always voids the old."""
    now = now or timezone.now()
    for _attempt in range(ISSUE_ATTEMPTS - 1):
        try:
            return _replace(purpose=purpose, object_uuid=object_uuid, expires_at=now + valid_for, now=now)
        except IntegrityError:  # somebody issued at the same instant: the last one stands
            continue
    return _replace(purpose=purpose, object_uuid=object_uuid, expires_at=now + valid_for, now=now)


def _replace(*, purpose: str, object_uuid: UUID, expires_at: datetime, now: datetime) -> PrivateLink:
    with transaction.atomic():
        revoke(purpose=purpose, object_uuid=object_uuid, now=now)
        return _create(purpose=purpose, object_uuid=object_uuid, expires_at=expires_at)


def _create(*, purpose: str, object_uuid: UUID, expires_at: datetime) -> PrivateLink:
    link_uuid = uuid.uuid4()
    token = tokens.derive(settings.SECRET_KEY, purpose=purpose, uuid=link_uuid)
    return PrivateLink.objects.create(
        uuid=link_uuid,
        purpose=purpose,
        object_uuid=object_uuid,
        token_hash=tokens.hashed(token),
        expires_at=expires_at,
    )


def renew(link: PrivateLink, *, valid_for: timedelta, now: datetime | None = None) -> PrivateLink:
    """Let the same address open for longer, counted from now, also when it had expired. A revoked link stays shut."""
    expires_at = (now or timezone.now()) + valid_for
    if not PrivateLink.objects.unrevoked().filter(pk=link.pk).update(expires_at=expires_at):
        raise NotAllowed.because(
            "link_revoked", _("This link was withdrawn. It cannot open again."), fix=_("Send a new link.")
        )
    link.expires_at = expires_at
    return link


def revoke(*, purpose: str, object_uuid: UUID, now: datetime | None = None) -> int:
    """Shut every link of this purpose to this object; how many were open (expired ones count)."""
    links = PrivateLink.objects.unrevoked().opening(purpose=purpose, object_uuid=object_uuid)
    return links.update(revoked_at=now or timezone.now())


def mark_used(link: PrivateLink, *, now: datetime | None = None) -> PrivateLink:
    """Count one act done through the link. It keeps opening; callers decide what a second act may do."""
    PrivateLink.objects.filter(pk=link.pk).update(used_at=now or timezone.now(), use_count=F("use_count") + 1)
    link.refresh_from_db(fields=["used_at", "use_count"])
    return link


def token_of(link: PrivateLink) -> str:
    """The secret, derived again. Also for links issued under an older site secret that is kept as a fallback.

    Raises LookupError when that secret is gone: issue a new link then.
    """
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = tokens.derive(secret, purpose=link.purpose, uuid=link.uuid)
        if constant_time_compare(tokens.hashed(token), link.token_hash):
            return token
    raise LookupError(f"The secret that made link {link.uuid} is no longer among ours")


def address_of(link: PrivateLink, url_name: str) -> str:
    return absolute(url_name, token_of(link))


def placeholder(link: PrivateLink, url_name: str) -> dict[str, str]:
    """Stands for the address in the context of a message; the outbox puts the address in when it sends."""
    return {"private_link": str(link.uuid), "url_name": url_name}
