"""How much one person stores, and how much they may."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q, Sum
from django.template.defaultfilters import filesizeformat

from endorsement_portal.files.models import StoredFile
from endorsement_portal.files.refusals import Refused


@dataclass(frozen=True, slots=True)
class Space:
    """Bytes. What was taken off again is in `kept` only: it stays for what was handed in with it."""

    used: int
    kept: int
    limit: int
    kept_limit: int


def space_of(by: AbstractBaseUser) -> Space:
    """What this person has sent, as stored. One query."""
    sums = StoredFile.objects.filter(uploaded_by_id=by.pk).aggregate(
        kept=Sum("size"), used=Sum("size", filter=Q(set_aside_at__isnull=True))
    )
    return Space(
        used=sums["used"] or 0,
        kept=sums["kept"] or 0,
        limit=settings.UPLOAD_TOTAL_BYTES_MAX,
        kept_limit=settings.UPLOAD_KEPT_BYTES_MAX,
    )


def limit_total(by: AbstractBaseUser | None, size: int) -> None:
    """Raises Refused when `size` bytes more would be too much."""
    if by is None:
        return
    space = space_of(by)
    if space.used + size > space.limit:
        raise Refused("quota", limit=filesizeformat(space.limit))
    if space.kept + size > space.kept_limit:
        raise Refused("kept", limit=filesizeformat(space.kept_limit))
