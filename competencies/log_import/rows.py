"""Pure: a table and its columns read into rows, or into faults that name row, column, value and remedy."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

from django.utils.translation import gettext as _

from competencies.enums import EntryKind, SessionFormat, TrainingTopic
from competencies.log_import import values
from competencies.log_import.columns import Columns
from competencies.log_import.fields import FIELDS, LogField
from competencies.log_import.row_reader import Fault, RowReader
from endorsement_portal.sheets.table import Cell, CellKind, Row, Table

TRAINING_MINUTES_MAX = 2000 * 60
SESSION_MINUTES_MAX = 24 * 60
PARTS = {"part_core": TrainingTopic.CORE, "part_rsc": TrainingTopic.RSC, "part_dei": TrainingTopic.DEI}


@dataclass(frozen=True, slots=True)
class TrainingRow:
    number: int
    on: datetime.date
    title: str
    minutes: int
    organizer: str = ""
    topics: tuple[str, ...] = ()
    topic_minutes: tuple[tuple[str, int], ...] = ()
    ages: tuple[str, ...] = ()
    competencies: tuple[str, ...] = ()

    def values(self) -> dict[str, Any]:
        """What the entry's columns hold."""
        return {
            "on": self.on,
            "title": self.title,
            "minutes": self.minutes,
            "organizer": self.organizer,
            "topics": list(self.topics),
            "topic_minutes": dict(self.topic_minutes),
            "ages": list(self.ages),
            "competencies": list(self.competencies),
        }


@dataclass(frozen=True, slots=True)
class ProviderName:
    """Who gave a session: an address, and the name that stood beside it."""

    email: str
    name: str


@dataclass(frozen=True, slots=True)
class SessionRow:
    number: int
    on: datetime.date
    minutes: int
    format: str
    mode: str
    provider: ProviderName | None = None
    group_size: int | None = None
    about_own_provision: bool = False
    ages: tuple[str, ...] = ()
    competencies: tuple[str, ...] = ()

    def values(self) -> dict[str, Any]:
        """What the entry's columns hold, but for the provider, who is a person."""
        return {
            "on": self.on,
            "minutes": self.minutes,
            "format": self.format,
            "group_size": self.group_size,
            "mode": self.mode,
            "about_own_provision": self.about_own_provision,
            "ages": list(self.ages),
            "competencies": list(self.competencies),
        }


AnyRow: TypeAlias = TrainingRow | SessionRow


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the file: the person's own day and address, their providers, the competencies."""

    today: datetime.date
    own_email: str = ""
    providers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Name in small letters -> addresses of the providers whom the person has named before."""
    competencies: Mapping[str, str] = field(default_factory=dict)
    """Code or name in small letters -> code, in the order of the standard."""


@dataclass(frozen=True, slots=True)
class Reading:
    rows: tuple[AnyRow, ...]
    faults: tuple[Fault, ...]


def read(kind: EntryKind, table: Table, columns: Columns, known: Known) -> Reading:
    """Every row of the table is either among the rows or among the faults, in the order of the file."""
    rows: list[AnyRow] = []
    faults: list[Fault] = []
    for row in table.rows:
        reader = _EntryReader(FIELDS[kind], table, columns, row, known)
        made = reader.training() if kind is EntryKind.TRAINING else reader.session()
        faults.extend(reader.faults)
        if made is not None and not reader.faults:
            rows.append(made)
    return Reading(tuple(rows), tuple(faults))


class _EntryReader(RowReader):
    """A row as an entry of the portfolio."""

    def __init__(self, fields: tuple[LogField, ...], table: Table, columns: Columns, row: Row, known: Known) -> None:
        super().__init__(fields, table, columns, row, known.today)
        self.known = known

    def training(self) -> TrainingRow | None:
        on, title = self.needed("on", self.day), self.needed("title", self.line)
        minutes = self._minutes(TRAINING_MINUTES_MAX)
        organizer = self.optional("organizer", self.line, "")
        topics = self.optional("topics", values.topics, ())
        parts = tuple(self._parts(minutes, topics))
        ages, competencies = self._ages_and_competencies()
        if on is None or title is None or minutes is None:
            return None
        return TrainingRow(self.row.number, on, title, minutes, organizer, topics, parts, ages, competencies)

    def session(self) -> SessionRow | None:
        on, minutes = self.needed("on", self.day), self._minutes(SESSION_MINUTES_MAX)
        form = self.for_all("format", values.session_format)
        mode = self.for_all("mode", values.session_mode)
        provider = self._provider(form)
        group_size = self._group_size(form)
        about = self.optional("about_own_provision", values.yes_or_no, otherwise=False)
        ages, competencies = self._ages_and_competencies()
        if on is None or minutes is None or form is None or mode is None:
            return None
        return SessionRow(
            self.row.number, on, minutes, form, mode, provider, group_size, about, ages, competencies
        )  # fmt: skip

    def _minutes(self, longest: int) -> int | None:
        return self.needed("minutes", lambda cell: self.length("minutes", cell, longest))

    def _ages_and_competencies(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        ages = self.optional("ages", values.ages, ())
        found = self.optional(
            "competencies", lambda cell: values.competencies(cell, self.known.competencies), ()
        )  # fmt: skip
        return ages, found

    def _parts(self, whole: int | None, topics: tuple[str, ...]) -> Iterator[tuple[str, int]]:
        """Topics of which only a part of the length is. A zero says that there is none."""
        for name, topic in PARTS.items():
            part = self.optional(name, partial(self._part, name), None)
            if part is None:
                continue
            if topic.value in topics:
                self.fault(name, _("The row says that all of it was about this. Keep one of the two."))
            elif whole is not None and part > whole:
                self.fault(name, _("A part cannot be longer than the whole."))
            else:
                yield topic.value, part

    def _part(self, name: str, cell: Cell) -> int | None:
        zero = not cell.text.strip("0.,: ") and cell.kind is not CellKind.FORMULA
        return None if zero else self.length(name, cell, TRAINING_MINUTES_MAX)

    def _provider(self, form: str | None) -> ProviderName | None:
        faults_before = len(self.faults)
        name = self.optional("provider", self.line, "")
        email = self.optional("provider_email", values.email, "")
        if len(self.faults) == faults_before and name and not email:
            email = self._known_address(name)
        if not email:
            if not name and form == SessionFormat.INDIVIDUAL and len(self.faults) == faults_before:
                self.fault("provider", _("An individual session has a provider. Name the person."))
            return None
        if email == self.known.own_email:
            place = "provider_email" if self.cell("provider_email") else "provider"
            self.fault(place, _("You cannot be your own provider."))
        return ProviderName(email, name)

    def _known_address(self, name: str) -> str:
        """The address of the one provider of this name whom the person has named before."""
        addresses = self.known.providers.get(name.casefold(), ())
        if len(addresses) == 1:
            return addresses[0]
        if addresses:
            self.fault("provider", _("You have two providers of this name. Write the provider's email."))
        else:
            self.fault("provider", _("Write the provider's email too, so that they can confirm."))
        return ""

    def _group_size(self, form: str | None) -> int | None:
        if form != SessionFormat.GROUP:
            return None
        if self.cell("group_size") is None:
            self.fault("group_size", _("Say how many of you were in the group."))
            return None
        found: int | None = self.optional("group_size", values.size, None)
        return found
