"""Pure: does a text look as if a family could be recognized by it? (K4)

Only ever a question to the writer: nothing is refused and nothing is kept. Rather too quiet than crying wolf at every
date of an office hour, so a date counts only beside words of birth or of family.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

NEAR = 60
"""How many characters lie at most between a date and the word that makes it telling."""


class Hint(StrEnum):
    NAME = "name"
    BIRTH_DATE = "birth_date"
    PHONE = "phone"
    EMAIL = "email"


WORDS: dict[Hint, Any] = {
    Hint.NAME: _("the name of a child or family member"),
    Hint.BIRTH_DATE: _("a date of birth"),
    Hint.PHONE: _("a phone number"),
    Hint.EMAIL: _("an email address"),
}


@dataclass(frozen=True, slots=True)
class Found:
    hint: Hint
    excerpt: str


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}\.?"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d{{4}}|\d{{2}})|\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{1,2}} {_MONTH},? \d{{4}})\b",
    re.IGNORECASE,
)
_FAMILY = (
    r"baby|infant|toddler|newborn|child|boy|girl|son|daughter|twins?|mother|mom|mama|father|dad|papa|parents?"
    r"|grand(?:mother|father|ma|pa|parents?)|aunt|uncle|brother|sister|client|family"
)
_BIRTH = re.compile(rf"\b(?:born|birth|birthday|birthdate|d\.?o\.?b\.?|{_FAMILY})\b", re.IGNORECASE)
_NAME = re.compile(
    rf"\b(?i:{_FAMILY})(?:,| is| was)?(?: named| called| of| to)? (?:little )?"
    r"(?P<name>[A-Z]\.|[A-Z][a-z\u00e0-\u024f]{1,20}(?: [A-Z]\.| [A-Z][a-z\u00e0-\u024f]{1,20})?)(?=[\s,.;:!?')]|$)"
)
_PHONE = re.compile(r"(?<![\w/-])(?:\+?\d{1,3}[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w/-])")
_EMAIL = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}\b")

NOT_NAMES = frozenset(
    {
        "Advocate",
        "Aide",
        "Alliance",
        "American",
        "April",
        "Associate",
        "August",
        "Behavioral",
        "Care",
        "Center",
        "Child",
        "Childhood",
        "Children",
        "Clinic",
        "Clinical",
        "Community",
        "Day",
        "December",
        "Development",
        "Early",
        "Education",
        "Endorsement",
        "English",
        "Family",
        "February",
        "First",
        "Friday",
        "Head",
        "Health",
        "Home",
        "Hospital",
        "I",
        "I'm",
        "IMH",
        "Infant",
        "January",
        "July",
        "June",
        "March",
        "May",
        "Mental",
        "Monday",
        "November",
        "October",
        "Parent",
        "Parents",
        "Partnership",
        "Policy",
        "Program",
        "Protective",
        "Psychotherapy",
        "Reflective",
        "Resource",
        "Resources",
        "Saturday",
        "School",
        "September",
        "Service",
        "Services",
        "Spanish",
        "Specialist",
        "State",
        "Sunday",
        "Support",
        "Team",
        "Therapy",
        "Thursday",
        "Tuesday",
        "Visiting",
        "Visitor",
        "Wednesday",
        "Welfare",
        "Wellness",
        "Worker",
        "Workers",
    }
)
"""Words that follow "child" or "family" with a capital and name nobody."""


def find(text: str) -> tuple[Found, ...]:
    """At most one of each hint, in the order of the enum."""
    looks = {
        Hint.NAME: _name(text),
        Hint.BIRTH_DATE: _birth_date(text),
        Hint.PHONE: _first(_PHONE, text),
        Hint.EMAIL: _first(_EMAIL, text),
    }
    return tuple(Found(hint, excerpt) for hint, excerpt in looks.items() if excerpt)


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match.group(0) if match else ""


def _name(text: str) -> str:
    for match in _NAME.finditer(text):
        if match.group("name").split()[0] not in NOT_NAMES:
            return match.group("name")
    return ""


def _birth_date(text: str) -> str:
    for match in _DATE.finditer(text):
        around = text[max(0, match.start() - NEAR) : match.end() + NEAR]
        if _BIRTH.search(around):
            return match.group(0)
    return ""
