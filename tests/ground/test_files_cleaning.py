"""What the limited child makes of a file, run here in this process: the limits themselves are tested with the child."""

import io
import json
import re

import pikepdf
import pytest
from PIL import Image

from endorsement_portal.files import child, clean_pdf, pdf_allowed
from endorsement_portal.files.limits import Limits, Unfit
from tests.ground import corpus

LIMITS = Limits(memory_bytes=2**30, cpu_seconds=20, output_bytes=2**26, pixels=40_000_000, pages=300)
NEEDS_THE_MEMORY_LIMIT = {corpus.object_stream_bomb}
TOLD_BY_THE_CHILD = {
    "damaged", "pixels", "encrypted", "no_pages", "too_many_pages", "scripts", "launch", "dynamic_form", "bomb",
}  # fmt: skip
INSIDE = [case for case in corpus.REFUSED if case.code in TOLD_BY_THE_CHILD and case.make not in NEEDS_THE_MEMORY_LIMIT]
FORBIDDEN = re.compile(
    rb"/(JS|JavaScript|AA|OpenAction|Launch|SubmitForm|GoToR|ImportData|EmbeddedFile|RichMedia|XFA|StructParents?|AF)\b"
)


def kind_of(name):
    ending = name.rpartition(".")[2].lower()
    return {"jpg": "jpeg", "jpeg": "jpeg", "png": "png", "heic": "heic"}.get(ending, "pdf")


def run(tmp_path, data, kind, limits=LIMITS):
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(data)
    return child.answer(kind, source, target, limits), target


@pytest.mark.parametrize("case", INSIDE, ids=lambda case: case.name)
def test_refused_with_its_own_reason(tmp_path, case):
    answer, _target = run(tmp_path, case.make(), kind_of(case.name))
    assert (answer["ok"], answer["code"]) == (False, case.code)


@pytest.mark.parametrize("case", corpus.ACCEPTED, ids=lambda case: case.name)
def test_accepted_and_readable(tmp_path, case):
    answer, target = run(tmp_path, case.make(), kind_of(case.name))
    assert answer["ok"], answer
    if answer["kind"] == "pdf":
        with pikepdf.open(target) as pdf:
            assert len(pdf.pages) == answer["pages"]
            assert pdf.check_pdf_syntax() == []
    else:
        with Image.open(target) as picture:
            picture.load()


