"""Pictures, inside the limited child: size known before decoding, orientation applied, pixels only kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from endorsement_portal.files.limits import Limits, Unfit

FORMATS = {"jpeg": ("JPEG", "MPO"), "png": ("PNG",), "heic": ("HEIF",)}
JPEG_QUALITY = 90
PNG_MODES = frozenset({"1", "L", "LA", "RGB", "RGBA"})


def clean_image(kind: str, source: Path, target: Path, limits: Limits) -> dict[str, Any]:
    """A picture made anew from its pixels: no EXIF (place, device), no comments, no profiles, no second frames."""
    if kind == "heic":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # our own cap stands before any decoding, with a better message
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # half a picture is a damaged one, whatever other libraries would like
    try:
        with Image.open(source, formats=FORMATS[kind]) as picture:
            _refuse_flood(picture, limits)
            upright = _upright(picture)
    except UnidentifiedImageError:
        raise Unfit("damaged") from None
    if kind == "png":
        return _save_png(upright, target)
    return _save_jpeg(upright, target)


def _refuse_flood(picture: Image.Image, limits: Limits) -> None:
    width, height = picture.size
    if width * height > limits.pixels:
        raise Unfit("pixels", width=width, height=height, limit=limits.pixels // 1_000_000)


def _upright(picture: Image.Image) -> Image.Image:
    """Decoded and turned as the camera said. `info` is emptied: nothing of it is written again."""
    picture.load()
    see_through = "transparency" in picture.info
    ImageOps.exif_transpose(picture, in_place=True)
    upright = picture.convert("RGBA" if see_through else "RGB") if picture.mode == "P" else picture.copy()
    upright.info = {}
    return upright


def _save_png(picture: Image.Image, target: Path) -> dict[str, Any]:
    if picture.mode not in PNG_MODES:
        picture = picture.convert("L" if picture.mode.startswith("I") else "RGB")
    picture.save(target, format="PNG")
    return {"kind": "png"}


def _save_jpeg(picture: Image.Image, target: Path) -> dict[str, Any]:
    if picture.mode not in {"L", "RGB"}:
        picture = picture.convert("RGB")
    picture.save(target, format="JPEG", quality=JPEG_QUALITY)
    return {"kind": "jpeg"}
