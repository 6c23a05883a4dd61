"""What the pages' shells ask about roles: at most one query, and only on pages that show it."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest

from members import queries
from members.enums import Role

DESK_ROLES = frozenset({Role.COORDINATOR, Role.STANDARDS_EDITOR})


def roles(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"is_reviewer": False, "is_coordinator": False}

    @cache
    def held() -> frozenset[str]:
        return queries.roles_of(user)

    return {
        "is_reviewer": lambda: Role.REVIEWER in held(),
        "is_coordinator": lambda: bool(DESK_ROLES & held()) or user.is_superuser,
    }
