"""Pure: text that a spreadsheet would take for a formula, made harmless by a quotation mark, and back again.

A text gets one mark when it begins, after any marks of its own, with a character that starts a formula or that makes
a spreadsheet look at the rest. So every text comes back as it was.
"""

from __future__ import annotations

MARK = "'"
STARTS = frozenset("=+-@\t\r\n\x00\uff1d\uff0b\uff0d\uff20")
"""Full-width forms too: some spreadsheets read them as their narrow twins."""


def marked(text: str) -> str:
    return MARK + text if _starts_a_formula(text) else text


def unmarked(text: str) -> str:
    return text[1:] if text.startswith(MARK) and _starts_a_formula(text) else text


def _starts_a_formula(text: str) -> bool:
    return text.lstrip(MARK)[:1] in STARTS
