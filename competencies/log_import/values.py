"""Pure: one cell read strictly. Each function gives the value, or raises `Unread` with the words for the person."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping
from typing import TypeVar

from django.utils.translation import gettext as _

from competencies.durations import Fault, UnclearDuration, minutes_of, typed_form
from competencies.enums import Ages, DayOrder, NumberUnit, SessionFormat, SessionMode, TrainingTopic
from endorsement_portal.sheets.table import Cell, CellKind

YEARS = range(1940, 2101)
MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ][0-9:.]{5,15}Z?)?", re.ASCII)
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{2}|[0-9]{4})", re.ASCII)
_NAMED = re.compile(r"([A-Za-z]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})", re.ASCII)
_NAMED_AFTER = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)? ([A-Za-z]{3,9})\.?,? ([0-9]{4})", re.ASCII)
_BARE = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,6})?", re.ASCII)
_CLOCKED = re.compile(r"([0-9]{1,4}):([0-5][0-9]):00", re.ASCII)
_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+", re.ASCII | re.IGNORECASE)
_FORBIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = frozenset("\u200c\u200d")
_SHOWN = 60
EMAIL_MAX = 254

YES = frozenset({"yes", "y", "true", "x", "1"})
NO = frozenset({"no", "n", "false", "0", ""})
TOPIC_WORDS: dict[str, TrainingTopic] = {
    "core": TrainingTopic.CORE,
    "imh": TrainingTopic.CORE,
    "relationship-based work": TrainingTopic.CORE,
    "relationship-based": TrainingTopic.CORE,
    "rsc": TrainingTopic.RSC,
    "giving rsc": TrainingTopic.RSC,
    "reflective supervision": TrainingTopic.RSC,
    "dei": TrainingTopic.DEI,
    "diversity": TrainingTopic.DEI,
    "relationship-based infant and early childhood mental health": TrainingTopic.CORE,
    "giving reflective supervision/consultation": TrainingTopic.RSC,
    "diversity, equity and inclusion": TrainingTopic.DEI,
}
AGE_WORDS: dict[str, tuple[Ages, ...]] = {
    "0-36": (Ages.INFANT,),
    "0-36 months": (Ages.INFANT,),
    "birth to 36 months": (Ages.INFANT,),
    "birth to 3": (Ages.INFANT,),
    "birth-3": (Ages.INFANT,),
    "37-71": (Ages.EARLY_CHILDHOOD,),
    "37-71 months": (Ages.EARLY_CHILDHOOD,),
    "3 to 6": (Ages.EARLY_CHILDHOOD,),
    "both": (Ages.INFANT, Ages.EARLY_CHILDHOOD),
    "birth to 6": (Ages.INFANT, Ages.EARLY_CHILDHOOD),
    "all": (),
    "all ages": (),
    "pregnancy and birth to 36 months": (Ages.INFANT,),
    "37 to 71 months": (Ages.EARLY_CHILDHOOD,),
}
FORMAT_WORDS: dict[str, SessionFormat] = {
    "individual": SessionFormat.INDIVIDUAL,
    "individual session": SessionFormat.INDIVIDUAL,
    "one to one": SessionFormat.INDIVIDUAL,
    "one-on-one": SessionFormat.INDIVIDUAL,
    "1:1": SessionFormat.INDIVIDUAL,
    "group": SessionFormat.GROUP,
    "group session": SessionFormat.GROUP,
}
MODE_WORDS: dict[str, SessionMode] = {
    "in person": SessionMode.IN_PERSON,
    "in-person": SessionMode.IN_PERSON,
    "face to face": SessionMode.IN_PERSON,
    "face-to-face": SessionMode.IN_PERSON,
    "online": SessionMode.DISTANCE,
    "online or by phone": SessionMode.DISTANCE,
    "virtual": SessionMode.DISTANCE,
    "distance": SessionMode.DISTANCE,
    "by distance": SessionMode.DISTANCE,
    "remote": SessionMode.DISTANCE,
    "video": SessionMode.DISTANCE,
    "zoom": SessionMode.DISTANCE,
    "phone": SessionMode.DISTANCE,
    "by phone": SessionMode.DISTANCE,
}


Word = TypeVar("Word")


class Unread(ValueError):
    """This cell cannot be taken. The message says why and what to write."""


def shown(text: str) -> str:
    """A value as it stands in a message: one line, not too long, nothing that turns the line around."""
    visible = "".join(" " if unicodedata.category(mark) in _FORBIDDEN else mark for mark in text)
    line = " ".join(visible.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def text(cell: Cell, *, longest: int) -> str:
    """One line of visible text; line breaks become spaces."""
    line = " ".join(_taken(cell).split())
    if any(unicodedata.category(mark) in _FORBIDDEN and mark not in _JOINERS for mark in line):
        raise Unread(_("It holds a character that cannot be shown. Type the text again."))
    if len(line) > longest:
        raise Unread(_("It has %(n)d characters. The limit is %(limit)d.") % {"n": len(line), "limit": longest})
    return line


def day(cell: Cell, *, order: DayOrder | None, today: datetime.date) -> datetime.date:
    """A calendar day of the past: a date cell, 2025-03-04, 3/4/2025 or March 4, 2025."""
    found = _day(cell, order)
    if found.year not in YEARS:
        raise Unread(_("Check the year."))
    if found > today:
        raise Unread(_("This day has not come yet."))
    return found


def _day(cell: Cell, order: DayOrder | None) -> datetime.date:
    written = " ".join(_taken(cell).split())
    if cell.kind in (CellKind.NUMBER, CellKind.SPAN, CellKind.CLOCK, CellKind.YES_NO):
        raise Unread(_("This is no date. Format the column as a date in your spreadsheet, or write it as 2025-03-04."))
    if match := _ISO.fullmatch(written):
        return _calendar(int(match[1]), int(match[2]), int(match[3]))
    if match := _SLASHED.fullmatch(written):
        return _slashed(match, order)
    if match := _NAMED.fullmatch(written):
        return _calendar(int(match[3]), _month(match[1]), int(match[2]))
    if match := _NAMED_AFTER.fullmatch(written):
        return _calendar(int(match[3]), _month(match[2]), int(match[1]))
    raise Unread(_("Write the date as 2025-03-04, 3/4/2025 or March 4, 2025."))


def _slashed(match: re.Match[str], order: DayOrder | None) -> datetime.date:
    first, second, year = int(match[1]), int(match[2]), match[3]
    if len(year) != 4:
        raise Unread(_("Write the year with four digits."))
    if order is None and first != second:
        raise Unread(_("Is the month or the day first? Say so under Columns, or write the date as 2025-03-04."))
    month, day_of_month = (second, first) if order is DayOrder.DAY_FIRST else (first, second)
    return _calendar(int(year), month, day_of_month)


def _month(name: str) -> int:
    for number, known in enumerate(MONTH_NAMES, 1):
        if name.lower() in (known, known[:3]) or (known == "september" and name.lower() == "sept"):
            return number
    raise Unread(_("Write the date as 2025-03-04, 3/4/2025 or March 4, 2025."))


def _calendar(year: int, month: int, day_of_month: int) -> datetime.date:
    try:
        return datetime.date(year, month, day_of_month)
    except ValueError:
        raise Unread(_("There is no such day in the calendar.")) from None


LENGTH_FAULTS = {
    Fault.UNREADABLE: lambda: _("Write the length as 1 h 30 min, 1:30, 1.5 h or 90 min."),
    Fault.NOT_WHOLE: lambda: _("That is not a whole number of minutes. Write hours and minutes, as in 1 h 20 min."),
    Fault.ZERO: lambda: _("The length must be at least one minute."),
    Fault.AMBIGUOUS: lambda: _("Hours or minutes? Say so under Columns, or write 2 h or 2 min."),
    Fault.UNIT_MISSING: lambda: _("Hours or minutes? Say so under Columns, or write 1.5 h or 90 min."),
}


def length(cell: Cell, *, unit: NumberUnit | None, longest: int) -> int:
    """Whole minutes, at least one and at most `longest`. A number without a unit is read as `unit` says."""
    written = " ".join(_taken(cell).split())
    if cell.kind in (CellKind.DATE, CellKind.CLOCK, CellKind.YES_NO):
        raise Unread(_("This is no length. Write it as 1 h 30 min, 1:30, 1.5 h or 90 min."))
    if match := _CLOCKED.fullmatch(written):
        written = f"{match[1]}:{match[2]}"
    elif _BARE.fullmatch(written):
        if unit is None:
            raise Unread(LENGTH_FAULTS[Fault.UNIT_MISSING]())
        written = _with_unit(written, unit)
    try:
        minutes = minutes_of(written)
    except UnclearDuration as unclear:
        raise Unread(LENGTH_FAULTS[unclear.fault]()) from None
    if minutes > longest:
        raise Unread(_("That is more than %(limit)s. Check the number.") % {"limit": typed_form(longest)})
    return minutes


def _with_unit(number: str, unit: NumberUnit) -> str:
    whole, _point, part = number.replace(",", ".").partition(".")
    exact = f"{whole}.{part.rstrip('0')}".rstrip(".")
    return f"{exact} h" if unit is NumberUnit.HOURS else f"{exact} min"


def yes_or_no(cell: Cell) -> bool:
    word = _taken(cell).strip().casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise Unread(_("Write yes or no."))


def size(cell: Cell) -> int:
    """People in a group."""
    written = _taken(cell).strip()
    if not re.fullmatch(r"[0-9]{1,3}", written, re.ASCII) or not 2 <= int(written) <= 500:
        raise Unread(_("Write how many people were in the group, from 2 to 500."))
    return int(written)


def email(cell: Cell) -> str:
    written = _taken(cell).strip().lower()
    if len(written) > EMAIL_MAX or ".." in written or not _EMAIL.fullmatch(written):
        raise Unread(_("This is no email address."))
    return written


def session_format(cell: Cell) -> SessionFormat:
    return _one_of(cell, FORMAT_WORDS, _("Write individual or group."))


def session_mode(cell: Cell) -> SessionMode:
    return _one_of(cell, MODE_WORDS, _("Write in person or online."))


def _one_of(cell: Cell, words: Mapping[str, Word], otherwise: str) -> Word:
    found = words.get(" ".join(_taken(cell).split()).casefold())
    if found is None:
        raise Unread(otherwise)
    return found


def topics(cell: Cell) -> tuple[str, ...]:
    found = {TOPIC_WORDS[word] for word in _listed(cell, TOPIC_WORDS, _("Write core, rsc or dei."))}
    return tuple(topic.value for topic in TrainingTopic if topic in found)


def ages(cell: Cell) -> tuple[str, ...]:
    words = _listed(cell, AGE_WORDS, _("Write 0-36, 37-71 or both."))
    found = {age for word in words for age in AGE_WORDS[word]}
    return tuple(age.value for age in Ages if age in found)


def competencies(cell: Cell, known: Mapping[str, str]) -> tuple[str, ...]:
    """`known`: code or name in small letters -> code. In the order of the standard."""
    words = _listed(cell, known, _("Write codes or names of competencies, as in the matrix, with ; between them."))
    found = {known[word] for word in words}
    return tuple(dict.fromkeys(code for code in known.values() if code in found))


def _listed(cell: Cell, known: Mapping[str, object], otherwise: str) -> list[str]:
    """The words of a cell, all of them known. A name may hold a comma: the whole cell is tried first, then parts."""
    written = " ".join(_taken(cell).split()).casefold()
    for separator in (None, r"[;|/]", r"[;|/,]"):
        parts = [written] if separator is None else [part.strip() for part in re.split(separator, written)]
        words = [part for part in parts if part]
        if all(word in known for word in words):
            return words
    raise Unread(otherwise)


def _taken(cell: Cell) -> str:
    if cell.kind is CellKind.FORMULA:
        raise Unread(_("This cell holds a formula. Copy the column in your spreadsheet and paste it as values."))
    if cell.kind is CellKind.ERROR:
        raise Unread(_("Your spreadsheet shows an error here. Type the value."))
    return cell.text
