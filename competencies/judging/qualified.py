"""Pure: whether a provider was qualified on the day of a session, and if not, which standing's date decided (V5)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from competencies import wording
from competencies.enums import Reason, StandingKind
from competencies.facts import ProviderFact, StandingFact
from competencies.judging.case import Case
from competencies.specs import AssessmentSettings, RscRule


@dataclass(frozen=True, slots=True)
class Failed:
    """Why an entry does not count, in its own words and in those it shares with others."""

    reason: Reason
    detail: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """The days on which one standing qualifies its holder under a rule, first and last day included."""

    first: datetime.date
    last: datetime.date
    code: str

    def holds(self, day: datetime.date) -> bool:
        return self.first <= day <= self.last


def spans_of(standing: StandingFact, rule: RscRule, category: str, settings: AssessmentSettings) -> list[Span]:
    """The days on which a standing qualifies its holder under this rule (decision 6)."""
    last = standing.ends_on or datetime.date.max
    vetted = standing.kind == StandingKind.VETTED
    if vetted:
        if settings.vetted_until is None:
            return []
        last = min(last, settings.vetted_until)
    spans = []
    for period in rule.providers or ():
        if standing.code in period.codes or (vetted and standing.code == category):
            first_day = max(standing.starts_on, period.starts_on or datetime.date.min)
            last_day = min(last, period.ends_on or datetime.date.max)
            if first_day <= last_day:
                spans.append(Span(first_day, last_day, standing.code))
    return spans


class Qualified:
    """One provider under one rule: everything that does not depend on the single session, worked out once."""

    def __init__(self, provider: ProviderFact, rule: RscRule, case: Case, words: StandingWords) -> None:
        self.name = provider.name
        self.words = words
        self.trusted: list[Span] = []
        self.stated: list[Span] = []
        for standing in provider.standings:
            (self.trusted if standing.trusted else self.stated).extend(
                spans_of(standing, rule, case.category.code, case.settings)
            )
        self.standings = [standing for standing in provider.standings if standing.trusted]
        self.accepted = sorted({code for period in rule.providers or () for code in period.codes})

    def failed_on(self, day: datetime.date) -> Failed | None:
        if any(span.holds(day) for span in self.trusted):
            return None
        if any(span.holds(day) for span in self.stated):
            return Failed(Reason.NOT_ACCEPTED_YET, self.words.unconfirmed(self.name, day))
        cause = self._cause(day)
        return Failed(Reason.PROVIDER_NOT_QUALIFIED, self.words.on_day(cause, day), cause)

    def _cause(self, day: datetime.date) -> str:
        """The standing that ended last before the day; else the one that begins next; else what is known instead."""
        words = self.words
        ended = [span for span in self.trusted if span.last < day]
        if ended:
            span = max(ended, key=lambda span: (span.last, span.code))
            return words.ended(self.name, span.code, span.last)
        if self.trusted:
            span = min(self.trusted, key=lambda span: (span.first, span.code))
            return words.begins(self.name, span.code, span.first)
        held = [standing for standing in self.standings if standing.holds_on(day)]
        if any(standing.kind == StandingKind.VETTED for standing in held):
            return words.vetted(self.name)
        if held:
            return words.other_category(self.name, sorted({standing.code for standing in held}), self.accepted)
        return words.unknown(self.name)


class StandingWords:
    """The sentences about a provider's standing, looked up once: a log may need them a thousand times."""

    def __init__(self) -> None:
        self._months = wording.month_patterns()
        self._on_day = _("%(cause)s; the session was on %(day)s")
        self._ended = _("%(name)s's standing as %(code)s ended on %(day)s")
        self._begins = _("%(name)s's standing as %(code)s begins on %(day)s")
        self._vetted = _("%(name)s is a vetted provider, and no period for vetted providers is open here")
        self._other = _("%(name)s is known as %(codes)s, and this requirement asks for %(accepted)s")
        self._unknown = _("%(name)s has no standing recorded")
        self._unconfirmed = _("The standing of %(name)s on %(day)s is not confirmed by a coordinator yet")

    def on_day(self, cause: str, day: datetime.date) -> str:
        return self._on_day % {"cause": cause, "day": self._day(day)}

    def ended(self, name: str, code: str, last: datetime.date) -> str:
        return self._ended % {"name": name, "code": code, "day": self._day(last)}

    def begins(self, name: str, code: str, first: datetime.date) -> str:
        return self._begins % {"name": name, "code": code, "day": self._day(first)}

    def vetted(self, name: str) -> str:
        return self._vetted % {"name": name}

    def other_category(self, name: str, codes: list[str], accepted: list[str]) -> str:
        return self._other % {"name": name, "codes": ", ".join(codes), "accepted": ", ".join(accepted)}

    def unknown(self, name: str) -> str:
        return self._unknown % {"name": name}

    def unconfirmed(self, name: str, day: datetime.date) -> str:
        return self._unconfirmed % {"name": name, "day": self._day(day)}

    def _day(self, day: datetime.date) -> str:
        return self._months[day.month - 1] % {"day": day.day, "year": day.year}
