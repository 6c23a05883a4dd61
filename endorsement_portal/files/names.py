"""Pure: a file name that is safe to show, to store and to send in a header."""

from __future__ import annotations

import re
import unicodedata

NAME_LENGTH_MAX = 120
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)
_UNSAFE = re.compile(r'[\\/:*?"<>|]')


def clean_name(name: str, extension: str) -> str:
    """The person's own name for the file, with exactly `extension` at its end.

    Drops folders, control and direction-changing characters, inner extensions of programs and everything past
    NAME_LENGTH_MAX. Letters of any script stay.
    """
    last = re.split(r"[\\/]", name)[-1]
    visible = "".join(
        character
        for character in unicodedata.normalize("NFC", last)
        if unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    )
    stem = visible.rpartition(".")[0] if "." in visible else visible
    stem = re.sub(r"\s+", " ", _UNSAFE.sub("-", stem)).replace(".", "-").strip(" -")
    if not stem or _RESERVED.match(stem):
        stem = "document"
    return f"{stem[: NAME_LENGTH_MAX - len(extension) - 1].rstrip()}.{extension}"
