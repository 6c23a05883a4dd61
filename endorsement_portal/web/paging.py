"""Pages of a list. Any page number is answered: too small, too large or no number at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page as DjangoPage
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from endorsement_portal.prepared import Slices

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class PageLink:
    """One place in the pagination; `number` is None for the gap between far pages."""

    number: int | None
    href: str
    current: bool


class Page(DjangoPage[Any]):
    """A Django page that knows the addresses of the others; the rest of the address (filters) is kept."""

    request: HttpRequest

    @property
    def links(self) -> tuple[PageLink, ...]:
        numbers = self.paginator.get_elided_page_range(self.number, on_each_side=1, on_ends=1)
        return tuple(self._link(number) for number in numbers)

    def _link(self, number: int | str) -> PageLink:
        if not isinstance(number, int):
            return PageLink(number=None, href="", current=False)
        query = self.request.GET.copy()
        query["page"] = str(number)
        return PageLink(number=number, href=f"?{query.urlencode()}", current=number == self.number)


class _Paginator(Paginator):
    known_count: int | None = None

    @cached_property
    def count(self) -> int:
        return super().count if self.known_count is None else self.known_count

    def _get_page(self, *args: Any, **kwargs: Any) -> Page:
        return Page(*args, **kwargs)


def page_of(
    rows: QuerySet[Any] | Slices[Any] | Sequence[Any],
    request: HttpRequest,
    per_page: int = PER_PAGE,
    *,
    count: int | None = None,
) -> Page:
    """The page that the address asks for (?page=2): two queries for a queryset, whatever its length. One, when the
    caller knows the `count` already, as it must for slices of a prepared query."""
    paginator = _Paginator(rows, per_page)  # type: ignore[arg-type]
    paginator.known_count = count
    page: Page = paginator.get_page(request.GET.get("page"))  # type: ignore[assignment]
    page.request = request
    return page
