"""Files made in code: what people really send, and what nobody should. Each row says what must come of it."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

SIZE = (120, 80)


# --- Good PDFs ------------------------------------------------------------------------------------------------------
def text_page(pdf: pikepdf.Pdf, words: str = "Certificate of attendance") -> pikepdf.Page:
    page = pdf.add_blank_page(page_size=(612, 792))
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
    page.obj.Contents = Stream(pdf, f"BT /F1 18 Tf 72 700 Td ({words}) Tj ET".encode())
    return page


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    """As built: streams keep their filters, or a bomb would be defused by writing it."""
    out = io.BytesIO()
    if not options:
        options = {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.none}
    pdf.save(out, **options)
    return out.getvalue()


def pdf(pages: int = 1) -> bytes:
    document = pikepdf.new()
    for number in range(pages):
        text_page(document, f"Page {number + 1}")
    return saved(document)


def _with(change: Callable[[pikepdf.Pdf, pikepdf.Page], None], pages: int = 1) -> bytes:
    document = pikepdf.new()
    for _number in range(pages):
        page = text_page(document)
    change(document, page)
    return saved(document)


def link(pdf: pikepdf.Pdf, action: Dictionary) -> pikepdf.Object:
    return pdf.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([72, 690, 200, 720]), A=action, StructParent=1)
    )


@cache
def linked() -> bytes:
    """A web link, a mail link, a jump inside, and links that must lose their action."""

    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.obj.Annots = Array(
            [
                link(pdf, Dictionary(S=Name.URI, URI=String("https://example.org/program"))),
                link(pdf, Dictionary(S=Name.URI, URI=String("mailto:office@example.org"))),
                link(pdf, Dictionary(S=Name.GoTo, D=Array([page.obj, Name.Fit]))),
                link(pdf, Dictionary(S=Name.URI, URI=String("javascript:app.alert(1)"))),
                link(pdf, Dictionary(S=Name.URI, URI=String("file:///etc/passwd"))),
                link(pdf, Dictionary(S=Name.GoToR, F=String("//canary.example/x.pdf"))),
                link(pdf, Dictionary(S=Name.SubmitForm, F=String("https://canary.example/"))),
                link(pdf, Dictionary(S=Name.ImportData, F=String("x.fdf"))),
                link(
                    pdf,
                    Dictionary(
                        S=Name.URI,
                        URI=String("https://example.org/next"),
                        Next=Dictionary(S=Name.SubmitForm, F=String("https://canary.example/")),
                    ),
                ),
            ]
        )

    return _with(change)


@cache
def decorated() -> bytes:
    """Everything that is cleaned away without a word: OpenAction, AA, attachments, XFA, private data, structure."""

    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        pdf.Root.OpenAction = Dictionary(S=Name.URI, URI=String("https://canary.example/open"))
        pdf.Root.AA = Dictionary(WC=Dictionary(S=Name.SubmitForm, F=String("https://canary.example/")))
        pdf.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot)
        pdf.Root.PieceInfo = Dictionary(Private=Dictionary(LastModified=String("now")))
        pdf.attachments["payload.exe"] = pikepdf.AttachedFileSpec(pdf, b"MZ\x90payload")
        page.obj.AA = Dictionary(O=Dictionary(S=Name.URI, URI=String("https://canary.example/page")))
        page.obj.StructParents = 3
        page.obj.Thumb = Stream(pdf, b"x", Width=1, Height=1)
        spec = Dictionary(Type=Name.Filespec, F=String("x"), EF=Dictionary(F=Stream(pdf, b"MZ")))
        page.obj.Annots = Array(
            [
                Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]), FS=spec),
                Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=Array([0, 0, 9, 9])),
                Dictionary(Type=Name.Annot, Subtype=Name.Screen, Rect=Array([0, 0, 9, 9])),
                Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), Contents=String("a note")),
                String("not an annotation"),
            ]
        )
        pdf.Root.AcroForm = Dictionary(
            Fields=Array(), XFA=Stream(pdf, b"<xdp><script>x</script></xdp>"), NeedAppearances=True
        )
        with pdf.open_metadata() as metadata:
            metadata["dc:creator"] = ["A person"]
        pdf.docinfo["/Author"] = "A person"

    return _with(change)


@cache
def form_filled_in() -> bytes:
    """A form whose field shows a name: the words must stay on the page, the field goes."""

    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        look = Stream(
            pdf,
            b"BT /F1 12 Tf 2 4 Td (Maren Oakhill) Tj ET",
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, 200, 20]),
            Resources=page.obj.Resources,
        )
        field = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("name"), V=String("Maren Oakhill"),
                Rect=Array([72, 600, 272, 620]), F=4, AP=Dictionary(N=look),
            )
        )  # fmt: skip
        page.obj.Annots = Array([field])
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]))

    return _with(change)


@cache
def odd_names() -> bytes:
    """Fonts called /AA and /AF: the author's names, not ours to drop. One map is direct, one its own object."""

    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier))
        page.obj.Resources = Dictionary(Font=pdf.make_indirect(Dictionary(AA=font, AF=font, F1=font)))
        other = text_page(pdf)
        other.obj.Resources = Dictionary(Font=Dictionary(AA=font, F1=font))

    return _with(change)


