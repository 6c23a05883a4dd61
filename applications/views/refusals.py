"""A refused act as a page: what stands in the way, and what mends it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from applications import places
from applications.models import Application
from applications.queries.check_page import Located
from endorsement_portal.workflow import NotAllowed

CONFLICT = 409


def refused(request: HttpRequest, error: NotAllowed, application: Application) -> HttpResponse:
    """409 with every finding and its link; the way back is the hub."""
    find = places.addresses(application.uuid, application.category.slug)
    context = {
        "refusals": [Located(finding, find(finding.where)) for finding in error.findings],
        "application": application,
        "association": application.association,
        "back": reverse("applications:hub", args=[application.uuid]),
        "nav": "application",
    }
    return render(request, "applications/refused.html", context, status=CONFLICT)
