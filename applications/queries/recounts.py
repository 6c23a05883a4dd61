"""What a correction changes for people: their portfolios judged before and after, and the two answers compared."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from applications.queries.aims import Aim, aims_of
from applications.queries.belonging import belonging_to
from competencies.assessment import assess
from competencies.facts import PortfolioFacts, StandingFact
from competencies.models import Overlay, StandingChange, Supervision
from competencies.overlays import overlaid
from competencies.queries.facts import portfolio_facts
from competencies.queries.standards import category_spec, category_specs, edition_for, overlays_on
from competencies.recount import Recount, recount
from competencies.specs import AssessmentSettings, CategorySpec, settings_from
from competencies.standings import as_facts, with_standings
from endorsement_portal.workflow import Finding
from members.models import Association, Person

PREVIEW_MAX = 200
"""So many people are counted while a coordinator waits; more are counted behind the page."""


class Rules:
    """An edition with every association's settings on it. Specifications are made once for each that is asked."""

    def __init__(self, specs: Mapping[str, CategorySpec], overlays: Mapping[int, Mapping[str, Any]]) -> None:
        self.specs = specs
        self.overlays = overlays
        self._laid: dict[tuple[str, int], CategorySpec] = {}

    def spec(self, code: str, association: Association | None) -> CategorySpec:
        data = self.overlays.get(association.pk) if association else None
        if data is None or association is None:
            return self.specs[code]
        key = (code, association.pk)
        if key not in self._laid:
            self._laid[key] = overlaid(self.specs[code], data, name=association.code)
        return self._laid[key]

    def settings(self, association: Association | None, *, emerging: bool = False) -> AssessmentSettings:
        return settings_from(self.overlays.get(association.pk) if association else None, emerging=emerging)

    def judge(self, aim: Aim, facts: PortfolioFacts, today: datetime.date) -> tuple[Finding, ...]:
        return assess(
            self.spec(aim.category, aim.association), facts, as_of=today,
            settings=self.settings(aim.association, emerging=aim.emerging),
        )  # fmt: skip


def rules_on(day: datetime.date) -> Rules:
    edition = edition_for(day)
    return Rules(category_specs(edition), {pk: row.data for pk, row in overlays_on(edition).items()})


def judged_as_pinned(aim: Aim, facts: PortfolioFacts, today: datetime.date) -> tuple[Finding, ...]:
    """An open application, by the edition and the settings it has pinned."""
    application = aim.application
    assert application is not None
    overlay: Overlay | None = application.overlay
    return assess(
        category_spec(aim.category, application.edition, overlay),
        facts.without(application.left_out),
        as_of=today,
        settings=settings_from(overlay.data if overlay else None, emerging=application.asks_emerging),
    )


@dataclass(frozen=True, slots=True)
class Affected:
    """One person and one category whose counted minutes differ."""

    aim: Aim
    category: CategorySpec
    found: Recount


def people_with_sessions(provider: Person) -> list[Person]:
    """Everybody who has logged a session with this provider, in a steady order."""
    rows = Supervision.objects.current().filter(provider=provider)
    return list(Person.objects.filter(pk__in=rows.values("person")).select_related("user").order_by("pk"))


def affected_by_standings(
    provider: Person,
    people: Sequence[Person],
    before: tuple[StandingFact, ...],
    after: tuple[StandingFact, ...],
    today: datetime.date,
) -> Iterator[tuple[Person, list[Affected]]]:
    """For each person whose counted minutes change: the categories in which they do.

    Who aims at no category yet is judged for all that are open, and hears of one for each license.
    """
    rules = rules_on(today)
    active = [code for code, spec in rules.specs.items() if spec.active]
    aims = aims_of(people, active, today)
    key = str(provider.uuid)
    for person in people:
        facts = portfolio_facts(person)
        sides = with_standings(facts, key, before), with_standings(facts, key, after)
        with translation.override(person.language):  # the causes are read by that person
            found = [
                affected
                for aim in aims[person.pk]
                if (affected := _compared(aim, sides, rules, today)).found.minutes_moved
            ]
        if found:
            yield person, _one_for_each_license(found)


def _compared(aim: Aim, sides: tuple[PortfolioFacts, PortfolioFacts], rules: Rules, today: datetime.date) -> Affected:
    if aim.application is not None:
        findings = [judged_as_pinned(aim, facts, today) for facts in sides]
        spec = category_spec(aim.category, aim.application.edition, aim.application.overlay)
    else:
        findings = [rules.judge(aim, facts, today) for facts in sides]
        spec = rules.spec(aim.category, aim.association)
    return Affected(aim, spec, recount(findings[0], findings[1], sides[1]))


def _one_for_each_license(found: list[Affected]) -> list[Affected]:
    """All that is planned or applied for; of the rest the first of each license."""
    kept: dict[str, Affected] = {}
    for affected in found:
        wanted = affected.aim.planned or affected.aim.application is not None
        kept.setdefault(affected.aim.category if wanted else affected.category.license, affected)
    return list(kept.values())


@dataclass(frozen=True, slots=True)
class StandingPreview:
    """What a correction would change, before it is made. Of other associations' people only the number is told."""

    names: tuple[str, ...]
    elsewhere: int
    uncounted: int = 0
    """So many people have sessions with this provider: too many to count while somebody waits."""

    @property
    def count(self) -> int:
        return len(self.names) + self.elsewhere


def standing_preview(
    provider: Person,
    association: Association,
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
    today: datetime.date,
) -> StandingPreview:
    people = people_with_sessions(provider)
    if len(people) > PREVIEW_MAX:
        return StandingPreview((), 0, uncounted=len(people))
    own = set(belonging_to(association).filter(pk__in=[person.pk for person in people]).values_list("pk", flat=True))
    found = [
        person for person, _rows in affected_by_standings(provider, people, as_facts(before), as_facts(after), today)
    ]
    names = sorted(person.name for person in found if person.pk in own)
    return StandingPreview(tuple(names), len(found) - len(names))


def affected_by(change: StandingChange, today: datetime.date) -> Iterator[tuple[Person, list[Affected]]]:
    people = people_with_sessions(change.person)
    return affected_by_standings(change.person, people, as_facts(change.before), as_facts(change.after), today)
