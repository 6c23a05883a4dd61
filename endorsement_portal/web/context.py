"""What every page knows: constant, small, and asked of the database only when a template shows it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from endorsement_portal.outbox.models import InAppMessage
from endorsement_portal.prepared import PreparedTuples

THEMES = ("light", "dark", "auto")


def page(request: HttpRequest) -> dict[str, object]:
    theme = request.COOKIES.get("theme", "auto")
    user = getattr(request, "user", None)
    return {
        "theme": theme if theme in THEMES else "auto",
        "demo": settings.DEMO,
        "request_id": getattr(request, "request_id", ""),
        "unread_messages": _unread_of(user) if user is not None and user.is_authenticated else 0,
    }


def _unread_of(user: Any) -> Callable[[], int]:
    """Called by the template that shows it: one query, and none on pages that do not."""

    @cache
    def count() -> int:
        return next((number for (number,) in _unread(user.pk)), 0)

    return count


@PreparedTuples
def _unread(user: int) -> QuerySet[InAppMessage, tuple[Any, ...]]:
    """One row; none for those who have read all."""
    unread = InAppMessage.objects.filter(user=user, read_at__isnull=True).order_by()
    return unread.values("user").annotate(number=Count("pk")).values_list("number")
