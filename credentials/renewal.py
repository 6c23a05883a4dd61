"""Pure: until when a new endorsement is valid, from a renewal model of the standards (domain, renewal.json).

The first renewal is never due in the calendar year of the award: whole years endorsed start to count after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class RenewalTerms:
    """Cycle in whole years; `cycle_years` are the years in which a fixed cycle closes, empty for a rolling one."""

    cycle: int
    cycle_years: tuple[int, ...]
    closes_month: int
    closes_day: int


def terms(data: Mapping[str, Any], association_code: str = "") -> RenewalTerms:
    """The model's terms, with an association's own closing day where the published data name one."""
    closes = data.get("deadlines_by_association", {}).get(association_code) or data["window"]["closes"]
    month, day = closes.split("-")
    return RenewalTerms(
        cycle=int(data["cycle"]["value"]),
        cycle_years=tuple(sorted(data.get("cycle_years", ()))),
        closes_month=int(month),
        closes_day=int(day),
    )


def valid_until(terms: RenewalTerms, granted_on: date) -> date:
    """The last day of a new award: the first closing day in a later year than the award."""
    return date(_closing_year(terms, granted_on.year), terms.closes_month, terms.closes_day)


def _closing_year(terms: RenewalTerms, granted_year: int) -> int:
    if not terms.cycle_years:
        return granted_year + terms.cycle
    later = [year for year in terms.cycle_years if year > granted_year]
    if later:
        return later[0]
    last = terms.cycle_years[-1]
    return last + terms.cycle * ((granted_year - last) // terms.cycle + 1)
