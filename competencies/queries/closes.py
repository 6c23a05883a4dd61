"""What one entry shows: its competencies, and which of them nothing else in the portfolio shows yet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from competencies.coverage import bands_fitting
from competencies.models.portfolio import AnyEntry
from competencies.queries import matrix
from competencies.queries.standards import category_specs, edition_for


@dataclass(frozen=True, slots=True)
class ShownCompetency:
    name: str
    others: int
    """Other entries that show it."""


@dataclass(frozen=True, slots=True)
class Closes:
    competencies: tuple[ShownCompetency, ...]
    licenses: tuple[str, ...]
    """Licenses whose ages the entry fits."""
    licenses_in_all: int

    @property
    def alone(self) -> tuple[ShownCompetency, ...]:
        """What this entry closes: nothing else shows it."""
        return tuple(row for row in self.competencies if not row.others)

    @property
    def shared(self) -> tuple[ShownCompetency, ...]:
        return tuple(row for row in self.competencies if row.others)


def closes(entry: AnyEntry) -> Closes | None:
    """None for entries that show no competency, or count nowhere. Two queries, whatever the size of the portfolio."""
    codes = tuple(getattr(entry, "competencies", None) or ())
    if not codes or entry.withdrawn_at is not None:
        return None
    specs = category_specs(edition_for(timezone.localdate())).values()
    names = {item.code: item.name for spec in specs for item in spec.competencies}
    found: Counter[str] = Counter()
    for tally in matrix.tallies(entry.person):
        found[tally.competency] += tally.count
    ages = getattr(entry, "ages", None) or ()
    fitting = {spec.license for spec in specs if not ages or set(bands_fitting(spec)) & set(ages)}
    return Closes(
        competencies=tuple(ShownCompetency(_(names[code]), max(0, found[code] - 1)) for code in codes if code in names),
        licenses=tuple(sorted(fitting)),
        licenses_in_all=len({spec.license for spec in specs}),
    )
