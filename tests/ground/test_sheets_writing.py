"""The one writer of spreadsheets: no formula leaves the house, and every text comes back as it was (threat 19)."""

import csv
import datetime
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from endorsement_portal.sheets import writing
from endorsement_portal.sheets.delimited import read_delimited
from endorsement_portal.sheets.marks import STARTS, marked, unmarked
from endorsement_portal.sheets.workbook import read_workbook
from tests.house.tree import imports, module_name, sources

STARTING = "=+-@\t\r\n\x00\uff1d\uff0b\uff0d\uff20"
COMMANDS = ("cmd|' /C calc'!A0", "SUM(1+9)*cmd", 'HYPERLINK("http://evil.example","x")', "1+1")
PAYLOADS = [f"{start}{command}" for start in STARTING for command in COMMANDS]


def parsed(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def pages(content: bytes):
    return load_workbook(io.BytesIO(content)).active


def test_the_list_of_payloads_is_long_enough():
    assert len(PAYLOADS) >= 40


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_is_a_formula_in_either_file(payload):
    rows = [[payload, "x"]]
    field = parsed(writing.csv_bytes(["Course", "B"], rows))[1][0]
    assert field[0] == "'"
    cell = pages(writing.xlsx_bytes(["Course", "B"], rows, sheet="Log"))["A2"]
    assert (cell.data_type, cell.number_format, str(cell.value)[0]) == ("s", "@", "'")
    assert cell.hyperlink is None


@given(st.text(max_size=40))
def test_every_text_comes_back_when_the_mark_is_taken_off(text):
    assert unmarked(marked(text)) == text
    assert marked(text)[:1] not in STARTS


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).map(str.strip).filter(bool))
def test_what_the_writer_wrote_the_reader_reads(tmp_path_factory, text):
    rows = [[text, "x"]]
    assert read_delimited(writing.csv_bytes(["Course", "B"], rows)).rows[0].cell(0).text == text
    path = tmp_path_factory.mktemp("book") / "source"
    path.write_bytes(writing.xlsx_bytes(["Course", "B"], rows, sheet="Log"))
    assert read_workbook(path).rows[0].cell(0).text == text


def test_dates_and_numbers_of_ours_keep_their_type():
    rows = [[datetime.date(2025, 3, 4), 90, None, "x"]]
    assert parsed(writing.csv_bytes(["A", "B", "C", "D"], rows))[1] == ["2025-03-04", "90", "", "x"]
    page = pages(writing.xlsx_bytes(["A", "B", "C", "D"], rows, sheet="Log"))
    assert [page[place].value for place in ("A2", "B2", "C2")] == [datetime.datetime(2025, 3, 4), 90, None]
    assert (page["A2"].number_format, page["A1"].font.bold, page.freeze_panes) == ("yyyy-mm-dd", True, "A2")


def test_what_no_workbook_can_hold_is_shown_as_lost():
    assert pages(writing.xlsx_bytes(["A", "B"], [["bell\x07", "x"]], sheet="a/b")).cell(2, 1).value == "bell\ufffd"
    assert parsed(writing.csv_bytes(["A"], [["half \ud800"]]))[1] == ["half ?"]


def test_a_sheet_always_has_a_name():
    for name, kept in (("Log [2025]: all", "Log  2025   all"), ("", "Sheet"), ("x" * 40, "x" * 31)):
        assert pages(writing.xlsx_bytes(["A"], [["x"]], sheet=name)).title == kept


def test_a_download_is_an_attachment():
    answer = writing.download(b"x", name="log.csv", content_type=writing.CSV_TYPE)
    assert answer["Content-Disposition"] == 'attachment; filename="log.csv"'


def test_nobody_else_writes_spreadsheets():
    """csv and openpyxl stand in the reader and the writer, and in the two readers of plain rosters."""
    users = {module_name(path) for path in sources() if {"csv", "openpyxl"} & imports(path)}
    assert users <= {
        "endorsement_portal.sheets.delimited",
        "endorsement_portal.sheets.workbook",
        "endorsement_portal.sheets.writing",
        "members.roster",
    }