def unpacked(target) -> bytes:
    """The whole file with nothing packed: what a search for forbidden names would see."""
    out = io.BytesIO()
    with pikepdf.open(target) as pdf:
        pdf.save(
            out,
            qdf=True,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return out.getvalue()


def test_links_stay_and_calls_go(tmp_path):
    answer, target = run(tmp_path, corpus.linked(), "pdf")
    assert answer == {"ok": True, "kind": "pdf", "pages": 1}
    with pikepdf.open(target) as pdf:
        actions = [annotation.get("/A") for annotation in pdf.pages[0].Annots]
        kept = [str(action.get("/URI", action.S)) for action in actions if action is not None]
        assert kept == [
            "https://example.org/program", "mailto:office@example.org", "/GoTo", "https://example.org/next",
        ]  # fmt: skip
    assert b"canary" not in unpacked(target)
    assert FORBIDDEN.findall(unpacked(target)) == []


def test_everything_else_is_cleaned_away(tmp_path):
    answer, target = run(tmp_path, corpus.decorated(), "pdf")
    assert answer["ok"]
    raw = unpacked(target)
    assert FORBIDDEN.findall(raw) == []
    assert [word for word in (b"canary", b"payload", b"A person", b"MZ", b"<script>") if word in raw] == []
    with pikepdf.open(target) as pdf:
        assert set(pdf.Root.keys()) <= pdf_allowed.CATALOG_KEYS
        assert "/Info" not in pdf.trailer or "/Author" not in pdf.trailer.Info
        subtypes = [str(annotation.Subtype) for annotation in pdf.pages[0].get("/Annots", [])]
        assert set(subtypes) <= pdf_allowed.ANNOTATIONS


def test_what_a_form_shows_stays_on_the_page(tmp_path):
    answer, target = run(tmp_path, corpus.form_filled_in(), "pdf")
    assert answer["ok"]
    raw = unpacked(target)
    assert b"(Maren Oakhill) Tj" in raw
    assert b"/Widget" not in raw
    assert b"/AcroForm" not in raw


def test_names_that_look_forbidden_stay_where_they_are_the_authors(tmp_path):
    answer, target = run(tmp_path, corpus.odd_names(), "pdf")
    assert answer["ok"]
    with pikepdf.open(target) as pdf:
        assert [sorted(page.Resources.Font.keys()) for page in pdf.pages] == [["/AA", "/AF", "/F1"], ["/AA", "/F1"]]


def test_text_is_kept(tmp_path):
    _answer, target = run(tmp_path, corpus.pdf(3), "pdf")
    assert [f"(Page {number}) Tj".encode() in unpacked(target) for number in (1, 2, 3)] == [True, True, True]


def test_what_follows_the_document_is_dropped(tmp_path):
    _answer, target = run(tmp_path, corpus.pdf() + corpus.office("word/document.xml"), "pdf")
    assert b"PK\x03\x04" not in target.read_bytes()


def test_a_second_look_finds_what_cleaning_missed(tmp_path, monkeypatch):
    monkeypatch.setattr(clean_pdf.pdf_allowed, "keep_allowed", lambda pdf: None)
    answer, _target = run(tmp_path, corpus.linked(), "pdf")
    assert answer["code"] == "unsafe"


def test_leftovers_name_what_they_found():
    with pikepdf.open(io.BytesIO(corpus.script_at_open())) as pdf:
        assert pdf_allowed.leftovers(pdf) == ["/OpenAction", "/OpenAction", "/S", "/JS"]


def test_annotations_that_are_no_list_go(tmp_path):
    pdf = pikepdf.new()
    page = corpus.text_page(pdf)
    page.obj.Annots = pikepdf.Dictionary(Type=pikepdf.Name.Annot)
    pdf_allowed.keep_allowed(pdf)
    assert "/Annots" not in page.obj


def test_pixels_that_are_no_numbers_are_no_flood():
    pdf = pikepdf.new()
    stream = pikepdf.Stream(pdf, b"x", Width=pikepdf.Name.Wide, Height=3)
    assert clean_pdf._pixels(stream) == 0


def test_a_filter_nobody_knows_cannot_explode():
    pdf = pikepdf.new()
    assert clean_pdf._measure(pikepdf.Stream(pdf, b"x", Filter=pikepdf.Name.Strange)) == (1, 0)


def test_lzw_is_measured_by_the_parser(monkeypatch):
    pdf = pikepdf.new()
    stream = pikepdf.Stream(pdf, b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", Filter=pikepdf.Name.LZWDecode)
    assert clean_pdf._measure(stream) == (9, 10)
    monkeypatch.setattr(clean_pdf, "STREAM_BYTES_MAX", 9)
    with pytest.raises(Unfit, match="bomb"):
        clean_pdf._measure(stream)


def test_all_streams_together_have_a_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(clean_pdf, "TOTAL_BYTES_MAX", 100)
    answer, _target = run(tmp_path, corpus.pdf(5), "pdf")
    assert answer["code"] == "bomb"


# --- Pictures -------------------------------------------------------------------------------------------------------
def test_a_photograph_is_upright_and_tells_nothing(tmp_path):
    data = corpus.photo_with_place()
    assert b"CanaryPhone" in data
    answer, target = run(tmp_path, data, "jpeg")
    assert answer == {"ok": True, "kind": "jpeg"}
    clean = target.read_bytes()
    assert [word for word in (b"Canary", b"Exif", b"GPS") if word in clean] == []
    with Image.open(target) as picture:
        assert picture.size == (corpus.SIZE[1], corpus.SIZE[0])  # turned by a quarter
        assert picture.getpixel((75, 5)) < (60, 60, 60)  # the black corner is now on the right
        assert len(picture.getexif()) == 0
        assert "comment" not in picture.info


def test_a_png_keeps_its_see_through_and_loses_its_texts(tmp_path):
    _answer, target = run(tmp_path, corpus.png_with_text(), "png")
    assert b"CanaryAuthor" not in target.read_bytes()
    _answer, target = run(tmp_path, corpus.picture_bytes("PNG", "RGBA"), "png")
    with Image.open(target) as picture:
        assert picture.mode == "RGBA"


def test_a_palette_with_see_through_becomes_full_color(tmp_path):
    out = io.BytesIO()
    corpus.picture("P").save(out, format="PNG", transparency=0)
    _answer, target = run(tmp_path, out.getvalue(), "png")
    with Image.open(target) as picture:
        assert picture.mode == "RGBA"


def test_a_heic_photograph_comes_back_as_jpeg(tmp_path):
    answer, target = run(tmp_path, corpus.heic_photo(), "heic")
    assert answer == {"ok": True, "kind": "jpeg"}
    assert target.read_bytes()[:3] == b"\xff\xd8\xff"


@pytest.mark.parametrize(("width", "height", "ok"), [(100, 100, True), (100, 101, False)])
def test_the_pixel_limit_is_included(tmp_path, width, height, ok):
    limits = Limits(memory_bytes=1, cpu_seconds=1, output_bytes=1, pixels=10_000, pages=1)
    out = io.BytesIO()
    corpus.picture(size=(width, height)).save(out, format="PNG")
    answer, _target = run(tmp_path, out.getvalue(), "png", limits)
    assert answer["ok"] is ok


@pytest.mark.parametrize(("pages", "ok"), [(300, True), (301, False)])
def test_the_page_limit_is_included(tmp_path, pages, ok):
    answer, _target = run(tmp_path, corpus.pdf(pages), "pdf")
    assert answer["ok"] is ok
    if not ok:
        assert answer["params"] == {"pages": 301, "limit": 300}


# --- The child's own bookkeeping ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("problem", "code"), [(MemoryError, "bomb"), (RecursionError, "too_complex"), (KeyError, "damaged")]
)
def test_whatever_a_parser_raises_is_a_reason(tmp_path, monkeypatch, problem, code):
    def explode(*_arguments):
        raise problem

    monkeypatch.setattr(child, "cleaner_for", lambda kind: explode)
    assert child.answer("pdf", tmp_path, tmp_path, LIMITS)["code"] == code


def test_main_limits_itself_then_answers_in_one_line(tmp_path, monkeypatch, capsys):
    limited = []
    monkeypatch.setattr(child, "limit_self", limited.append)
    (tmp_path / "source").write_bytes(corpus.pdf())
    packed = json.dumps({"memory_bytes": 1, "cpu_seconds": 2, "output_bytes": 3, "pixels": 4, "pages": 5})
    assert child.main(["pdf", str(tmp_path / "source"), str(tmp_path / "target"), packed]) == 0
    assert limited == [Limits(1, 2, 3, 4, 5)]
    assert json.loads(capsys.readouterr().out) == {"ok": True, "kind": "pdf", "pages": 1}


def test_limits_are_hard(monkeypatch):
    import resource

    asked, nice = {}, []
    monkeypatch.setattr(child.os, "nice", nice.append)
    monkeypatch.setattr(resource, "setrlimit", lambda what, pair: asked.setdefault(what, pair))
    child.limit_self(LIMITS)
    assert asked == {
        resource.RLIMIT_AS: (2**30, 2**30),
        resource.RLIMIT_CPU: (20, 20),
        resource.RLIMIT_FSIZE: (2**26, 2**26),
        resource.RLIMIT_NOFILE: (64, 64),
        resource.RLIMIT_CORE: (0, 0),
    }
    assert nice == [10]
