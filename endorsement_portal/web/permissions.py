"""Permissions by name: each app registers its predicates, everybody asks `can`. What nobody registered is an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Predicate = Callable[[Any, Any], bool]

_predicates: dict[str, Predicate] = {}


class UnknownPermission(LookupError):
    """No app registered this name: a fault of ours, not of the person's."""


def register(name: str, predicate: Predicate) -> None:
    """`predicate(user, obj)` answers for `name` from now on. A name belongs to one predicate only."""
    known = _predicates.setdefault(str(name), predicate)
    if known is not predicate:
        raise ValueError(f"{name} is registered already")


def can(user: Any, name: str, obj: Any = None) -> bool:
    """Whether `user` may do `name` to `obj`, asked of the rows as they are now. Nobody inactive may do anything."""
    predicate = _predicates.get(str(name))
    if predicate is None:
        raise UnknownPermission(name)
    if not getattr(user, "is_active", False):
        return False
    return bool(predicate(user, obj))


def registered() -> frozenset[str]:
    return frozenset(_predicates)
