"""A ZIP from anybody's hands: read when it is what we write, else refused with each fault by its path."""

import contextlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.own_data import opening
from competencies.own_data.opening import Opened, is_zip, opened
from competencies.portable import PortableFault
from tests.competencies.own_data.zips import MORE, PORTFOLIO, honest, zipped


def faults(handle) -> list[str]:
    with pytest.raises(PortableFault) as caught:
        opened(handle)
    return caught.value.faults


def test_an_honest_zip():
    assert opened(zipped()) == Opened(data=PORTFOLIO, keys={"w1": "w-77"}, files=1)
    assert opened(zipped({"portfolio.json": PORTFOLIO})) == Opened(data=PORTFOLIO)


def test_a_zip_is_told_by_its_first_bytes():
    assert (is_zip(zipped()), is_zip(io.BytesIO(b'{"a": 1}')), is_zip(io.BytesIO())) == (True, False, False)
    assert is_zip(zipped({"x": b""})) is True


@pytest.mark.parametrize(
    "name",
    [
        "../etc/passwd", "/etc/passwd", "files/../x.pdf", "files/a/b.pdf", "files/a\\b.pdf", "files/", "files/ .",
        "x.py", "files/a\x07.pdf", "files/a\u202efdp.exe", "sheets/x.exe", "sheets/A.csv", "sheets/",
        "__MACOSX/portfolio.json", "Portfolio.JSON", "files/c:x", "files/" + "a" * 201,
    ],
)  # fmt: skip
def test_odd_names_are_refused(name):
    found = faults(zipped({**honest(), name: b"x"}))
    assert any("this name does not belong in such a ZIP" in fault for fault in found)
    assert not any(character < " " or character == "\u202e" for fault in found for character in fault)


def test_a_name_that_ends_before_it_ends():
    content = (
        zipped({**honest(), "files/a.pdfXb.exe": b"x"}).getvalue().replace(b"files/a.pdfXb.exe", b"files/a.pdf\0b.exe")
    )
    assert faults(io.BytesIO(content)) == [
        "files/a.pdf\N{REPLACEMENT CHARACTER}b.exe: this name does not belong in such a ZIP"
    ]


def test_names_stand_once():
    handle = zipped()
    with zipfile.ZipFile(handle, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("portfolio.json", "{}")
    assert faults(handle) == ["portfolio.json: stands more than once"] * 2


def test_the_portfolio_must_be_there():
    assert faults(zipped({"files/a.pdf": b"x"})) == ["portfolio.json: is not in the ZIP"]


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    bomb = b"\0" * 3_000_000
    assert faults(zipped({**honest(), "files/a.pdf": bomb})) == ["files/a.pdf: unpacks to far more than its size"]
    monkeypatch.setattr(opening, "TOTAL_BYTES_MAX", 10)
    assert faults(zipped()) == ["The ZIP unpacks to more than any portfolio"]


def test_a_member_that_lies_about_its_size_is_damaged():
    raw = b" " * 500_000
    honest_zip = zipped({"portfolio.json": raw})
    content = honest_zip.getvalue().replace((500_000).to_bytes(4, "little"), (40).to_bytes(4, "little"))
    assert faults(io.BytesIO(content))[0].startswith(("The ZIP is damaged", "portfolio.json: not JSON"))


def test_what_is_too_large_to_read(monkeypatch):
    monkeypatch.setattr(opening, "JSON_BYTES_MAX", 100)
    assert faults(zipped({"portfolio.json": b"{}" + b" " * 99})) == ["portfolio.json: larger than 0 MB"]


def test_the_directory_is_measured_before_it_is_read(monkeypatch):
    monkeypatch.setattr(opening, "DIRECTORY_BYTES_MAX", 20)
    assert faults(zipped()) == ["The ZIP has more files in it than any portfolio"]


def test_the_large_format_is_refused():
    content = zipped().getvalue()
    end = content.rfind(opening.END_SIGNATURE)
    large = content[:end] + opening.LARGE_SIGNATURE + b"\0" * 16 + content[end:]
    assert faults(io.BytesIO(large)) == ["The ZIP has more files in it than any portfolio"]


def test_links_and_locks():
    handle = zipped()
    with zipfile.ZipFile(handle, "a") as archive:
        link = zipfile.ZipInfo("files/link.pdf")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert faults(handle) == ["files/link.pdf: is no plain file"]
    locked = bytearray(zipped({"portfolio.json": PORTFOLIO}).getvalue())
    locked[locked.rfind(b"PK\x01\x02") + 8] |= 1
    assert faults(io.BytesIO(bytes(locked))) == ["portfolio.json: is locked with a password"]


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"x" * 500, b"PK\x05\x06" + b"\0" * 5])
def test_damaged(content):
    assert faults(io.BytesIO(content))[0].startswith("The ZIP is damaged")


def test_a_broken_member():
    content = bytearray(zipped({"portfolio.json": PORTFOLIO}).getvalue())
    start = content.find(b"portfolio.json") + len("portfolio.json")
    content[start + 5] ^= 0xFF
    assert faults(io.BytesIO(bytes(content)))[0].startswith("The ZIP is damaged")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"{", "portfolio.json: not JSON in UTF-8"),
        (b"\xff", "portfolio.json: not JSON"),
        (b"[" * 9000, "portfolio.json: not JSON"),
    ],
)
def test_no_json(content, fault):
    assert faults(zipped({"portfolio.json": content}))[0].startswith(fault)


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ([], "more.json: is not 'endorsement-portfolio-more/1'"),
        ({"format": "x"}, "more.json: is not 'endorsement-portfolio-more/1'"),
        ({**MORE, "keys": []}, "more.json: is not 'endorsement-portfolio-more/1'"),
        ({**MORE, "keys": {"work": []}}, "more.json: $.keys.work: one name for each entry of portfolio.json"),
        ({**MORE, "keys": {"work": "w"}}, "more.json: $.keys.work: one name for each entry of portfolio.json"),
        ({**MORE, "keys": {"work": [7]}}, "more.json: $.keys.work[0]: 7 is no name of an entry"),
        ({**MORE, "keys": {"work": ["a b"]}}, "more.json: $.keys.work[0]: 'a b' is no name of an entry"),
    ],
)  # fmt: skip
def test_names_of_entries(more, fault):
    assert faults(zipped({"portfolio.json": PORTFOLIO, "more.json": more})) == [fault]


def test_a_name_of_an_entry_stands_once():
    data = {**PORTFOLIO, "work": PORTFOLIO["work"] * 2}
    more = {**MORE, "keys": {"work": ["w", "w"]}}
    assert faults(zipped({"portfolio.json": data, "more.json": more})) == [
        "more.json: $.keys.work: a name stands more than once"
    ]


def test_a_portfolio_that_is_a_list_has_no_names():
    assert opened(zipped({"portfolio.json": [], "more.json": {**MORE, "keys": {}}})).keys == {}


@given(st.binary(max_size=60), st.integers(0, 600))
def test_whatever_is_planted_into_it_only_faults_are_raised(noise, place):
    content = zipped().getvalue()
    place %= len(content)
    with contextlib.suppress(PortableFault):
        assert opened(io.BytesIO(content[:place] + noise + content[place + len(noise) :])).files == 1
