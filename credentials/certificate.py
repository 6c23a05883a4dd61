"""The certificate: one page, tagged, with a QR code that leads to the public page of the award."""

from __future__ import annotations

import segno
from django.template.loader import render_to_string
from django.utils import translation

from credentials import codes
from credentials.models import Endorsement
from endorsement_portal.files.rendering import render_pdf
from endorsement_portal.web.addresses import absolute

STYLESHEETS = ("certificate.css",)


def html_of(endorsement: Endorsement) -> str:
    """The certificate's text in its holder's language."""
    verify = absolute("credentials:verify", endorsement.code)
    context = {
        "endorsement": endorsement,
        "category": endorsement.category,
        "license": endorsement.category.license,
        "association": endorsement.association,
        "code": codes.grouped(endorsement.code),
        "verify": verify,
        "verify_shown": verify.split("//")[-1],
        "qr": segno.make(verify, error="m").svg_data_uri(border=0, dark="#2b2230"),
    }
    with translation.override(endorsement.person.language):
        return render_to_string("credentials/certificate.html", context)


def render(endorsement: Endorsement) -> bytes:
    """The PDF (PDF/UA-1). The same award gives the same bytes."""
    return render_pdf(html_of(endorsement), stylesheets=STYLESHEETS, identifier=str(endorsement.uuid))
