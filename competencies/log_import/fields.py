"""Pure: what a column of a log may hold, in the words that people write above such a column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from competencies.enums import EntryKind, SessionFormat, SessionMode

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class LogField:
    """One thing an entry says. `words` are headings it goes by, in lower case without signs, best first."""

    name: str
    label: str | _StrPromise
    words: tuple[str, ...]
    required: bool = False
    length: bool = False
    """Holds a length of time."""
    for_all: tuple[tuple[str, str | _StrPromise], ...] = ()
    """Values that may be said once for every row, when no column says it."""


_AGES = LogField("ages", _("Ages of the children"), ("ages of the children", "ages", "age", "age range", "age band"))
_COMPETENCIES = LogField(
    "competencies", _("Competencies"), ("competencies", "competency", "competency codes", "skills", "knowledge areas")
)
DAY_WORDS = (
    "date", "date you finished", "date completed", "completion date", "completed on", "date attended", "date finished",
    "attended on", "training date", "session date", "date of training", "date of session", "end date", "day", "on",
    "when", "completed", "attended",
)  # fmt: skip
LENGTH_WORDS = (
    "length", "hours", "minutes", "hours attended", "contact hours", "clock hours", "duration", "time", "mins", "hrs",
    "training hours", "total hours", "credit hours", "number of hours", "hours earned", "length of training",
    "session length", "length of session", "total minutes", "number of minutes", "hours of training", "rsc hours",
    "duration hours", "duration minutes", "length hours", "length minutes", "time hours", "time minutes", "hours total",
)  # fmt: skip

FIELDS: dict[EntryKind, tuple[LogField, ...]] = {
    EntryKind.TRAINING: (
        LogField("on", _("Date you finished"), DAY_WORDS, required=True),
        LogField(
            "title",
            _("Course"),
            (
                "course",
                "title",
                "training",
                "training title",
                "course title",
                "title of training",
                "workshop",
                "course name",
                "training name",
                "name of training",
                "name of course",
                "event",
                "session title",
                "name",
                "webinar",
                "description",
            ),
            required=True,
        ),
        LogField("minutes", _("Length"), LENGTH_WORDS, required=True, length=True),
        LogField(
            "topics",
            _("All of it was about"),
            ("about", "topics", "topic", "all of it was about", "subject", "focus", "content"),
        ),
        LogField(
            "organizer",
            _("Who offered it"),
            (
                "who offered it",
                "organizer",
                "organiser",
                "offered by",
                "sponsor",
                "provider",
                "organization",
                "agency",
                "presented by",
                "presenter",
                "trainer",
                "instructor",
                "host",
                "training provider",
                "speaker",
            ),
        ),
        LogField(
            "part_core",
            _("Of it, about relationship-based work"),
            ("of it about relationship based work", "core hours", "core minutes", "imh hours"),
            length=True,
        ),
        LogField(
            "part_rsc",
            _("Of it, about giving reflective supervision/consultation"),
            ("of it about giving reflective supervision consultation", "hours about rsc", "rsc topic hours"),
            length=True,
        ),
        LogField(
            "part_dei",
            _("Of it, about diversity, equity and inclusion"),
            ("of it about diversity equity and inclusion", "dei hours", "dei minutes", "dei", "diversity hours"),
            length=True,
        ),
        _AGES,
        _COMPETENCIES,
    ),
    EntryKind.SUPERVISION: (
        LogField("on", _("Date"), DAY_WORDS, required=True),
        LogField("minutes", _("Length"), LENGTH_WORDS, required=True, length=True),
        LogField(
            "provider",
            _("Provider's name"),
            (
                "provider",
                "providers name",
                "provider name",
                "name of provider",
                "supervisor",
                "supervisor name",
                "rsc provider",
                "consultant",
                "reflective supervisor",
                "facilitator",
                "with",
                "name",
                "name of supervisor",
            ),
        ),
        LogField(
            "provider_email",
            _("Provider's email"),
            (
                "providers email",
                "provider email",
                "email of provider",
                "supervisor email",
                "supervisors email",
                "email",
                "e mail",
                "email address",
                "consultant email",
            ),
        ),
        LogField(
            "format",
            _("Individual or group"),
            (
                "individual or group",
                "kind",
                "format",
                "type",
                "session type",
                "type of session",
                "group or individual",
                "individual group",
            ),
            required=True,
            for_all=tuple(SessionFormat.choices),
        ),
        LogField(
            "group_size",
            _("People in the group"),
            (
                "people in the group",
                "group size",
                "size of group",
                "number in group",
                "number of people",
                "participants",
                "number of participants",
                "people",
            ),
        ),
        LogField(
            "mode",
            _("Where"),
            (
                "where",
                "mode",
                "in person or online",
                "in person or distance",
                "setting",
                "delivery",
                "location",
                "method",
            ),
            required=True,
            for_all=tuple(SessionMode.choices),
        ),
        LogField(
            "about_own_provision",
            _("About the RSC I give"),
            (
                "about the rsc i give",
                "about own provision",
                "about my supervision of others",
                "supervision of supervision",
            ),
        ),
        _AGES,
        _COMPETENCIES,
    ),
}
KINDS = tuple(FIELDS)
"""Kinds of entries that can be imported."""


def field(kind: EntryKind, name: str) -> LogField:
    return next(known for known in FIELDS[kind] if known.name == name)
