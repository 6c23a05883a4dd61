"""Pure: the standings of a correction, before or after, read from their plain rows into facts."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from competencies.facts import PortfolioFacts, StandingFact


def as_facts(rows: Iterable[Mapping[str, Any]]) -> tuple[StandingFact, ...]:
    return tuple(
        StandingFact(
            code=row["code"],
            kind=row["kind"],
            starts_on=datetime.date.fromisoformat(row["starts_on"]),
            ends_on=datetime.date.fromisoformat(row["ends_on"]) if row["ends_on"] else None,
            trusted=row["trusted"],
        )
        for row in rows
    )


def with_standings(facts: PortfolioFacts, provider: str, standings: tuple[StandingFact, ...]) -> PortfolioFacts:
    """The same portfolio, were these the standings of one of its providers."""
    return replace(
        facts,
        providers=tuple(replace(one, standings=standings) if one.key == provider else one for one in facts.providers),
    )
