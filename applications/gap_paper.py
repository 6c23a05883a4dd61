"""The gap report on paper, for talking through in supervision: tagged (PDF/UA-1), with page numbers.

What counts is summed by year and what does not by reason, so that 5,000 entries make no more pages than 500; the page
in the portal names every one.
"""

from __future__ import annotations

import hashlib

from django.template.loader import render_to_string
from django.utils.translation import get_language

from applications.queries.gap import GapReport
from applications.queries.gap_entries import EntryBook
from applications.queries.gap_page import RequirementRow, gap_page
from applications.queries.outlook import OutlookPage
from competencies.models import Category
from endorsement_portal.files.rendering import render_pdf
from endorsement_portal.web.addresses import absolute
from members.models import Person

STYLESHEETS = ("paper.css", "gap-paper.css")
NAMED = 25
"""Entries under a requirement that are named on paper, of those that do not count."""


def html_of(person: Person, category: Category, report: GapReport, outlook: OutlookPage) -> str:
    """The report's text in the reader's language."""
    page = gap_page(report, shown=NAMED)
    book = EntryBook(report.facts.portfolio)
    context = {
        "person": person,
        "category": category,
        "page": page,
        "outlook": outlook,
        "parts": ((row, tuple(_years(book, row))) for row in page.rows),
        "address": absolute("gap", category.slug),
        "language": get_language() or "en",
    }
    return render_to_string("applications/gap_paper.html", context)


def _years(book: EntryBook, row: RequirementRow) -> tuple[tuple[int, int, int], ...]:
    return tuple(book.by_year(row.finding)) if row.measured else ()


def render(person: Person, category: Category, report: GapReport, outlook: OutlookPage) -> bytes:
    """The PDF. The same report of the same day gives the same bytes."""
    html = html_of(person, category, report, outlook)
    return render_pdf(html, stylesheets=STYLESHEETS, identifier=hashlib.sha256(html.encode()).hexdigest())
