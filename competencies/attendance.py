"""Pure: an attendance list of a course, read by the same reader as a member's log."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from competencies.log_import import values
from competencies.log_import.columns import Columns, asks_for_order, asks_for_unit, missing
from competencies.log_import.fields import DAY_WORDS, LENGTH_WORDS, LogField
from competencies.log_import.row_reader import Fault, RowReader
from competencies.log_import.rows import TRAINING_MINUTES_MAX
from endorsement_portal.sheets.table import Cell, Table

FIELDS: tuple[LogField, ...] = (
    LogField(
        "email",
        _("Email"),
        ("email", "e mail", "email address", "attendee email", "participant email", "mail"),
        required=True,
    ),
    LogField(
        "name",
        _("Name"),
        ("name", "attendee", "full name", "participant", "attendee name", "participant name", "first and last name"),
    ),
    LogField("on", _("Date"), DAY_WORDS),
    LogField("minutes", _("Length, if it differs"), LENGTH_WORDS, length=True),
)


def _minutes(reader: RowReader, cell: Cell) -> int:
    return reader.length("minutes", cell, TRAINING_MINUTES_MAX)


@dataclass(frozen=True, slots=True)
class Attendee:
    """One line of a roster. `minutes` only when the file says them."""

    number: int
    email: str
    name: str
    on: datetime.date
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class RosterReading:
    attendees: tuple[Attendee, ...]
    repeated: tuple[Attendee, ...]
    """The same address on the same day further up in the file."""
    faults: tuple[Fault, ...]


def read_roster(table: Table, columns: Columns, *, day: datetime.date, today: datetime.date) -> RosterReading:
    """Rows without a date of their own were there on `day`."""
    attendees: dict[tuple[str, datetime.date], Attendee] = {}
    repeated: list[Attendee] = []
    faults: list[Fault] = []
    for row in table.rows:
        reader = RowReader(FIELDS, table, columns, row, today)
        email = reader.needed("email", values.email)
        name = reader.optional("name", reader.line, "")
        on = reader.optional("on", reader.day, day)
        minutes = reader.optional("minutes", partial(_minutes, reader), None)
        faults.extend(reader.faults)
        if reader.faults or email is None:
            continue
        attendee = Attendee(row.number, email, name, on, minutes)
        if attendees.setdefault((email, on), attendee) is not attendee:
            repeated.append(attendee)
    return RosterReading(tuple(attendees.values()), tuple(repeated), tuple(faults))


def open_questions(table: Table, columns: Columns) -> tuple[str, ...]:
    """What the headings and values leave open, each with the way to close it in the list itself."""
    asked = []
    if missing(FIELDS, columns):
        names = ", ".join(f"“{values.shown(heading)}”" for heading in table.headings if heading)
        asked.append(
            gettext("No column holds email addresses. Write Email above it. The headings are: %(names)s.")
            % {"names": names}
        )
    if columns.unit is None and asks_for_unit(FIELDS, table, columns.places):
        asked.append(gettext("There are lengths without a unit. Write Hours or Minutes above them."))
    if columns.order is None and asks_for_order(table, columns.places):
        asked.append(gettext("There are dates that can be read both ways. Write them as 2025-03-04."))
    return tuple(asked)
