"""Pure: findings, transitions and the machine that reads them. Knows no status of ours.

A guard, an assessment and a readiness check all answer with a `Finding`, never with a bare bool, so that every
"no" carries its reason and its remedy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Facts = TypeVar("Facts")


@dataclass(frozen=True, slots=True)
class Part:
    """A sub-minimum inside a total, in whole minutes."""

    key: str
    have_minutes: int
    need_minutes: int
    met: bool


@dataclass(frozen=True, slots=True)
class CountedEntry:
    """An entry that counts, with the minutes it gives. `minutes` is None where no time is measured."""

    entry: str
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class UncountedEntry:
    """An entry that does not count, with exactly one reason code and, where it helps, the date that decided."""

    entry: str
    minutes: int
    reason: str
    detail: str = ""
    cause: str = ""
    """What decided, without the entry's own date: the same words for all entries that one fact leaves out."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one question about readiness.

    `requirement` is the rule's key (or a guard's name), `message` says the answer in words, `fix` how to mend it and
    `where` names the place that mends it (a key that the page turns into an address). All times are whole minutes.
    A finding with `blocking=False` is a warning: it is shown and stops nothing.
    """

    requirement: str
    kind: str
    met: bool
    message: str
    fix: str = ""
    where: str = ""
    label: str = ""
    stage: str = "submission"
    required: bool = True
    blocking: bool = True
    group: str | None = None
    have_minutes: int | None = None
    logged_minutes: int | None = None
    need_minutes: int | None = None
    short_minutes: int | None = None
    parts: tuple[Part, ...] = ()
    counted: tuple[CountedEntry, ...] = ()
    uncounted: tuple[UncountedEntry, ...] = ()
    checks: tuple[str, ...] = ()
    """Conditions that no field shows: read to reviewers, never computed."""


class NotAllowed(Exception):
    """An act was refused. `findings` say why and what mends it."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__("; ".join(finding.message for finding in self.findings))

    @classmethod
    def because(cls, reason: str, message: str, *, fix: str = "", where: str = "") -> NotAllowed:
        return cls([Finding(requirement=reason, kind="guard", met=False, message=message, fix=fix, where=where)])


class LostRace(NotAllowed):
    """Somebody else changed the row first. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Transition(Generic[Facts]):
    """One row of a status table: who may take which action from where to where, and what must hold."""

    action: str
    source: str
    target: str
    actors: frozenset[str]
    guards: tuple[Callable[[Facts], Iterable[Finding]], ...] = ()

    def refusals(self, facts: Facts) -> tuple[Finding, ...]:
        """The blocking findings that are not met, in the order of the guards."""
        return tuple(
            finding
            for guard in self.guards
            for finding in guard(facts)
            if finding.required and finding.blocking and not finding.met
        )


@dataclass(frozen=True, slots=True)
class Machine(Generic[Facts]):
    """A whole status table. At most one row for each (action, source)."""

    transitions: tuple[Transition[Facts], ...]

    def __post_init__(self) -> None:
        keys = [(row.action, row.source) for row in self.transitions]
        doubled = {key for key in keys if keys.count(key) > 1}
        if doubled:
            raise ValueError(f"More than one transition for {sorted(doubled)}")

    def find(self, *, action: str, source: str) -> Transition[Facts] | None:
        return next((row for row in self.transitions if (row.action, row.source) == (action, source)), None)

    def available(self, *, source: str, actor: str) -> tuple[Transition[Facts], ...]:
        """What this actor could try from here, before any guard is asked."""
        return tuple(row for row in self.transitions if row.source == source and actor in row.actors)

    def permits(self, *, action: str, source: str, actor: str) -> bool:
        row = self.find(action=action, source=source)
        return row is not None and actor in row.actors

    def targets(self, action: str) -> frozenset[str]:
        return frozenset(row.target for row in self.transitions if row.action == action)
