"""The few words that lie beside the files: what each is, and what is not in the ZIP."""

from __future__ import annotations

from django.utils.translation import gettext as _

from competencies.own_data.archive import FILES, MORE, PAPER, PORTFOLIO, SHEETS

WIDTH = 16


def text(*, name: str, made_on: str, address: str) -> str:
    """Plain text in the language that is active."""
    holds = {
        PAPER: _("everything to read or print"),
        PORTFOLIO: _("the portable portfolio (endorsement-portfolio/1), for another portal that reads it"),
        SHEETS: _("a table (CSV) for each kind of entry, and files.csv: which file proves which entry"),
        FILES: _("your own files"),
        MORE: _("names of entries and files, for another portal"),
    }
    remarks = (
        _("In the tables an apostrophe stands in front of text that a spreadsheet would take for a formula."),
        _("Sessions that were declined, and signatures that no coordinator has accepted yet, are unsigned in %(file)s.")
        % {"file": PORTFOLIO},
        _("Ratings and notes of others are not in this ZIP. Withdrawn entries are not in it."),
    )
    head = (
        _("The portfolio of %(name)s") % {"name": name},
        _("Made on %(day)s: %(address)s") % {"day": made_on, "address": address},
    )
    lines = (f"{place:<{WIDTH}} {words}" for place, words in holds.items())
    return "\n".join((*head, "", *lines, "", *remarks, ""))