@cache
def blank_scan() -> bytes:
    """A white page scanned at 300 dpi in color: packs a thousandfold and is honest."""

    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        width, height = 2550, 3300
        picture = Stream(
            pdf, zlib.compress(b"\xff" * (width * height * 3)), Type=Name.XObject, Subtype=Name.Image, Width=width,
            Height=height, ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.FlateDecode,
        )  # fmt: skip
        page.obj.Resources = Dictionary(XObject=Dictionary(Im0=picture))
        page.obj.Contents = Stream(pdf, b"612 0 0 792 0 0 cm /Im0 Do")

    return _with(change)


@cache
def filters_of_all_kinds() -> bytes:
    """Streams packed in the ways that old scanners and printers use."""

    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        words = b"BT /F1 12 Tf (x) Tj ET"
        packed = (
            (words.hex().encode() + b">", Name.ASCIIHexDecode),
            (bytes([len(words) - 1]) + words + b"\x80", Name.RunLengthDecode),
            (base64.a85encode(words) + b"~>", Name.ASCII85Decode),
            (b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", Name.LZWDecode),
            (picture_bytes("JPEG"), Name.DCTDecode),
        )
        page.obj.Resources.XObject = Dictionary(
            {
                f"/X{number}": Stream(
                    pdf, data, Filter=name, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1])
                )
                if name != Name.DCTDecode
                else Stream(
                    pdf, data, Filter=Array([name]), Type=Name.XObject, Subtype=Name.Image, Width=SIZE[0],
                    Height=SIZE[1], ColorSpace=Name.DeviceRGB, BitsPerComponent=8,
                )
                for number, (data, name) in enumerate(packed)
            }
        )  # fmt: skip

    return _with(change)


# --- PDFs that are refused ------------------------------------------------------------------------------------------
def _script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.launchURL('https://canary.example/')"))


@cache
def script_at_open() -> bytes:
    return _with(lambda pdf, page: pdf.Root.__setattr__("OpenAction", _script()))


@cache
def script_by_name() -> bytes:
    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("run"), pdf.make_indirect(_script())])))

    return _with(change)


@cache
def script_on_page() -> bytes:
    return _with(lambda pdf, page: page.obj.__setattr__("AA", Dictionary(O=_script())))


@cache
def script_on_link() -> bytes:
    return _with(lambda pdf, page: page.obj.__setattr__("Annots", Array([link(pdf, _script())])))


