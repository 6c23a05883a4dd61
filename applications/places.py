"""Where a finding is mended: its `where` key as an address of the portal."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from competencies.enums import EntryKind

OF_APPLICATION = {
    "hub": "applications:hub",
    "references": "applications:references",
    "selection": "applications:selection",
    "messages": "applications:messages",
    "check": "applications:check",
}
ANYWHERE: dict[str, tuple[str, tuple[str, ...]]] = {
    "membership": ("members:memberships", ()),
    "cohorts": ("cohorts:list", ()),
    "my_cohort": ("my_cohort", ()),
    "applications": ("applications:list", ()),
    "endorsements": ("credentials:mine", ()),
    "finder": ("finder:start", ()),
    "profile": ("members:profile", ()),
    **{kind.value: ("portfolio:list", (kind.value,)) for kind in EntryKind},
}


def address(where: str, *, application: UUID | None = None, category_slug: str = "") -> str:
    """The address of a place, or "" when there is none to lead to: then the remedy stands as words."""
    if where.startswith("sign:") and application:
        return _reverse("applications:sign", application, where.removeprefix("sign:"))
    if where in OF_APPLICATION and application:
        return _reverse(OF_APPLICATION[where], application)
    if where == "matrix" and category_slug:
        return _reverse("matrix", category_slug)
    if where in ANYWHERE:
        name, args = ANYWHERE[where]
        return _reverse(name, *args)
    return ""


def _reverse(name: str, *args: UUID | str) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def addresses(application: UUID | None = None, category_slug: str = "") -> Callable[[str], str]:
    """`address` for one application, as a function of the place alone."""
    return lambda where: address(where, application=application, category_slug=category_slug)
