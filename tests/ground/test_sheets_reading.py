"""Spreadsheets read: encodings, separators, typed cells, formulas refused by name, limits, bombs."""

import datetime
import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from endorsement_portal.files.limits import Limits, Unfit
from endorsement_portal.files.models import ScanState, StoredFile
from endorsement_portal.sheets import intake, refusals, table
from endorsement_portal.sheets.assembly import assemble
from endorsement_portal.sheets.delimited import FIELD_CHARACTERS_MAX, read_delimited, separator_of
from endorsement_portal.sheets.forms import SheetField
from endorsement_portal.sheets.reading import read_sheet
from endorsement_portal.sheets.refusals import SheetRefused
from endorsement_portal.sheets.table import Cell, CellKind, Row, Table, from_json, letter, to_json
from endorsement_portal.sheets.workbook import read_workbook

LIMITS = Limits(memory_bytes=2**29, cpu_seconds=20, output_bytes=2**26, pixels=1, pages=1)
PLAIN = "Date,Course,Length\r\n2025-03-04,Réading the baby,3 h\r\n"


def upload(content: bytes, name: str = "log.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def texts(read: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in read.rows]


def workbook(*rows: list[object], formats: dict[str, str] | None = None) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    for place, number_format in (formats or {}).items():
        page[place].number_format = number_format
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The workbook with one part put in, or in the place of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for known in old.infolist():
            if known.filename != name:
                new.writestr(known, old.read(known))
        new.writestr(name, part)
    return out.getvalue()


@pytest.fixture
def read_xlsx(tmp_path):
    def read(content: bytes) -> Table:
        path = tmp_path / "source"
        path.write_bytes(content)
        return read_workbook(path)

    return read


def code_of(call, *args) -> tuple[str, dict[str, object]]:
    with pytest.raises(Unfit) as raised:
        call(*args)
    return raised.value.code, raised.value.params


# --- CSV ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codec", "said"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_each_encoding_is_read_and_named(codec, said):
    read = read_delimited(PLAIN.encode(codec))
    assert (read.encoding, read.headings) == (said, ("Date", "Course", "Length"))
    assert texts(read) == [["2025-03-04", "Réading the baby", "3 h"]]


def test_utf_16_of_the_other_order_is_read_by_its_mark():
    read = read_delimited(b"\xfe\xff" + PLAIN.encode("utf-16-be"))
    assert (read.encoding, texts(read)[0][1]) == ("UTF-16", "Réading the baby")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\xd8", b"a,b\n\x81\x8d,\xe9\n"])
def test_letters_that_no_encoding_explains_are_refused(content):
    assert code_of(read_delimited, content) == ("encoding", {})


def test_nul_is_no_text():
    assert code_of(read_delimited, b"a,b\n\x00,1\n") == ("not_text", {})


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_each_separator_is_found(separator):
    rows = ["Date;Course;Hours".replace(";", separator)] + [f"2025-01-0{day}{separator}A{separator}2" for day in (1, 2)]
    read = read_delimited("\n".join(rows).encode())
    assert (read.separator, read.headings, len(read.rows)) == (separator, ("Date", "Course", "Hours"), 2)


def test_a_comma_inside_texts_does_not_outvote_the_semicolons():
    text = "Date;Course, part one;Hours\n2025-01-01;Babies, and more, and more;1,5\n2025-01-02;Play;2\n"
    assert separator_of(text) == ";"
    assert texts(read_delimited(text.encode()))[0] == ["2025-01-01", "Babies, and more, and more", "1,5"]


def test_one_column_and_a_broken_beginning_have_a_separator_all_the_same():
    assert separator_of("Date\n2025-01-01\n") == ","
    assert separator_of('"' + "a" * (FIELD_CHARACTERS_MAX + 1)) == ","


def test_the_separator_line_of_excel_is_no_row():
    read = read_delimited(b"\xef\xbb\xbfsep=;\r\nDate;Course\r\n2025-01-01;A\r\n")
    assert (read.headings, read.heading_row, read.rows[0].number) == (("Date", "Course"), 1, 2)
    assert read_delimited(b"sep=|\nDate,Course\n2025-01-01,A\n").headings == ("Date", "Course")


def test_rows_have_the_numbers_that_a_spreadsheet_shows():
    read = read_delimited(b'Date,Course\n\n2025-01-01,"two\nlines"\n,\n2025-01-02,B\n')
    assert [(row.number, row.cell(1).text) for row in read.rows] == [(3, "two\nlines"), (5, "B")]


def test_a_title_above_the_headings_is_passed_over():
    read = read_delimited(b"My trainings,,\n\nDate,Course,Hours\n2025-01-01,A,2\n")
    assert (read.headings, read.heading_row, len(read.rows)) == (("Date", "Course", "Hours"), 3, 1)


def test_a_stray_quotation_mark_is_named_by_its_row():
    assert code_of(read_delimited, b'Date,Course\n2025-01-01,"A" and B\n') == ("quotes", {"row": 2})
    assert code_of(read_delimited, b'Date,Course\n2025-01-01,"A\n') == ("quotes", {"row": 2})


def test_a_cell_that_begins_with_an_equals_sign_is_a_formula_and_its_text_is_not_read():
    read = read_delimited(b"Date,Course\n2025-01-01,=HYPERLINK(1)\n2025-01-02,'=plain\n")
    assert [row.cell(1) for row in read.rows] == [Cell(CellKind.FORMULA, ""), Cell(CellKind.TEXT, "=plain")]


# --- Limits ---------------------------------------------------------------------------------------


def lines(count: int, width: int = 2, text: str = "x") -> list[tuple[int, tuple[Cell, ...]]]:
    return [(number, (Cell(CellKind.TEXT, text),) * width) for number in range(1, count + 1)]


def test_the_limits_of_rows_columns_and_cells_stand_where_they_are_said():
    assert len(assemble(lines(table.ROWS_MAX + 1)).rows) == table.ROWS_MAX
    assert code_of(assemble, lines(table.ROWS_MAX + 2)) == ("too_many_rows", {"limit": table.ROWS_MAX})
    assert len(assemble(lines(2, table.COLUMNS_MAX)).headings) == table.COLUMNS_MAX
    wide = lines(2, table.COLUMNS_MAX + 1)
    assert code_of(assemble, wide) == ("too_many_columns", {"limit": table.COLUMNS_MAX, "row": 1})
    longest = table.CELL_CHARACTERS_MAX
    assert len(assemble(lines(2, 2, "x" * longest)).rows) == 1
    found = code_of(assemble, lines(2, 2, "x" * (longest + 1)))
    assert found == ("cell_too_long", {"row": 1, "column": "A", "limit": longest})


@pytest.mark.parametrize("content", [b"Date,Course\n", b"\n\n", b",,\n"])
def test_headings_alone_are_no_log(content):
    assert code_of(read_delimited, content) == ("no_rows", {})


def test_columns_are_named_as_a_spreadsheet_names_them():
    assert [letter(place) for place in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


cells = st.builds(Cell, st.sampled_from(CellKind), st.text(max_size=20))
tables = st.builds(
    Table,
    headings=st.tuples(st.text(max_size=10), st.text(max_size=10)),
    rows=st.lists(st.builds(Row, st.integers(1, 9999), st.lists(cells, max_size=4).map(tuple)), max_size=5).map(tuple),
    encoding=st.text(max_size=5),
    sheet=st.text(max_size=5),
    other_sheets=st.lists(st.text(max_size=5), max_size=2).map(tuple),
)


@given(tables)
def test_a_stored_table_comes_back_as_it_was(read):
    assert from_json(to_json(read)) == read


# --- XLSX -----------------------------------------------------------------------------------------


def test_cells_keep_what_they_were_in_the_workbook(read_xlsx):
    content = workbook(
        ["What", "Value"],
        ["date", datetime.date(2025, 3, 4)],
        ["date and time", datetime.datetime(2025, 3, 4, 17, 30)],
        ["hours and minutes", datetime.time(1, 30)],
        ["more than a day", datetime.timedelta(hours=30, minutes=15)],
        ["with seconds", datetime.time(1, 30, 20)],
        ["clock", datetime.time(13, 30)],
        ["number", 1.5],
        ["whole", 90.0],
        ["third", 4 / 3],
        ["flag", True],
        ["no", False],
        ["text", " 1:30 "],
        ["quoted", "'=plain"],
        formats={"B5": "[h]:mm", "B7": "h:mm AM/PM"},
    )
    kinds = {row.cell(0).text: row.cell(1) for row in read_xlsx(content).rows}
    assert kinds == {
        "date": Cell(CellKind.DATE, "2025-03-04"),
        "date and time": Cell(CellKind.DATE, "2025-03-04"),
        "hours and minutes": Cell(CellKind.SPAN, "1:30"),
        "more than a day": Cell(CellKind.SPAN, "30:15"),
        "with seconds": Cell(CellKind.SPAN, "1:30:20"),
        "clock": Cell(CellKind.CLOCK, "13:30"),
        "number": Cell(CellKind.NUMBER, "1.5"),
        "whole": Cell(CellKind.NUMBER, "90"),
        "third": Cell(CellKind.NUMBER, "1.333333"),
        "flag": Cell(CellKind.YES_NO, "TRUE"),
        "no": Cell(CellKind.YES_NO, "FALSE"),
        "text": Cell(CellKind.TEXT, "1:30"),
        "quoted": Cell(CellKind.TEXT, "=plain"),
    }


def test_formulas_and_errors_are_what_they_are_and_their_values_are_not_read(read_xlsx):
    content = workbook(["A", "B"], ["=1+1", "x"], ["#REF!", "y"])
    book = read_xlsx(content)
    assert [row.cell(0) for row in book.rows] == [Cell(CellKind.FORMULA, ""), Cell(CellKind.ERROR, "#REF!")]


def test_the_first_visible_sheet_with_anything_is_read_and_the_others_are_named(read_xlsx):
    book = Workbook()
    empty = book.active
    log, hidden, more = (book.create_sheet(name) for name in ("Log", "Old", "2024"))
    empty.title, hidden.sheet_state = "Start", "hidden"
    for page in (log, hidden, more):
        page.append(["Date", "Course"])
        page.append(["2025-01-01", page.title])
    out = io.BytesIO()
    book.save(out)
    read = read_xlsx(out.getvalue())
    assert (read.sheet, read.other_sheets, texts(read)) == ("Log", ("2024",), [["2025-01-01", "Log"]])


def test_a_workbook_without_anything_has_no_rows(read_xlsx):
    assert code_of(read_xlsx, workbook()) == ("no_rows", {})


def test_rows_far_below_keep_their_number_and_a_lying_dimension_is_not_believed(read_xlsx):
    book = Workbook()
    page = book.active
    page["A1"], page["B1"], page["A700"], page["B700"] = "Date", "Course", "2025-01-01", "A"
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").replace(b"A1:B700", b"A1:XFD1048576")
    read = read_xlsx(with_part(out.getvalue(), "xl/worksheets/sheet1.xml", sheet))
    assert [row.number for row in read.rows] == [700]


def encrypted_flag(content: bytes) -> bytes:
    """The general purpose bit of every entry of the directory, set as a password would set it."""
    changed = bytearray(content)
    at = changed.find(b"PK\x01\x02")
    while at >= 0:
        changed[at + 8] |= 1
        at = changed.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


GOOD = workbook(["Date", "Course"], ["2025-01-01", "A"])
OVER = b" " * (table.UNPACKED_BYTES_MAX // 2)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: GOOD[:200], "damaged"),
        (lambda: with_part(with_part(GOOD, "xl/a.bin", OVER), "xl/b.bin", OVER), "bomb"),
        (
            lambda: with_part(GOOD, "xl/sharedStrings.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "">]>'),
            "bomb",
        ),
        (
            lambda: with_part(GOOD, "xl/sharedStrings.xml", '<?xml version="1.0"?><!DOCTYPE a>'.encode("utf-16")),
            "bomb",
        ),
        (lambda: with_part(GOOD, "xl/vbaProject.bin", b"x"), "macros"),
        (lambda: encrypted_flag(GOOD), "locked"),
    ],
    ids=["cut", "unpacked", "entities", "entities in utf-16", "macros", "locked"],
)
def test_a_hostile_workbook_is_refused_before_it_is_opened(read_xlsx, make, code):
    assert code_of(read_xlsx, make())[0] == code


def test_a_picture_in_a_workbook_is_left_alone(read_xlsx):
    assert len(read_xlsx(with_part(GOOD, "xl/media/image1.png", b"<!DOCTYPE")).rows) == 1


def test_other_archives_are_no_workbook_and_too_many_parts_are_a_bomb(read_xlsx, monkeypatch):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert code_of(read_xlsx, out.getvalue())[0] == "not_workbook"
    monkeypatch.setattr("endorsement_portal.sheets.workbook.PARTS_MAX", 3)
    assert code_of(read_xlsx, GOOD)[0] == "bomb"


# --- The way in -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("content", "rows"), [(PLAIN.encode(), 1), (GOOD, 1)])
def test_the_child_writes_the_table(tmp_path: Path, content, rows):
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(content)
    assert read_sheet(source, target, LIMITS) == {"rows": rows}
    assert len(from_json(target.read_bytes()).rows) == rows


@pytest.mark.django_db
def test_only_the_table_is_kept_and_not_the_upload(applicant):
    found, stored = intake.receive(upload(GOOD, "../My log.XLSX"), by=applicant.user)
    assert (found.name, stored.name, stored.content_type) == ("My log.xlsx", "My log.xlsx", "application/json")
    assert intake.table_of(stored) == found.table
    with stored.content.open("rb") as handle:
        assert handle.read()[:1] == b"{"
    assert StoredFile.objects.get().scan_state == ScanState.NOT_SCANNED


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"x" * (table.FILE_BYTES_MAX + 1), "too_large"),
        (b"%PDF-1.7 ...", "not_sheet"),
        (b"\xef\xbb\xbf <!DOCTYPE html><table>", "not_sheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old_workbook"),
        (GOOD[:300], "damaged"),
        (b"Date,Course\n", "no_rows"),
        (b'Date,Course\n2025-01-01,"A\n', "quotes"),
    ],
)
def test_what_cannot_be_taken_says_why(content, code):
    with pytest.raises(SheetRefused) as raised:
        intake.inspect(upload(content))
    assert raised.value.code == code
    assert len(raised.value.messages[0]) > 40
    assert "%(" not in raised.value.messages[0]


