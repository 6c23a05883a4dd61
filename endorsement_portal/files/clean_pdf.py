"""PDFs, inside the limited child: refuse what is locked, damaged, active or a bomb; clean what is left; look again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import sanitize

from endorsement_portal.files import pdf_allowed
from endorsement_portal.files.limits import Limits, Unfit
from endorsement_portal.files.streams import TooBig, Unmeasured, unpacked_size

STREAM_BYTES_MAX = 50 * 1024 * 1024
TOTAL_BYTES_MAX = 1024 * 1024 * 1024
RATIO_MAX = 200
RATIO_MATTERS_FROM_BYTES = 32 * 1024 * 1024
"""A blank scanned page packs a thousandfold and is honest: below this size the ratio says nothing."""
PICTURE_PIXELS_MAX = 150_000_000


def clean_pdf(source: Path, target: Path, limits: Limits) -> dict[str, Any]:
    """Write the clean copy to `target`; answer its number of pages. Raises Unfit."""
    with _opened(source) as pdf:
        pages = _count_pages(pdf, limits)
        _refuse_bombs(pdf)
        if pdf.check_pdf_syntax():
            raise Unfit("damaged")
        _refuse_active(pdf)
        _clean(pdf)
        shrunk = pikepdf.ObjectStreamMode.generate
        pdf.save(target, compress_streams=True, object_stream_mode=shrunk, deterministic_id=True)
    _look_again(target, pages)
    return {"kind": "pdf", "pages": pages}


def _opened(source: Path) -> pikepdf.Pdf:
    try:
        pdf = pikepdf.open(source)
    except pikepdf.PasswordError:
        raise Unfit("encrypted") from None
    except pikepdf.PdfError as problem:
        raise Unfit("encrypted" if "encrypt" in str(problem).lower() else "damaged") from None
    if pdf.is_encrypted:
        raise Unfit("encrypted")
    return pdf


def _count_pages(pdf: pikepdf.Pdf, limits: Limits) -> int:
    pages = len(pdf.pages)
    if pages == 0:
        raise Unfit("no_pages")
    if pages > limits.pages:
        raise Unfit("too_many_pages", pages=pages, limit=limits.pages)
    return pages


def _refuse_bombs(pdf: pikepdf.Pdf) -> None:
    total = 0
    for stream in pdf.objects:
        if not isinstance(stream, pikepdf.Stream):
            continue
        if _pixels(stream) > PICTURE_PIXELS_MAX:
            raise Unfit("bomb")
        packed, unpacked = _measure(stream)
        total += unpacked
        if unpacked > RATIO_MATTERS_FROM_BYTES and unpacked > packed * RATIO_MAX:
            raise Unfit("bomb")
        if total > TOTAL_BYTES_MAX:
            raise Unfit("bomb")


def _pixels(stream: pikepdf.Stream) -> int:
    try:
        return int(stream.get("/Width", 0)) * int(stream.get("/Height", 0))
    except (TypeError, ValueError):
        return 0


def _measure(stream: pikepdf.Stream) -> tuple[int, int]:
    raw = stream.read_raw_bytes()
    try:
        return len(raw), unpacked_size(raw, _filters(stream), STREAM_BYTES_MAX)
    except TooBig:
        raise Unfit("bomb") from None
    except Unmeasured:
        return len(raw), _measured_by_parser(stream)


def _measured_by_parser(stream: pikepdf.Stream) -> int:
    """LZW and strangers: qpdf unpacks, and the memory limit of this process is the cap."""
    try:
        size = len(stream.read_bytes(pikepdf.StreamDecodeLevel.generalized))
    except pikepdf.PdfError:
        return 0  # a filter that qpdf does not unpack either: nothing can explode in it here
    if size > STREAM_BYTES_MAX:
        raise Unfit("bomb")
    return size


def _filters(stream: pikepdf.Stream) -> tuple[str, ...]:
    found = stream.get("/Filter")
    if found is None:
        return ()
    names = list(found) if isinstance(found, pikepdf.Array) else [found]
    return tuple(str(name).removeprefix("/") for name in names)


def _refuse_active(pdf: pikepdf.Pdf) -> None:
    """A program inside is refused, not removed: what the reader would see may depend on it."""
    if pdf.Root.get("/NeedsRendering", False):
        raise Unfit("dynamic_form")
    for dictionary, _is_map in pdf_allowed.dictionaries(pdf):
        code = pdf_allowed.refusal_of(dictionary)
        if code:
            raise Unfit(code)


def _clean(pdf: pikepdf.Pdf) -> None:
    """Forms and marks become part of the page; then the document level, then every object by the allow-list."""
    if "/AcroForm" in pdf.Root:
        if pdf.Root.AcroForm.get("/NeedAppearances", False):
            pdf.generate_appearance_streams()
        if "/XFA" in pdf.Root.AcroForm:
            del pdf.Root.AcroForm["/XFA"]
    pdf.flatten_annotations("all")
    sanitize.remove_javascript(pdf)
    sanitize.remove_attachments(pdf)
    sanitize.remove_multimedia(pdf)
    sanitize.remove_private_app_data(pdf)
    sanitize.remove_thumbnails(pdf)
    sanitize.remove_web_capture(pdf)
    pdf_allowed.keep_allowed(pdf)


def _look_again(target: Path, pages: int) -> None:
    """The clean copy, opened as a stranger would: whole, as long as before, and nothing left of what was dropped."""
    with pikepdf.open(target) as pdf:
        if len(pdf.pages) != pages or pdf.check_pdf_syntax() or pdf_allowed.leftovers(pdf):
            raise Unfit("unsafe")
