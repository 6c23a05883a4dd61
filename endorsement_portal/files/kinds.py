"""Pure: what a file really is, by its first bytes, and what a person is told when we cannot take it.

A file is accepted when its extension, its signature and a real parser agree. The parser's part is in `child`.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    HEIC = "heic"


class Other(StrEnum):
    """What people send by mistake, or on purpose, and we name instead of taking."""

    WORD = "word"
    SHEET = "sheet"
    SLIDES = "slides"
    ARCHIVE = "archive"
    WEB_PAGE = "web_page"
    DRAWING = "drawing"
    PROGRAM = "program"
    IMAGE = "image"
    TEXT = "text"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Accepted:
    kind: Kind
    extensions: tuple[str, ...]
    content_type: str


ACCEPTED: dict[Kind, Accepted] = {
    Kind.PDF: Accepted(Kind.PDF, ("pdf",), "application/pdf"),
    Kind.JPEG: Accepted(Kind.JPEG, ("jpg", "jpeg", "jpe", "jfif"), "image/jpeg"),
    Kind.PNG: Accepted(Kind.PNG, ("png",), "image/png"),
    Kind.HEIC: Accepted(Kind.HEIC, ("heic", "heif"), "image/heic"),
}
BY_EXTENSION: dict[str, Kind] = {extension: row.kind for row in ACCEPTED.values() for extension in row.extensions}

HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
HEAD_BYTES = 4096
"""How much of a file's beginning `kind_of` wants to see."""

_SIGNATURES: tuple[tuple[bytes, Other], ...] = (
    (b"MZ", Other.PROGRAM),
    (b"\x7fELF", Other.PROGRAM),
    (b"\xca\xfe\xba\xbe", Other.PROGRAM),
    (b"\xcf\xfa\xed\xfe", Other.PROGRAM),
    (b"#!", Other.PROGRAM),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Other.WORD),
    (b"{\\rtf", Other.WORD),
    (b"Rar!", Other.ARCHIVE),
    (b"7z\xbc\xaf", Other.ARCHIVE),
    (b"\x1f\x8b", Other.ARCHIVE),
    (b"GIF8", Other.IMAGE),
    (b"II*\x00", Other.IMAGE),
    (b"MM\x00*", Other.IMAGE),
    (b"BM", Other.IMAGE),
    (b"8BPS", Other.IMAGE),
    (b"SIMPLE  =", Other.IMAGE),
    (b"\x00\x00\x00\x0cjP  ", Other.IMAGE),
    (b"\xff\x4f\xff\x51", Other.IMAGE),
    (b"%!PS", Other.DRAWING),
    (b"\xc5\xd0\xd3\xc6", Other.DRAWING),
)
_ZIP_BY_EXTENSION = {
    "docx": Other.WORD, "docm": Other.WORD, "odt": Other.WORD, "pages": Other.WORD,
    "xlsx": Other.SHEET, "xlsm": Other.SHEET, "ods": Other.SHEET, "numbers": Other.SHEET,
    "pptx": Other.SLIDES, "pptm": Other.SLIDES, "odp": Other.SLIDES, "key": Other.SLIDES,
}  # fmt: skip
_ZIP_BY_CONTENT = ((b"word/", Other.WORD), (b"xl/", Other.SHEET), (b"ppt/", Other.SLIDES))


def extension_of(name: str) -> str:
    """The last extension in lower case, without its dot; empty when there is none."""
    return name.rpartition(".")[2].strip().lower() if "." in name else ""


def kind_of(head: bytes, name: str = "") -> Kind | Other:
    """What the first bytes say. The name only tells one zipped office document from another."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\t \x00")
    if start.startswith(b"%PDF-"):
        return Kind.PDF
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head[4:8] == b"ftyp":
        return Kind.HEIC if head[8:12] in HEIC_BRANDS else Other.IMAGE
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(head, name)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Other.IMAGE
    return _other(head, start)


def _zipped(head: bytes, name: str) -> Other:
    for mark, other in _ZIP_BY_CONTENT:
        if mark in head:
            return other
    return _ZIP_BY_EXTENSION.get(extension_of(name), Other.ARCHIVE)


def _other(head: bytes, start: bytes) -> Other:
    for signature, other in _SIGNATURES:
        if head.startswith(signature):
            return other
    lowered = start[:1024].lower()
    if b"<svg" in lowered:
        return Other.DRAWING
    if lowered.startswith(b"<?xml") or b"<html" in lowered or b"<!doctype html" in lowered or b"<script" in lowered:
        return Other.WEB_PAGE
    return Other.TEXT if _is_text(head[:1024]) else Other.UNKNOWN


def _is_text(head: bytes) -> bool:
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return bool(text) and all(mark >= " " or mark in "\t\r\n\f" for mark in text)
