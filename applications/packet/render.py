"""The packet's own pages: contents -> HTML -> tagged PDF, laid out once.

Attachments are put between our pages afterwards, so pages are counted as if they stood there already: by the
stylesheet of `page_numbers`, in the layout itself.
"""

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


def html(contents: Contents) -> str:
    with translation.override(LANGUAGE), timezone.override(contents.zone):
        sent = contents.local_submitted_at
        zone_name = sent.tzname()
        return render_to_string(
            "packet/packet.html",
            {
                "page": contents,
                "title": f"{_('Application packet')} {contents.reference_number}",
                "sections": sections(),
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


def page_numbers(contents: Contents) -> str:
    """CSS: each divider's page counts on by the attachment before it, and `last` by the attachment behind it too.

    So `page` is the number in the finished file, and `last` on the last divider how many pages the file has.
    """
    pages = [attachment.pages for attachment in contents.attachments]
    rules = [
        f"@page {attachment.anchor} {{ counter-increment: page {1 + before} last {1 + attachment.pages}; }} "
        f"#{attachment.anchor} {{ page: {attachment.anchor}; }}"
        for attachment, before in zip(contents.attachments, [0, *pages], strict=False)
    ]
    if contents.attachments:
        total = f'target-counter("#{contents.attachments[-1].anchor}", last)'
        rules += [
            "@page { counter-increment: page 1 last 1; }",
            f".total::after {{ content: {total}; }}",
            f'@page {{ @bottom-right {{ content: "Page " counter(page) " of " {total}; }} }}',
        ]
    return "\n".join(rules)


def render(
    contents: Contents, *, identifier: str, paper: str = "letter", step: Callable[[int], None] = lambda _percent: None
) -> Rendered:
    """Lay out, then write. Same contents, same bytes."""
    press = Press(STYLESHEETS[paper])
    document = press.layout(html(contents), more_css=page_numbers(contents))
    step(50)
    own = len(document.pages) - len(contents.attachments)
    content = press.write(document, identifier=identifier)
    return Rendered(content=content, contents=placed(contents, own), own_pages=own)
