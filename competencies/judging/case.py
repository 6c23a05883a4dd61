"""Pure: what every evaluator is given, and the tests of ages they share."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass

from competencies import wording
from competencies.facts import PortfolioFacts
from competencies.specs import AgeRange, AssessmentSettings, CategorySpec, RequirementSpec, age_range
from endorsement_portal.workflow import Finding


@dataclass(frozen=True, slots=True)
class Case:
    """One portfolio, one category, one day. Entries after that day are not there yet."""

    category: CategorySpec
    facts: PortfolioFacts
    as_of: datetime.date
    settings: AssessmentSettings


def finding_for(requirement: RequirementSpec, **answer: object) -> Finding:
    """A finding that carries what the rule itself says; the evaluator gives the answer."""
    values: dict = {
        "requirement": requirement.key,
        "kind": str(requirement.kind),
        "label": requirement.label,
        "stage": str(requirement.stage),
        "required": requirement.required,
        "group": requirement.group,
    }
    return Finding(**{**values, **answer})


class AgeTest:
    """Whether an entry's age bands fit a range. Entries without ages fit every one."""

    def __init__(self, ages: AgeRange | None) -> None:
        self._ages = ages
        self._known: dict[tuple[str, ...], bool] = {(): True}
        self.words = wording.outside_ages(ages.min_months, ages.max_months) if ages else ""
        """What an entry of other ages is told."""

    def fits(self, bands: tuple[str, ...]) -> bool:
        if self._ages is None:
            return True
        known = self._known.get(bands)
        if known is None:
            known = self._known[bands] = any(self._ages.overlaps(age_range(band)) for band in bands)
        return known


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months earlier, or the last day of that month."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
