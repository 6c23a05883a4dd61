"""Public codes of endorsements: 12 letters and digits that nobody mistakes for one another."""

from __future__ import annotations

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0 and O, 1, I and L, and U, which makes words."""
LENGTH = 12
GROUP = 4


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


def normalize(typed: str) -> str:
    """What somebody typed or read aloud, as it is stored: upper case, no spaces, hyphens or other marks."""
    return "".join(character for character in typed.upper() if character.isascii() and character.isalnum())


def grouped(code: str) -> str:
    """Easy to read: "7KMP-2QRS-TV9W"."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