@cache
def script_in_stream() -> bytes:
    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        action = Dictionary(S=Name.Rendition, JS=Stream(pdf, b"app.alert(1)"))
        page.obj.Annots = Array([link(pdf, action)])

    return _with(change)


@cache
def launches() -> bytes:
    action = Dictionary(S=Name.Launch, F=String("cmd.exe"))
    return _with(lambda pdf, page: pdf.Root.__setattr__("OpenAction", action))


@cache
def dynamic_form() -> bytes:
    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        pdf.Root.NeedsRendering = True
        pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=Stream(pdf, b"<xdp/>"))

    return _with(change)


def locked(user: str, owner: str) -> bytes:
    document = pikepdf.new()
    text_page(document)
    return saved(document, encryption=pikepdf.Encryption(user=user, owner=owner))


def unknown_lock() -> bytes:
    return pdf().replace(b"trailer <<", b"trailer << /Encrypt << /Filter /Strange /V 9 /R 9 >>", 1)


def no_pages() -> bytes:
    return saved(pikepdf.new())


def page_loop() -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 2/Kids[2 0 R 2 0 R]>>endobj\n"
        b"trailer<</Root 1 0 R/Size 3>>\n%%EOF"
    )


def huge_size() -> bytes:
    return page_loop().replace(b"/Size 3", b"/Size 2147483647")


@cache
def flate_bomb() -> bytes:
    """50 KB that unpack to 60 MB, and more when unpacked again."""
    inner = zlib.compress(b"\x00" * (60 * 1024 * 1024), 9)
    return _with(lambda pdf, page: page.obj.__setattr__("Contents", Stream(pdf, inner, Filter=Name.FlateDecode)))


@cache
def nested_bomb() -> bytes:
    """A few KB, packed twice, unpack to 1 GiB."""
    packer = zlib.compressobj(9)
    once = b"".join(packer.compress(b"\x00" * (16 * 1024 * 1024)) for _step in range(64)) + packer.flush()
    twice = Array([Name.FlateDecode, Name.FlateDecode])
    return _with(lambda pdf, page: page.obj.__setattr__("Contents", Stream(pdf, zlib.compress(once, 9), Filter=twice)))


@cache
def run_length_chain() -> bytes:
    """About a hundred bytes of run lengths, packed three times."""
    filters = Array([Name.FlateDecode, Name.RunLengthDecode, Name.RunLengthDecode, Name.RunLengthDecode])
    data = zlib.compress(b"\x81\x81" * 400_000)
    return _with(lambda pdf, page: page.obj.__setattr__("Contents", Stream(pdf, data, Filter=filters)))


@cache
def ratio_bomb() -> bytes:
    data = zlib.compress(b"\x00" * (40 * 1024 * 1024), 9)
    return _with(lambda pdf, page: page.obj.__setattr__("Contents", Stream(pdf, data, Filter=Name.FlateDecode)))


@cache
def giant_picture() -> bytes:
    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.obj.Resources.XObject = Dictionary(
            Im0=Stream(
                pdf, b"\x00", Filter=Name.CCITTFaxDecode, Type=Name.XObject, Subtype=Name.Image, Width=60_000,
                Height=60_000, ColorSpace=Name.DeviceGray, BitsPerComponent=1,
            )
        )  # fmt: skip

    return _with(change)


@cache
def object_stream_bomb() -> bytes:
    """The bomb sits where the parser itself unpacks: in an object stream. The memory limit is what stops it."""
    packer = zlib.compressobj(9)
    body = packer.compress(b"2 0 <</Type/Pages/Kids[]/Count 0>>")
    body += b"".join(packer.compress(b" " * (16 * 1024 * 1024)) for _step in range(60)) + packer.flush()
    head = b"%PDF-1.5\n"
    first = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    stream = (
        b"3 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(body)
        + body
        + b"\nendstream endobj\n"
    )
    at_1, at_3 = len(head), len(head) + len(first)
    at_4 = at_3 + len(stream)
    rows = b"".join(
        struct.pack(">BIH", kind, one, two)
        for kind, one, two in ((0, 0, 65535), (1, at_1, 0), (2, 3, 0), (1, at_3, 0), (1, at_4, 0))
    )
    cross = (
        b"4 0 obj<</Type/XRef/Size 5/W[1 4 2]/Root 1 0 R/Length %d>>stream\n" % len(rows)
        + rows
        + b"\nendstream endobj\n"
    )
    return head + first + stream + cross + b"startxref\n%d\n%%%%EOF" % at_4


