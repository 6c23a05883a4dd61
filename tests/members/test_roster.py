"""Reading a roster: every fault by line and column, and nothing when there is one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members import roster
from members.roster import Fault, RosterRow, read

HEAD = "email,name,kind,number,starts_on,ends_on\n"
GOOD = "ada@example.org,Ada Meadow,individual,17,2026-01-01,2026-12-31\n"


def faults(text):
    found = read(text.encode() if isinstance(text, str) else text)
    assert found.rows == ()
    return [str(fault) for fault in found.faults]


def test_a_good_roster():
    found = read(("\ufeff" + HEAD + GOOD + "BEN@Example.org , Ben Oak,,,2026-02-01,2026-02-01\r\n").encode())
    assert found.faults == ()
    assert found.rows == (
        RosterRow(2, "ada@example.org", "Ada Meadow", "individual", "17", date(2026, 1, 1), date(2026, 12, 31)),
        RosterRow(3, "ben@example.org", "Ben Oak", "individual", "", date(2026, 2, 1), date(2026, 2, 1)),
    )


def test_columns_may_stand_in_any_order():
    text = "ends_on,starts_on,number,kind,name,email\n2026-12-31,2026-01-01,,organizational,Ada,ada@example.org\n"
    assert read(text.encode()).rows[0].kind == "organizational"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("nonsense,Ada,,,2026-01-01,2026-12-31", "line 2, email: “nonsense” is no email address"),
        (",Ada,,,2026-01-01,2026-12-31", "line 2, email: “” is no email address"),
        ("a@example.org,,,,2026-01-01,2026-12-31", "line 2, name: the name is missing"),
        ("a@example.org,A\u2028B,,,2026-01-01,2026-12-31", "line 2, name: a name is one line of at most 200 letters"),
        (f"a@b.org,{'x' * 201},,,2026-01-01,2026-12-31", "line 2, name: a name is one line of at most 200 letters"),
        ("a@b.org,A,student,,2026-01-01,2026-12-31", "line 2, kind: “student” is none of: individual, organizational"),
        (
            f"a@b.org,A,,{'9' * 61},2026-01-01,2026-12-31",
            "line 2, number: a number is one line of at most 60 characters",
        ),
        ("a@example.org,A,,,01/02/2026,2026-12-31", "line 2, starts_on: “01/02/2026” is no date like 2026-01-31"),
        ("a@example.org,A,,,20260101,2026-12-31", "line 2, starts_on: “20260101” is no date like 2026-01-31"),
        ("a@example.org,A,,,2026-01-01,9999-12-31", "line 2, ends_on: “9999-12-31” is no date like 2026-01-31"),
        ("a@example.org,A,,,2026-02-30,2026-12-31", "line 2, starts_on: “2026-02-30” is no date like 2026-01-31"),
        ("a@example.org,A,,,2026-12-31,2026-01-01", "line 2, ends_on: the last day is before the first day"),
        ("a@example.org,A,,,2026-01-01", "line 2: this line does not have 6 values"),
        ("a@example.org,A,,,2026-01-01,2026-12-31,more", "line 2: this line does not have 6 values"),
    ],
)  # fmt: skip
def test_each_fault_by_line_and_column(line, told):
    assert faults(HEAD + line + "\n" + GOOD) == [told]


def test_all_faults_are_told_at_once():
    assert faults(HEAD + "x,,student,,a,b\n" + GOOD + "y,B,,,2026-01-01,2026-12-31\n") == [
        "line 2, email: “x” is no email address",
        "line 2, name: the name is missing",
        "line 2, kind: “student” is none of: individual, organizational",
        "line 2, starts_on: “a” is no date like 2026-01-31",
        "line 2, ends_on: “b” is no date like 2026-01-31",
        "line 4, email: “y” is no email address",
    ]


def test_the_same_membership_twice():
    assert faults(HEAD + GOOD + GOOD.upper().replace("INDIVIDUAL", "individual")) == [
        "line 3, email: the same membership stands in line 2"
    ]


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("", [f"line 1, {column}: this column is missing" for column in roster.COLUMNS]),
        ("email,name,kind,number,starts_on\n", ["line 1, ends_on: this column is missing"]),
        ("email,name,kind,number,starts_on,ends_on,phone\n", ["line 1, phone: no column of this name is known"]),
        ("email,email,name,kind,number,starts_on,ends_on\n", ["line 1, email: this column stands twice"]),
    ],
)
def test_a_wrong_header(head, told):
    assert faults(head) == told


def test_not_text_and_not_csv():
    assert faults(HEAD.encode() + b"caf\xe9@example.org,A,,,,\n") == ["line 2: this is not UTF-8 text"]
    assert faults(HEAD + "a\x00b\n") == ["line 2: this is not text"]
    assert faults(HEAD + '"a"b,c\n')[0].startswith("line 2: this is not CSV")


def test_a_roster_has_an_end(monkeypatch):
    monkeypatch.setattr(roster, "ROWS_MAX", 1)
    assert faults(HEAD + GOOD + GOOD.replace("ada", "ben")) == ["line 3: more than 1 rows: split the file"]


@given(st.binary(max_size=300))
def test_any_bytes_are_answered(content):
    found = read(HEAD.encode() + content)
    assert not (found.rows and found.faults)


@given(st.text(max_size=300))
def test_any_text_is_answered(content):
    assert all(isinstance(fault, Fault) for fault in read((HEAD + content).encode("utf-8", "surrogatepass")).faults)
