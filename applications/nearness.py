"""Pure: how near a portfolio is to a category: what it still misses, and the order in which categories are shown.

First come those that miss no degree and no years of work, then those with fewer of these to go, then those with fewer
hours to go. What happens in an application (references, signatures, the exam) is not looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from applications.readiness import unmet
from competencies.assessment import PORTFOLIO_KINDS
from competencies.projection import HOURS, to_go
from endorsement_portal.workflow import Finding


@dataclass(frozen=True, slots=True)
class Nearness:
    """What a portfolio misses for one category. Any-of groups are one."""

    hours: tuple[Finding, ...]
    others: tuple[Finding, ...]

    @property
    def is_there(self) -> bool:
        return not self.hours and not self.others

    @property
    def minutes_to_go(self) -> int:
        return sum(to_go(finding) for finding in self.hours)

    @property
    def distance(self) -> tuple[int, int, int]:
        """To sort by, the nearest first."""
        return len(self.others), self.minutes_to_go, len(self.hours)


def nearness(findings: Sequence[Finding]) -> Nearness:
    missing = unmet(tuple(finding for finding in findings if finding.kind in PORTFOLIO_KINDS))
    return Nearness(
        hours=tuple(finding for finding in missing if finding.kind in HOURS),
        others=tuple(finding for finding in missing if finding.kind not in HOURS),
    )
