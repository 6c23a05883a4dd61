"""The packet's own pages: contents -> HTML -> tagged PDF. Two passes, so that attachments know their page numbers."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import segno
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applications.packet.pages import Attachment, Contents
from endorsement_portal.files.rendering import Press
from endorsement_portal.web.addresses import absolute

STYLESHEETS: dict[str, tuple[str, ...]] = {"letter": ("packet.css",), "a4": ("packet.css", "packet-a4.css")}
LANGUAGE = "en"
"""The packet is an official paper: one language, whoever's request builds it."""
PASSES_MAX = 4


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    number: int
    title: str
    template: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """The tagged pages before anything is merged, and the attachments with their places in the finished file."""

    content: bytes
    contents: Contents
    own_pages: int
    """Pages before the dividers. Dividers follow, one page for each attachment."""


def sections() -> tuple[Section, ...]:
    rows = (
        ("profile", _("Applicant")),
        ("summary", _("Summary of requirements")),
        ("requirements", _("Each requirement with its evidence")),
        ("trainings", _("Trainings")),
        ("supervision", _("Reflective supervision/consultation (RSC)")),
        ("background", _("Education, licenses and work")),
        ("competencies", _("Competencies")),
        ("references", _("Reference ratings")),
        ("manifest", _("Parts of this submission and their checksums")),
    )
    return tuple(Section(key, n, str(title), f"packet/_{key}.html") for n, (key, title) in enumerate(rows, start=1))


def html(contents: Contents, *, total: int | str) -> str:
    with translation.override(LANGUAGE), timezone.override(contents.zone):
        sent = contents.local_submitted_at
        zone_name = sent.tzname()
        return render_to_string(
            "packet/packet.html",
            {
                "page": contents,
                "title": f"{_('Application packet')} {contents.reference_number}",
                "sections": sections(),
                "total": total,
                "sent": f"{date_format(sent, 'l, F j, Y, g:i a')} {zone_name}",
                "check_address": absolute("packet_check"),
                "qr": segno.make_qr(absolute("packet_check"), error="m").svg_data_uri(border=0),
                "reviewers": contents.for_reviewers,
            },
        )


def placed(contents: Contents, own_pages: int) -> Contents:
    """Attachments with the page of the finished file on which each divider stands."""
    page = own_pages + 1
    found: list[Attachment] = []
    for attachment in contents.attachments:
        found.append(dataclasses.replace(attachment, first_page=page))
        page += 1 + attachment.pages
    return dataclasses.replace(contents, attachments=tuple(found))


def total_pages(contents: Contents, own_pages: int) -> int:
    return own_pages + sum(1 + attachment.pages for attachment in contents.attachments)


def render(
    contents: Contents, *, identifier: str, paper: str = "letter", step: Callable[[int], None] = lambda _percent: None
) -> Rendered:
    """Lay out until the numbers of pages agree with what is printed on them, then write. Same contents, same bytes."""
    press = Press(STYLESHEETS[paper])
    dividers = len(contents.attachments)
    own, guess = 0, _first_guess(contents)
    for number in range(PASSES_MAX):
        contents = placed(contents, guess)
        document = press.layout(html(contents, total=total_pages(contents, guess)))
        own = len(document.pages) - dividers
        step(30 + 10 * number)
        if own == guess:
            break
        guess = own
    content = press.write(document, identifier=identifier)
    return Rendered(content=content, contents=placed(contents, own), own_pages=own)


def _first_guess(contents: Contents) -> int:
    """Near enough that a second pass is rarely needed for small packets, and the digits have their width."""
    rows = len(contents.trainings) + len(contents.sessions) + len(contents.coverage) + 3 * len(contents.requirements)
    return 10 + rows // 22
