"""Pure: which column means what. Guessed from the headings, changed by the person, remembered for the next file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from competencies.enums import DayOrder, NumberUnit
from competencies.log_import.fields import LogField
from endorsement_portal.sheets.table import Cell, CellKind, Table

_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/[0-9]{4}", re.ASCII)
_BARE = re.compile(r"[0-9]{1,6}(?:[.,][0-9]+)?", re.ASCII)
_HOURS = re.compile(r"\b(hours?|hrs?|h)\b")
_MINUTES = re.compile(r"\b(minutes?|mins?)\b")
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds which field, what is said once for all rows, and how numbers and dates are meant.

    `unit` and `order` may be None: then a value that needs them is a fault.
    """

    places: Mapping[str, int]
    for_all: Mapping[str, str] = field(default_factory=dict)
    unit: NumberUnit | None = None
    order: DayOrder | None = None

    def as_data(self) -> dict[str, Any]:
        return {
            "places": dict(self.places),
            "for_all": dict(self.for_all),
            "unit": self.unit.value if self.unit else "",
            "order": self.order.value if self.order else "",
        }


def from_data(data: Mapping[str, Any]) -> Columns:
    return Columns(
        places=dict(data["places"]),
        for_all=dict(data["for_all"]),
        unit=NumberUnit(data["unit"]) if data["unit"] else None,
        order=DayOrder(data["order"]) if data["order"] else None,
    )


def plain(heading: str) -> str:
    """A heading as it is compared: small letters without accents and signs."""
    letters = unicodedata.normalize("NFKD", heading.casefold().replace("'", "").replace("\u2019", ""))
    bare = "".join(mark for mark in letters if not unicodedata.combining(mark))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare).split())


def guess(fields: Sequence[LogField], table: Table, remembered: Mapping[str, str] | None = None) -> Columns:
    """The columns as their headings say, each used once. `remembered` (plain heading -> field) goes first.

    A field whose best words stand above two columns is left open: then the person says which one.
    """
    headings = [plain(heading) for heading in table.headings]
    places = _remembered(fields, headings, remembered or {})
    for exact in (True, False):
        for known in fields:
            if known.name in places:
                continue
            free = [place for place in range(len(headings)) if place not in places.values()]
            place = _place_of(known.words, headings, free, exact=exact)
            if place is not None:
                places[known.name] = place
    return Columns(places=places, unit=guess_unit(table, places), order=guess_order(table, places))


def _remembered(fields: Sequence[LogField], headings: list[str], remembered: Mapping[str, str]) -> dict[str, int]:
    names = {known.name for known in fields}
    places: dict[str, int] = {}
    for heading, name in remembered.items():
        if name in names and name not in places and headings.count(heading) == 1:
            places[name] = headings.index(heading)
    return places


def _place_of(words: tuple[str, ...], headings: list[str], free: list[int], *, exact: bool) -> int | None:
    """The one free column under the best of these words; None when there is none, or more than one."""
    for word in words:
        if exact:
            fitting = [place for place in free if headings[place] == word]
        else:
            fitting = [place for place in free if f" {word} " in f" {headings[place]} "]
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


def remembered_of(table: Table, columns: Columns) -> dict[str, str]:
    """What to remember of a choice: plain heading -> field. Headings that are empty or stand twice say nothing."""
    headings = [plain(heading) for heading in table.headings]
    return {
        headings[place]: name
        for name, place in columns.places.items()
        if place < len(headings) and headings[place] and headings.count(headings[place]) == 1
    }


def said_unit(heading: str) -> NumberUnit | None:
    """What a heading says about the plain numbers below it. None when it says nothing, or both."""
    words = plain(heading)
    hours, minutes = bool(_HOURS.search(words)), bool(_MINUTES.search(words))
    if hours == minutes:
        return None
    return NumberUnit.HOURS if hours else NumberUnit.MINUTES


def guess_unit(table: Table, places: Mapping[str, int]) -> NumberUnit | None:
    """What the heading of the length says."""
    return said_unit(table.headings[places["minutes"]]) if "minutes" in places else None


def unit_of(name: str, table: Table, columns: Columns) -> NumberUnit | None:
    """The unit of one column of lengths: the person's answer for the length itself; a part may say its own."""
    own = said_unit(table.headings[columns.places[name]]) if name != "minutes" else None
    return own or columns.unit


def guess_order(table: Table, places: Mapping[str, int]) -> DayOrder | None:
    """What the dates themselves prove: a part above 12 is no month. None when nothing, or both, is proved."""
    if "on" not in places:
        return None
    first, second = _slashed(table.column(places["on"]))
    if any(part > MONTHS for part in second) == any(part > MONTHS for part in first):
        return None
    return DayOrder.MONTH_FIRST if any(part > MONTHS for part in second) else DayOrder.DAY_FIRST


def asks_for_order(table: Table, places: Mapping[str, int]) -> bool:
    """Whether some date can be read both ways."""
    if "on" not in places:
        return False
    first, second = _slashed(table.column(places["on"]))
    return any(one <= MONTHS and two <= MONTHS and one != two for one, two in zip(first, second, strict=True))


def asks_for_unit(fields: Sequence[LogField], table: Table, places: Mapping[str, int]) -> bool:
    """Whether some length is a number without a unit, and its heading does not say one either."""
    open_columns = Columns(places=places)
    return any(
        _BARE.fullmatch(cell.text.strip())
        for known in fields
        if known.length and known.name in places and unit_of(known.name, table, open_columns) is None
        for cell in table.column(places[known.name])
        if cell.kind in (CellKind.TEXT, CellKind.NUMBER)
    )


def _slashed(cells: Iterable[Cell]) -> tuple[list[int], list[int]]:
    found = [_SLASHED.fullmatch(cell.text.strip()) for cell in cells if cell.kind is CellKind.TEXT]
    return [int(match[1]) for match in found if match], [int(match[2]) for match in found if match]


def missing(fields: Sequence[LogField], columns: Columns) -> tuple[str, ...]:
    """Required fields that no column and no word for all rows gives."""
    said = {**columns.places, **columns.for_all}
    return tuple(known.name for known in fields if known.required and known.name not in said)
