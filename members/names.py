"""Pure: names as people write them, on one line."""

from __future__ import annotations

import unicodedata

NAME_LENGTH_MAX = 200
_FORBIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_JOINERS = frozenset("\u200c\u200d")
"""Zero-width joiners are letters' business in several scripts."""


def has_control(text: str) -> bool:
    """True for line breaks, NUL, direction overrides and their like: no name and no mail header holds them."""
    return any(unicodedata.category(mark) in _FORBIDDEN and mark not in _JOINERS for mark in text)


def tidy(name: str) -> str:
    """One line of visible text: what `has_control` finds becomes a space, doubled spaces go."""
    visible = "".join(" " if has_control(mark) else mark for mark in name)
    return " ".join(visible.split())[:NAME_LENGTH_MAX]
