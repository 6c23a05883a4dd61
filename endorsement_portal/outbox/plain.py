"""Pure: what people typed, made fit for a mail's headers and for text that must not become a link."""

import re
import unicodedata

_KEPT_CONTROLS = "\n\t"
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ADDRESS_LIKE = re.compile(
    r"(?<![\w.-])(?:(?:[a-z][a-z0-9+]*+://|www\.)\S+|(?:[\w-]++\.)+[^\W\d_]{2,}(?![\w-])(?:[:/?#]\S*)?)", re.IGNORECASE
)
_MAIL_LIKE = re.compile(r"[^\s@<>\"]+@(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
_BREAK = "\u2060"
"""Word joiner: nobody sees it, no mail program reads across it."""


def one_line(text: str, limit: int = 200) -> str:
    """Text for a header: one line, no control or direction characters, no encoded words, at most `limit` characters."""
    line = " ".join(printable(text).split()).replace("=?", "= ?")
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"


def printable(text: str) -> str:
    """Without control, direction and unpaired surrogate characters; line ends and tabs stay."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        character
        for character in _BIDI.sub("", unified)
        if character in _KEPT_CONTROLS or unicodedata.category(character) not in ("Cc", "Cs") or character.isspace()
    )


def defused(text: str) -> str:
    """Text in which nothing that looks like a web address is one: mail programs turn bare domains into links.

    E-mail addresses stay as they are.
    """
    return " ".join(_defused_word(word) for word in printable(text).split(" "))


def _defused_word(word: str) -> str:
    return word if _MAIL_LIKE.fullmatch(word.strip(".,;:()")) else _ADDRESS_LIKE.sub(_broken, word)


def _broken(match: re.Match[str]) -> str:
    return match[0].replace("://", f":{_BREAK}/{_BREAK}/").replace(".", f".{_BREAK}")
