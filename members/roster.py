"""Reading an association's member roster, without a database. Every fault by line and column; one spoils the file."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from members.enums import MembershipKind
from members.names import NAME_LENGTH_MAX, has_control

COLUMNS = ("email", "name", "kind", "number", "starts_on", "ends_on")
ROWS_MAX = 50_000
NUMBER_LENGTH_MAX = 60
YEARS = range(1950, 2101)


@dataclass(frozen=True, slots=True)
class RosterRow:
    line: int
    email: str
    name: str
    kind: str
    number: str
    starts_on: datetime.date
    ends_on: datetime.date


@dataclass(frozen=True, slots=True)
class Fault:
    """`line` as an editor counts it; the header is line 1. `column` is empty when the whole line is meant."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"line {self.line}, {self.column}" if self.column else f"line {self.line}"
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Roster:
    rows: tuple[RosterRow, ...]
    faults: tuple[Fault, ...]


def read(content: bytes) -> Roster:
    """Rows in the order of the file, or all faults. UTF-8, with or without a byte order mark."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        return Roster((), (Fault(line, "", "this is not UTF-8 text"),))
    if "\x00" in text:
        return Roster((), (Fault(text[: text.index("\x00")].count("\n") + 1, "", "this is not text"),))
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        return _read(reader)
    except csv.Error as problem:
        return Roster((), (Fault(reader.reader.line_num, "", f"this is not CSV ({problem})"),))


def _read(reader: csv.DictReader[str]) -> Roster:
    faults = list(_header_faults(tuple(reader.fieldnames or ())))
    if faults:
        return Roster((), tuple(faults))
    rows: list[RosterRow] = []
    seen: dict[tuple[str, str, datetime.date], int] = {}
    for values in reader:
        line = reader.line_num
        if len(rows) >= ROWS_MAX:
            faults.append(Fault(line, "", f"more than {ROWS_MAX} rows: split the file"))
            break
        row = _row(line, values, faults)
        if row is None:
            continue
        key = (row.email, row.kind, row.starts_on)
        if key in seen:
            faults.append(Fault(line, "email", f"the same membership stands in line {seen[key]}"))
        seen.setdefault(key, line)
        rows.append(row)
    return Roster((), tuple(faults)) if faults else Roster(tuple(rows), ())


def _header_faults(names: tuple[str, ...]) -> Iterator[Fault]:
    for missing in (column for column in COLUMNS if column not in names):
        yield Fault(1, missing, "this column is missing")
    for unknown in (name for name in names if name not in COLUMNS):
        yield Fault(1, unknown, "no column of this name is known")
    for doubled in sorted({name for name in names if names.count(name) > 1}):
        yield Fault(1, doubled, "this column stands twice")


def _row(line: int, values: dict[str, str], faults: list[Fault]) -> RosterRow | None:
    if None in values or None in values.values():
        faults.append(Fault(line, "", f"this line does not have {len(COLUMNS)} values"))
        return None
    text = {column: values[column].strip() for column in COLUMNS}
    found = [Fault(line, column, message) for column, message in _text_faults(text)]
    starts_on, ends_on = _day(text["starts_on"]), _day(text["ends_on"])
    for column, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        if day is None:
            found.append(Fault(line, column, f"“{text[column]}” is no date like 2026-01-31"))
    if starts_on and ends_on and ends_on < starts_on:
        found.append(Fault(line, "ends_on", "the last day is before the first day"))
    faults.extend(found)
    if found or starts_on is None or ends_on is None:
        return None
    kind = text["kind"].lower() or MembershipKind.INDIVIDUAL.value
    return RosterRow(line, text["email"].lower(), text["name"], kind, text["number"], starts_on, ends_on)


def _text_faults(text: dict[str, str]) -> Iterator[tuple[str, str]]:
    try:
        validate_email(text["email"])
    except ValidationError:
        yield "email", f"“{text['email']}” is no email address"
    if not text["name"]:
        yield "name", "the name is missing"
    elif has_control(text["name"]) or len(text["name"]) > NAME_LENGTH_MAX:
        yield "name", f"a name is one line of at most {NAME_LENGTH_MAX} letters"
    if text["kind"] and text["kind"].lower() not in MembershipKind.values:
        yield "kind", f"“{text['kind']}” is none of: {', '.join(MembershipKind.values)}"
    if len(text["number"]) > NUMBER_LENGTH_MAX or has_control(text["number"]):
        yield "number", f"a number is one line of at most {NUMBER_LENGTH_MAX} characters"


def _day(text: str) -> datetime.date | None:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS and text == day.isoformat() else None