def test_what_the_virus_scan_holds_back_is_refused(monkeypatch):
    monkeypatch.setattr("endorsement_portal.files.scanning.scan", lambda upload: ScanState.QUARANTINED)
    with pytest.raises(SheetRefused, match="virus"):
        intake.inspect(upload(GOOD))


def test_a_child_that_says_something_unknown_means_a_damaged_file(monkeypatch):
    monkeypatch.setattr("endorsement_portal.files.cleaning.in_child", lambda chunks, kind: ({"code": "pixels"}, b""))
    with pytest.raises(SheetRefused) as raised:
        intake.inspect(upload(GOOD))
    assert raised.value.code == "damaged"


def test_the_field_reads_while_it_validates_and_says_its_limits():
    field = SheetField()
    cleaned = field.clean(upload(GOOD, "log.xlsx"))
    assert cleaned.inspected.table.headings == ("Date", "Course")
    assert field.clean(cleaned) is cleaned
    assert field.widget.attrs["data-max-bytes"] == table.FILE_BYTES_MAX
    assert str(field.help_text) == "Excel workbook (.xlsx) or CSV, up to 5.0\xa0MB and 10,000 rows."
    assert SheetField(required=False).clean(None) is None


def test_every_reason_has_words_of_its_own():
    assert len({str(message) for message in refusals.MESSAGES.values()}) == len(refusals.MESSAGES)