# --- Pictures -------------------------------------------------------------------------------------------------------
def picture(mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    made = Image.new("RGB", size, "white")
    made.paste("black", (0, 0, size[0] // 4, size[1] // 4))
    return made.convert(mode)


def picture_bytes(kind: str, mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    picture(mode).save(out, format=kind, **options)
    return out.getvalue()


@cache
def photo_with_place() -> bytes:
    """A phone's photograph: turned by its EXIF, and telling where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "CanaryPhone"
    exif.get_ifd(0x8825).update({1: "N", 2: (38.0, 34.0, 12.0), 3: "W", 4: (92.0, 10.0, 3.0)})
    return picture_bytes("JPEG", exif=exif, comment=b"CanaryComment")


@cache
def heic_photo() -> bytes:
    import pillow_heif

    out = io.BytesIO()
    pillow_heif.from_pillow(picture()).save(out, format="HEIF", quality=80)
    return out.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_flood(width: int = 50_000, height: int = 50_000) -> bytes:
    """50,000 by 50,000 pixels in a few hundred bytes."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(b"\x00" * 1000)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def png_with_text() -> bytes:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "CanaryAuthor")
    return picture_bytes("PNG", pnginfo=info)


def office(inside: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(inside, "<x/>")
    return out.getvalue()


HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@dataclass(frozen=True)
class Case:
    name: str
    make: Callable[[], bytes]
    code: str


REFUSED = (
    Case("page.pdf", lambda: HTML, "web_page"),
    Case("page.html", lambda: HTML, "web_page"),
    Case("feed.pdf", lambda: b'<?xml version="1.0"?><feed/>', "web_page"),
    Case("picture.png", lambda: SVG, "drawing"),
    Case("picture.svg", lambda: b"<svg onload='alert(1)'/>", "drawing"),
    Case("figure.jpg", lambda: b"%!PS-Adobe-3.0 EPSF-3.0", "drawing"),
    Case("certificate.pdf", lambda: b"MZ\x90\x00" + b"\x00" * 200, "program"),
    Case("certificate.exe", lambda: b"\x7fELF" + b"\x00" * 200, "program"),
    Case("run.pdf", lambda: b"#!/bin/sh\nrm -rf /\n", "program"),
    Case("letter.docx", lambda: office("word/document.xml"), "word"),
    Case("letter.pdf", lambda: office("word/document.xml"), "word"),
    Case("letter.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, "word"),
    Case("letter.odt", lambda: office("content.xml"), "word"),
    Case("log.xlsx", lambda: office("xl/workbook.xml"), "sheet"),
    Case("talk.pptx", lambda: office("ppt/presentation.xml"), "slides"),
    Case("all.zip", lambda: office("one.txt"), "archive"),
    Case("all.gz", lambda: b"\x1f\x8b" + b"\x00" * 50, "archive"),
    Case("film.gif", lambda: picture_bytes("GIF"), "image"),
    Case("scan.tiff", lambda: picture_bytes("TIFF"), "image"),
    Case("scan.webp", lambda: picture_bytes("WEBP"), "image"),
    Case("photo.jpg", lambda: b"8BPS\x00\x01" + b"\x00" * 50, "image"),
    Case("photo.avif", lambda: b"\x00\x00\x00\x1cftypavif" + b"\x00" * 50, "image"),
    Case("notes.txt", lambda: b"Notes of a training day\n", "text"),
    Case("noise.pdf", lambda: bytes(range(128, 256)) * 4, "unknown"),
    Case("nothing.pdf", lambda: b"", "empty"),
    Case("huge.pdf", lambda: b"%PDF-1.7\n" + b"\x00" * (40 * 1024 * 1024), "too_large"),
    Case("certificate.jpg", lambda: pdf(), "extension"),
    Case("photo.pdf", lambda: picture_bytes("JPEG"), "extension"),
    Case("photo.pdf.exe", lambda: pdf(), "extension"),
    Case("certificate", lambda: pdf(), "extension"),
    Case("cut.pdf", lambda: pdf(3)[:400], "damaged"),
    Case("header.pdf", lambda: b"%PDF-1.7\n", "damaged"),
    Case("garbage.pdf", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 20, "damaged"),
    Case("loop.pdf", page_loop, "damaged"),
    Case("size.pdf", huge_size, "damaged"),
    Case("cut.jpg", lambda: picture_bytes("JPEG")[:300], "damaged"),
    Case("head.jpg", lambda: b"\xff\xd8\xff\xe0" + b"\x00" * 40, "damaged"),
    Case("cut.png", lambda: picture_bytes("PNG")[:60], "damaged"),
    Case("cut.heic", lambda: heic_photo()[:200], "damaged"),
    Case("flood.png", png_flood, "pixels"),
    Case("locked.pdf", lambda: locked("secret", "secret"), "encrypted"),
    Case("restricted.pdf", lambda: locked("", "secret"), "encrypted"),
    Case("strange.pdf", unknown_lock, "encrypted"),
    Case("no-pages.pdf", no_pages, "no_pages"),
    Case("book.pdf", lambda: pdf(301), "too_many_pages"),
    Case("open.pdf", script_at_open, "scripts"),
    Case("names.pdf", script_by_name, "scripts"),
    Case("page.pdf", script_on_page, "scripts"),
    Case("link.pdf", script_on_link, "scripts"),
    Case("stream.pdf", script_in_stream, "scripts"),
    Case("launch.pdf", launches, "launch"),
    Case("xfa.pdf", dynamic_form, "dynamic_form"),
    Case("bomb.pdf", flate_bomb, "bomb"),
    Case("nested.pdf", nested_bomb, "bomb"),
    Case("runs.pdf", run_length_chain, "bomb"),
    Case("ratio.pdf", ratio_bomb, "bomb"),
    Case("giant.pdf", giant_picture, "bomb"),
    Case("objects.pdf", object_stream_bomb, "damaged"),
)

ACCEPTED = (
    Case("certificate.pdf", pdf, ""),
    Case("Certificate.PDF", lambda: b"\xef\xbb\xbf" + pdf(), ""),
    Case("transcript.pdf", lambda: pdf(300), ""),
    Case("program.pdf", linked, ""),
    Case("decorated.pdf", decorated, ""),
    Case("form.pdf", form_filled_in, ""),
    Case("fonts.pdf", odd_names, ""),
    Case("scan.pdf", blank_scan, ""),
    Case("old.pdf", filters_of_all_kinds, ""),
    Case("zip.pdf", lambda: pdf() + office("word/document.xml"), ""),
    Case("photo.jpg", photo_with_place, ""),
    Case("photo.JPEG", lambda: picture_bytes("JPEG", "L"), ""),
    Case("print.jpg", lambda: picture_bytes("JPEG", "CMYK"), ""),
    Case("screen.png", lambda: picture_bytes("PNG", "RGBA"), ""),
    Case("screen.png", png_with_text, ""),
    Case("fax.png", lambda: picture_bytes("PNG", "1"), ""),
    Case("few-colors.png", lambda: picture_bytes("PNG", "P"), ""),
    Case("deep.png", lambda: picture_bytes("PNG", "I;16"), ""),
    Case("phone.heic", heic_photo, ""),
)
