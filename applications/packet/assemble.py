"""One file from the packet's own pages and the attachments.

The tagged pages stay as they are: the packet is opened and other pages are put between its dividers. Attachments bring
no tags, so a file with attachments no longer claims to be PDF/UA: the mark goes, the tags of our own pages stay.
Headings are bookmarks already, those of the dividers among them.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import pikepdf
from PIL import Image

from applications.packet.pages import Attachment
from applications.packet.render import Rendered

UA_NAMESPACE = "http://www.aiim.org/pdfua/ns/id/"
SCREEN_DPI = 150
PAGE_POINTS = (612, 792)
"""Letter. An image is put on such a page, upright or across, with a margin."""
MARGIN_POINTS = 36
COLLIDING_KEYS = ("/StructParents", "/Tabs", "/StructParent")
"""What an appended page says about a structure tree that stayed behind (it would collide with ours)."""
IMAGE_TYPES = ("image/jpeg", "image/png")


class Unreadable(Exception):
    """An attachment that cannot be put into a packet."""


@dataclass(frozen=True, slots=True)
class Assembled:
    content: bytes
    pages: int


def page_count(content: bytes, content_type: str) -> int:
    """How many pages an attachment will take; 0 when it cannot be put in."""
    if content_type in IMAGE_TYPES:
        return 1
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return len(pdf.pages)
    except pikepdf.PdfError:
        return 0


def image_as_pdf(content: bytes) -> bytes:
    """An image on one page, as large as the margins allow. JPEG stays JPEG; the same image gives the same bytes."""
    with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as image:
        width, height = image.size
        page_width, page_height = PAGE_POINTS if height >= width else PAGE_POINTS[::-1]
        stream, space = _pixels(image, content)
    scale = min((page_width - 2 * MARGIN_POINTS) / width, (page_height - 2 * MARGIN_POINTS) / height)
    drawn_width, drawn_height = round(width * scale, 3), round(height * scale, 3)
    left, bottom = round((page_width - drawn_width) / 2, 3), round((page_height - drawn_height) / 2, 3)
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(page_width, page_height))
        picture = pikepdf.Stream(pdf, stream)
        picture.stream_dict = pikepdf.Dictionary(
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=width,
            Height=height,
            BitsPerComponent=8,
            ColorSpace=space,
            Filter=pikepdf.Name.DCTDecode,
        )
        page = pdf.pages[0]
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=pdf.make_indirect(picture)))
        page.Contents = pikepdf.Stream(pdf, f"q {drawn_width} 0 0 {drawn_height} {left} {bottom} cm /Im0 Do Q".encode())
        made = io.BytesIO()
        pdf.save(made, deterministic_id=True)
    return made.getvalue()


def _pixels(image: Image.Image, content: bytes) -> tuple[bytes, pikepdf.Object]:
    """The image's data as JPEG, and its color space. Whatever shines through is put on white."""
    if image.format == "JPEG" and image.mode in ("RGB", "L"):
        return content, pikepdf.Name.DeviceRGB if image.mode == "RGB" else pikepdf.Name.DeviceGray
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        ground = Image.new("RGBA", image.size, "white")
        ground.alpha_composite(image.convert("RGBA"))
        image = ground
    packed = io.BytesIO()
    image.convert("RGB").save(packed, format="JPEG", quality=85)
    return packed.getvalue(), pikepdf.Name.DeviceRGB


def _source(attachment: Attachment, content: bytes) -> pikepdf.Pdf:
    if attachment.content_type in IMAGE_TYPES:
        content = image_as_pdf(content)
    try:
        return pikepdf.open(io.BytesIO(content))
    except pikepdf.PdfError as error:
        raise Unreadable(f"Attachment {attachment.number} ({attachment.uuid}) cannot be opened") from error


def assemble(
    rendered: Rendered,
    read: Callable[[Attachment], bytes],
    *,
    step: Callable[[int], None] = lambda _percent: None,
) -> Assembled:
    """Put each attachment behind its divider. `read` gives a stored file's bytes."""
    attachments = rendered.contents.attachments
    with pikepdf.open(io.BytesIO(rendered.content)) as packet:
        if not any(attachment.pages for attachment in attachments):
            return Assembled(content=rendered.content, pages=len(packet.pages))
        for done, attachment in enumerate(attachments, start=1):
            if attachment.pages:
                _insert(packet, attachment, read(attachment))
            step(70 + 20 * done // len(attachments))
        _drop_ua_mark(packet)
        made = io.BytesIO()
        packet.save(made, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return Assembled(content=made.getvalue(), pages=len(packet.pages))


def _insert(packet: pikepdf.Pdf, attachment: Attachment, content: bytes) -> None:
    """The attachment's pages, right after its divider (pages before it are already in place)."""
    with _source(attachment, content) as source:
        if len(source.pages) != attachment.pages:
            raise Unreadable(f"Attachment {attachment.number} has {len(source.pages)} pages, not {attachment.pages}")
        before = len(packet.pages)
        packet.add_pages_from(source, forms="strip", outlines="ignore")
        appended = [packet.pages[index] for index in range(before, len(packet.pages))]
        for page in appended:
            _forget_structure(page)
        del packet.pages[before:]
        for offset, page in enumerate(appended):
            packet.pages.insert(attachment.first_page + offset, page)


def _forget_structure(page: pikepdf.Page) -> None:
    for key in COLLIDING_KEYS:
        if key in page.obj:
            del page.obj[key]
    for annotation in page.obj.get("/Annots", []):
        for key in COLLIDING_KEYS:
            if key in annotation:
                del annotation[key]


def _drop_ua_mark(packet: pikepdf.Pdf) -> None:
    with packet.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        for key in [key for key in metadata if key.startswith(f"{{{UA_NAMESPACE}}}")]:
            del metadata[key]
