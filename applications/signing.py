"""Pure: whether a typed name is the person's name. A signature is refused for another name, not for a comma."""

from __future__ import annotations

import unicodedata


def words_of(name: str) -> tuple[str, ...]:
    """Lower case, without accents and punctuation; single letters (initials) left out where anything else is there."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(char if char.isalnum() else " " for char in decomposed if not unicodedata.combining(char))
    words = tuple(kept.split())
    long = tuple(word for word in words if len(word) > 1)
    return long or words


def same_name(typed: str, name: str) -> bool:
    """First and last word agree in any order; middle names and initials may be missing on either side."""
    left, right = words_of(typed), words_of(name)
    if not left or not right:
        return False
    shorter, longer = sorted((set(left), set(right)), key=len)
    return shorter <= longer and {right[0], right[-1]} <= set(left)
