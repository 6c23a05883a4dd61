"""One view, two answers: the whole page, or the part of it that HTMX asked for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_template


def wants_fragment(request: HttpRequest) -> bool:
    """True for an HTMX request that swaps a part: not for a boosted link, nor for the way back through history."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render(
    request: HttpRequest,
    full_template: str,
    fragment_template: str,
    context: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The fragment (its file begins with "_") for HTMX, the full page for everybody else."""
    template = fragment_template if wants_fragment(request) else full_template
    return render_template(request, template, context, status=status)
