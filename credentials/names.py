"""Names as the registry searches them: lower case, without accents, so that "Zoe Nunez" finds "Zoë Núñez"."""

from __future__ import annotations

import unicodedata

_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "’": "'"}
)


def searchable(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(character for character in folded if not unicodedata.combining(character))
    return " ".join(plain.translate(_PLAIN).split())
