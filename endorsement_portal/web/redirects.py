"""Back to where a person came from, and never out of the site."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest) -> str:
    """The posted `next`, else the page before, when it is one of ours; else the front page."""
    referer = request.headers.get("Referer", "").partition("#")[0]
    for candidate in (request.POST.get("next", ""), referer):
        if url_has_allowed_host_and_scheme(candidate, {request.get_host()}, require_https=request.is_secure()):
            return candidate
    return reverse("landing")
