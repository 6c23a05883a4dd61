"""Pure: what a correction changes for one person and one category: two assessments, before and after, compared.

The correction may be a provider's standing, an association's settings or a new edition; here only findings speak.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from competencies.assessment import portfolio_met
from competencies.facts import PortfolioFacts
from endorsement_portal.workflow import Finding


@dataclass(frozen=True, slots=True)
class Moved:
    """Entries that came in or fell out for one reason. `provider` is a name, empty where none is meant."""

    count: int
    minutes: int
    provider: str
    reason: str
    """Why they do not count (after, when they fell out; before, when they came in)."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One requirement whose answer differs. Minutes are None where no time is measured."""

    requirement: str
    label: str
    met_before: bool
    met_after: bool
    have_before: int | None
    have_after: int | None
    need_before: int | None
    need_after: int | None
    short_before: int
    short_after: int
    lost: tuple[Moved, ...] = ()
    gained: tuple[Moved, ...] = ()

    @property
    def minutes_moved(self) -> bool:
        return (self.have_before or 0) != (self.have_after or 0)

    @property
    def judged_otherwise(self) -> bool:
        """False where only the need differs, and what the person has is enough for both."""
        return (
            self.minutes_moved
            or self.met_before != self.met_after
            or self.short_before != self.short_after
            or bool(self.lost or self.gained)
        )


@dataclass(frozen=True, slots=True)
class Recount:
    """One person, one category: where they stood and where they stand, in the portfolio's requirements alone."""

    met_before: bool
    met_after: bool
    short_before: int
    """Minutes missing over all requirements that measure time."""
    short_after: int
    changes: tuple[RuleChange, ...] = ()

    @property
    def minutes_moved(self) -> bool:
        """Whether counted minutes changed, which is what people are told of (N40)."""
        return any(change.minutes_moved for change in self.changes)

    @property
    def judged_otherwise(self) -> bool:
        return any(change.judged_otherwise for change in self.changes)

    @property
    def rule_flipped(self) -> bool:
        return any(change.met_before != change.met_after for change in self.changes)


def recount(before: Sequence[Finding], after: Sequence[Finding], facts: PortfolioFacts) -> Recount:
    """`facts` name the providers of the entries; either side's will do, entries are the same in both."""
    providers = _provider_names(facts)
    earlier = {finding.requirement: finding for finding in before}
    later = {finding.requirement: finding for finding in after}
    keys = [*earlier, *(key for key in later if key not in earlier)]
    changes = (_change(earlier.get(key), later.get(key), providers) for key in keys)
    return Recount(
        met_before=portfolio_met(before),
        met_after=portfolio_met(after),
        short_before=_short(before),
        short_after=_short(after),
        changes=tuple(change for change in changes if change is not None),
    )


def _short(findings: Iterable[Finding]) -> int:
    return sum(finding.short_minutes or 0 for finding in findings if finding.required)


def _provider_names(facts: PortfolioFacts) -> dict[str, str]:
    names = {provider.key: provider.name for provider in facts.providers}
    return {entry.key: names.get(entry.provider or "", "") for entry in facts.supervision}


def _change(before: Finding | None, after: Finding | None, providers: dict[str, str]) -> RuleChange | None:
    """None: the same answer."""
    one = after or before
    assert one is not None
    change = RuleChange(
        requirement=one.requirement,
        label=one.label,
        met_before=before.met if before else True,
        met_after=after.met if after else True,
        have_before=before.have_minutes if before else None,
        have_after=after.have_minutes if after else None,
        need_before=before.need_minutes if before else None,
        need_after=after.need_minutes if after else None,
        short_before=(before.short_minutes or 0) if before else 0,
        short_after=(after.short_minutes or 0) if after else 0,
        lost=_moved(before, after, providers),
        gained=_moved(after, before, providers),
    )
    return change if _differs(change) else None


def _differs(change: RuleChange) -> bool:
    pairs = (
        (change.met_before, change.met_after),
        (change.have_before, change.have_after),
        (change.need_before, change.need_after),
        (change.short_before, change.short_after),
    )
    return any(old != new for old, new in pairs) or bool(change.lost or change.gained)


def _moved(counting: Finding | None, not_counting: Finding | None, providers: dict[str, str]) -> tuple[Moved, ...]:
    """Entries that count in the one and not in the other, by provider, reason and what decided; times added up."""
    if counting is None or not_counting is None:
        return ()
    counted = {entry.entry for entry in counting.counted}
    groups: dict[tuple[str, str, str], list[int]] = {}
    for entry in not_counting.uncounted:
        if entry.entry in counted:
            key = (providers.get(entry.entry, ""), entry.reason, entry.cause or entry.detail)
            groups.setdefault(key, []).append(entry.minutes)
    return tuple(
        Moved(count=len(minutes), minutes=sum(minutes), provider=provider, reason=reason, detail=detail)
        for (provider, reason, detail), minutes in groups.items()
    )
