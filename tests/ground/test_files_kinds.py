"""What a file is, by its first bytes; what it may be called."""

import pytest

from endorsement_portal.files.kinds import ACCEPTED, Kind, Other, extension_of, kind_of
from endorsement_portal.files.names import clean_name
from endorsement_portal.files.refusals import MESSAGES


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (b"%PDF-1.7", "a.pdf", Kind.PDF),
        (b"\xef\xbb\xbf%PDF-1.7", "a.pdf", Kind.PDF),
        (b"\r\n %PDF-1.4", "a.pdf", Kind.PDF),
        (b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.4", "a.pdf", Other.TEXT),
        (b"\xff\xd8\xff\xe0", "a.jpg", Kind.JPEG),
        (b"\x89PNG\r\n\x1a\n", "a.png", Kind.PNG),
        (b"\x00\x00\x00\x18ftypheic", "a.heic", Kind.HEIC),
        (b"\x00\x00\x00\x18ftypmif1", "a.heif", Kind.HEIC),
        (b"\x00\x00\x00\x18ftypmp42", "a.mp4", Other.IMAGE),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a.webp", Other.IMAGE),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "a.wav", Other.UNKNOWN),
        (b"PK\x03\x04 word/document.xml", "a.zip", Other.WORD),
        (b"PK\x03\x04 something", "a.docx", Other.WORD),
        (b"PK\x03\x04 something", "a", Other.ARCHIVE),
        (b"PK\x05\x06", "a.zip", Other.ARCHIVE),
        (b"SIMPLE  =  T", "a.jpg", Other.IMAGE),
        (b"\x00\x00\x00\x0cjP  \r\n", "a.jpg", Other.IMAGE),
        (b"{\\rtf1", "a.rtf", Other.WORD),
        (b"<!DOCTYPE html>", "a.pdf", Other.WEB_PAGE),
        (b"  <html lang=en>", "a.pdf", Other.WEB_PAGE),
        (b"<p>x</p><script>alert(1)</script>", "a.pdf", Other.WEB_PAGE),
        (b"<?xml version='1.0'?><a/>", "a.pdf", Other.WEB_PAGE),
        (b"<?xml version='1.0'?><svg/>", "a.png", Other.DRAWING),
        ("Zeugnis für Anna".encode(), "a.txt", Other.TEXT),
        (b"\x01\x02\x03", "a.pdf", Other.UNKNOWN),
        (b"\xfe\xfe\xfe", "a.pdf", Other.UNKNOWN),
        (b"", "a.pdf", Other.UNKNOWN),
    ],
)
def test_kind_of(head, name, kind):
    assert kind_of(head, name) is kind


def test_every_other_kind_has_its_sentence():
    assert [str(other) for other in Other if str(other) not in MESSAGES] == []


def test_every_kind_has_a_row():
    assert set(ACCEPTED) == set(Kind)


@pytest.mark.parametrize(
    ("name", "extension"),
    [("a.PDF", "pdf"), ("a.pdf.exe", "exe"), ("a", ""), ("a.", ""), (".pdf", "pdf"), ("a.pdf ", "pdf")],
)
def test_extension_of(name, extension):
    assert extension_of(name) == extension


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Certificate of attendance.pdf", "Certificate of attendance.pdf"),
        ("Zeugnis für Anna.PDF", "Zeugnis für Anna.pdf"),
        ("شهادة التدريب.pdf", "شهادة التدريب.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\proof.pdf", "proof.pdf"),
        ("proof.pdf.exe.pdf", "proof-pdf-exe.pdf"),
        ("evil\u202efdp.exe.pdf", "evilfdp-exe.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie- x=1.pdf"),
        ("nul\x00byte.pdf", "nulbyte.pdf"),
        ("CON.pdf", "document.pdf"),
        ("com1.pdf", "document.pdf"),
        ("....pdf", "document.pdf"),
        (" .pdf", "document.pdf"),
        ("noextension", "noextension.pdf"),
        ('quote"s<and>more|.pdf', "quote-s-and-more.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_clean_name(name, clean):
    assert clean_name(name, "pdf") == clean
