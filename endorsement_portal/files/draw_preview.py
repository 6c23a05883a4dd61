"""The first page as a small picture, inside the limited child."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from endorsement_portal.files.clean_image import FORMATS
from endorsement_portal.files.limits import Limits, Unfit

EDGE = 480
"""Pixels of the longer side: sharp at half that on a phone."""
QUALITY = 80
PAPER = "white"


def draw_preview(kind: str, source: Path, target: Path, limits: Limits) -> dict[str, Any]:
    """Draw what a clean file shows first, on white paper."""
    picture = _first_page(source) if kind == "pdf" else _picture(kind, source, limits)
    picture.save(target, format="JPEG", quality=QUALITY, optimize=True)
    return {"kind": "jpeg"}


def _first_page(source: Path) -> Image.Image:
    import pypdfium2

    with pypdfium2.PdfDocument(source) as document:
        page = document[0]
        scale = EDGE / max(page.get_size())
        drawn: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    return drawn


def _picture(kind: str, source: Path, limits: Limits) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = None  # our own cap stands before any decoding
    with Image.open(source, formats=FORMATS[kind]) as picture:
        if picture.width * picture.height > limits.pixels:
            raise Unfit("pixels", width=picture.width, height=picture.height, limit=limits.pixels // 1_000_000)
        picture.draft("RGB", (EDGE, EDGE))  # JPEG: decoded at an eighth where that is enough
        small = ImageOps.contain(picture.convert("RGBA"), (EDGE, EDGE))
    paper = Image.new("RGB", small.size, PAPER)
    paper.paste(small, mask=small.getchannel("A"))
    return paper
