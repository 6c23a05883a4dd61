"""A refused act as a page: what stands in the way, and what mends it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from endorsement_portal.workflow import Finding, NotAllowed

CONFLICT = 409


@dataclass(frozen=True, slots=True)
class Refusal:
    finding: Finding
    href: str


def refused(request: HttpRequest, refusal: NotAllowed, *, back: str, back_text: str) -> HttpResponse:
    rows = [Refusal(finding, address_of(finding.where)) for finding in refusal.findings]
    context = {"refusals": rows, "back": back, "back_text": back_text, "nav": "cohort"}
    return render(request, "cohorts/refused.html", context, status=CONFLICT)


def address_of(where: str) -> str:
    """The page that `where` names: "cohorts:list", "my_cohort" or "cohort_page <uuid>"."""
    if not where:
        return ""
    name, *args = where.split()
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
