"""The entries under a requirement, named and linked: a few on the report, all of them on a page of their own."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from competencies.enums import EducationLevel, EntryKind, Reason, RequirementKind
from competencies.facts import (
    EducationFact,
    LicenseFact,
    PortfolioFacts,
    SupervisionFact,
    TrainingFact,
    WorkFact,
)
from competencies.reason_words import fix_of, why
from competencies.wording import hours_in_words
from endorsement_portal.workflow import CountedEntry, Finding, UncountedEntry

_KIND_OF = {
    RequirementKind.EDUCATION: EntryKind.EDUCATION,
    RequirementKind.WORK: EntryKind.WORK,
    RequirementKind.TRAINING_HOURS: EntryKind.TRAINING,
    RequirementKind.RSC_HOURS: EntryKind.SUPERVISION,
    RequirementKind.DOCUMENT: EntryKind.EDUCATION,
}
COUNTED, NOT_COUNTED = "counted", "not_counted"
Fact = EducationFact | LicenseFact | WorkFact | TrainingFact | SupervisionFact
Listed = CountedEntry | UncountedEntry


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry under a requirement. `why` and `fix` are empty where it counts."""

    what: str
    amount: str
    href: str
    why: str = ""
    fix: str = ""
    waiting: bool = False

    @property
    def reason(self) -> str:
        """Why it does not count, and what mends it."""
        return f"{self.why} {self.fix}".strip()


@dataclass(frozen=True, slots=True)
class EntryFilters:
    """What the list of a requirement shows; an empty value means all of it."""

    q: str = ""
    state: str = ""
    """counted or not_counted."""
    reason: str = ""

    @property
    def narrowing(self) -> bool:
        return self != EntryFilters()


class EntryBook:
    """Names the entries that findings speak of, one by one: a report that shows ten of 5,000 names ten."""

    def __init__(self, portfolio: PortfolioFacts) -> None:
        self._portfolio = portfolio

    @cached_property
    def _by_key(self) -> dict[str, dict[str, Fact]]:
        own = self._portfolio
        return {
            EntryKind.EDUCATION: {
                **{entry.key: entry for entry in own.education},
                **{entry.key: entry for entry in own.licenses},
            },
            EntryKind.WORK: {entry.key: entry for entry in own.work},
            EntryKind.TRAINING: {entry.key: entry for entry in own.training},
            EntryKind.SUPERVISION: {entry.key: entry for entry in own.supervision},
        }

    @cached_property
    def _providers(self) -> dict[str, str]:
        return {provider.key: provider.name for provider in self._portfolio.providers}

    def fact(self, finding: Finding, entry: Listed) -> Fact | None:
        return self._by_key.get(_KIND_OF.get(RequirementKind(finding.kind), ""), {}).get(entry.entry)

    def row(self, finding: Finding, entry: Listed) -> EntryRow:
        fact = self.fact(finding, entry)
        reason = entry.reason if isinstance(entry, UncountedEntry) else ""
        return EntryRow(
            what=self.name(finding, entry),
            amount=hours_in_words(entry.minutes) if entry.minutes else "",
            href=_href(fact) if fact else "",
            why=why(reason, entry.detail) if isinstance(entry, UncountedEntry) else "",
            fix=fix_of(reason) if reason else "",
            waiting=reason == Reason.AWAITING_CONFIRMATION,
        )

    def name(self, finding: Finding, entry: Listed) -> str:
        fact = self.fact(finding, entry)
        if fact is None:
            return entry.entry
        if isinstance(fact, SupervisionFact):
            return _session(fact.on, self._providers.get(fact.provider or "", ""))
        return _NAMES[type(fact)](fact)

    def listed(self, finding: Finding, filters: EntryFilters) -> list[Listed]:
        """The entries of a finding that a list shows, the newest first."""
        everything: tuple[Listed, ...] = (
            *(() if filters.state == COUNTED else finding.uncounted),
            *(() if filters.state == NOT_COUNTED or filters.reason else finding.counted),
        )
        wanted = [
            entry
            for entry in everything
            if not filters.reason or (isinstance(entry, UncountedEntry) and entry.reason == filters.reason)
        ]
        if filters.q:
            text = filters.q.casefold()
            wanted = [entry for entry in wanted if text in self.name(finding, entry).casefold()]
        return sorted(wanted, key=lambda entry: (self._day(finding, entry), entry.entry), reverse=True)

    def _day(self, finding: Finding, entry: Listed) -> datetime.date:
        fact = self.fact(finding, entry)
        if isinstance(fact, TrainingFact | SupervisionFact):
            return fact.on
        if isinstance(fact, EducationFact):
            return fact.awarded_on or datetime.date.min
        return (fact.starts_on if fact else None) or datetime.date.min

    def by_year(self, finding: Finding) -> Iterator[tuple[int, int, int]]:
        """(year, entries, minutes) of what counts, the newest year first. For what has a day and a length."""
        years: dict[int, tuple[int, int]] = {}
        for entry in finding.counted:
            year = self._day(finding, entry).year
            number, minutes = years.get(year, (0, 0))
            years[year] = number + 1, minutes + (entry.minutes or 0)
        for year in sorted(years, reverse=True):
            yield (year, *years[year])


def _href(fact: Fact) -> str:
    return reverse("portfolio:edit", args=[_KINDS[type(fact)], fact.uuid])


def _study(fact: EducationFact) -> str:
    label = str(EducationLevel(fact.level).label)
    return f"{label}, {fact.field}" if fact.field else label


def _session(on: datetime.date, provider: str) -> str:
    if provider:
        return _("%(day)s with %(name)s") % {"day": _date(on), "name": provider}
    return _("%(day)s without a named provider") % {"day": _date(on)}


def _date(day: datetime.date) -> str:
    return date_format(day, "N j, Y")


_KINDS: dict[type, EntryKind] = {
    EducationFact: EntryKind.EDUCATION,
    LicenseFact: EntryKind.LICENSE,
    WorkFact: EntryKind.WORK,
    TrainingFact: EntryKind.TRAINING,
    SupervisionFact: EntryKind.SUPERVISION,
}
_NAMES: dict[type, Callable[[Any], str]] = {
    EducationFact: _study,
    LicenseFact: lambda fact: fact.name,
    WorkFact: lambda fact: fact.title,
    TrainingFact: lambda fact: f"{fact.title}, {_date(fact.on)}",
}
