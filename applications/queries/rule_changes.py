"""Changes of the rules as they are proposed: what differs in words, and whom it concerns."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet

from applications.enums import RuleChangeKind
from applications.models import RuleChange, RuleChangeLine
from applications.queries.aims import Aim, aims_of
from applications.queries.belonging import belonging_to, with_something_to_judge
from applications.queries.recounts import Rules, judged_as_pinned
from competencies.edition_diff import CategoryDiff, ValueChange, diff
from competencies.models import Edition
from competencies.overlays import overlaid
from competencies.queries.facts import portfolio_facts
from competencies.queries.standards import category_specs, edition_files, overlays_on
from competencies.recount import Recount, recount
from competencies.settings_words import settings_diff
from competencies.specs import CategorySpec
from competencies.standards_files import Standards
from competencies.standards_specs import specs_of
from members.models import Association, Person

LEASE_ROWS = ("association__settings", "base", "base_overlay__association", "edition", "overlay", "proposed_by__person")


def of_desk(association: Association) -> QuerySet[RuleChange]:
    return RuleChange.objects.filter(association=association).select_related(*LEASE_ROWS)


def listed(association: Association, *, search: str = "", state: str = "") -> QuerySet[RuleChange]:
    """A desk's proposals, the newest first, with how many would be judged otherwise."""
    rows = of_desk(association).defer("content").annotate(lines_count=Count("lines")).order_by("-created_at", "-id")
    if search:
        rows = rows.filter(title__icontains=search)
    states = {
        "open": Q(published_at__isnull=True, discarded_at__isnull=True),
        "published": Q(published_at__isnull=False),
        "discarded": Q(discarded_at__isnull=False),
    }
    return rows.filter(states[state]) if state in states else rows


def one(association: Association, change: uuid.UUID) -> RuleChange | None:
    return of_desk(association).filter(uuid=change).first()


def proposed_files(change: RuleChange) -> Standards:
    """The files a proposed edition would be published from."""
    shipped = edition_files(change.base)
    content = change.content
    return Standards(
        categories=content["categories"], competencies=content["competencies"],
        associations=shipped.associations, renewal=shipped.renewal, fees=shipped.fees,
    )  # fmt: skip


class Comparison:
    """The rules before and after a proposed change, with every association's settings on either side."""

    def __init__(self, change: RuleChange) -> None:
        self.change = change

    @cached_property
    def before(self) -> Rules:
        overlays = {pk: row.data for pk, row in overlays_on(self.change.base).items()}
        if self.change.kind == RuleChangeKind.SETTINGS:
            own = self.change.base_overlay
            overlays[self.change.association_id] = own.data if own else {}
        return Rules(category_specs(self.change.base), overlays)

    @cached_property
    def after(self) -> Rules:
        """A new edition keeps the settings that associations have; new settings lie on the same edition."""
        if self.change.kind == RuleChangeKind.SETTINGS:
            overlays = {**self.before.overlays, self.change.association_id: self.change.content}
            return Rules(self.before.specs, overlays)
        return Rules(specs_of(proposed_files(self.change)), self.before.overlays)

    def for_desk(self) -> tuple[CategoryDiff, ...]:
        """What the association's own people would read: its settings laid over either side."""
        return self.differences(self.change.association)

    def differences(self, association: Association | None) -> tuple[CategoryDiff, ...]:
        codes = list(self.after.specs)
        return diff(
            {code: self.before.spec(code, association) for code in self.before.specs},
            {code: self.after.spec(code, association) for code in codes},
        )

    def settings(self) -> tuple[ValueChange, ...]:
        own = self.change.association_id
        return settings_diff(self.before.overlays.get(own, {}), self.after.overlays.get(own, {}))

    @cached_property
    def touched(self) -> tuple[str, ...]:
        """Categories in which somebody could be judged otherwise, whatever association they are with."""
        if self.change.kind == RuleChangeKind.SETTINGS:
            if any(value.judges for value in self.settings()):
                return tuple(code for code, spec in self.after.specs.items() if spec.active)
            return tuple(row.code for row in self.for_desk() if row.judges)
        return tuple(row.code for row in diff(self.before.specs, self.after.specs) if row.judges)


@dataclass(frozen=True, slots=True)
class Concerned:
    """One person and one category: what the change does to them."""

    aim: Aim
    category: CategorySpec
    found: Recount

    @property
    def stays(self) -> bool:
        """An open application keeps the rules it has pinned."""
        return self.aim.application is not None


def people_to_look_at(change: RuleChange) -> QuerySet[Person]:
    """Everybody for an edition; the association's own people for its settings."""
    rows = with_something_to_judge()
    if change.kind == RuleChangeKind.SETTINGS:
        rows = rows.filter(pk__in=belonging_to(change.association).values("pk"))
    return rows.select_related("user").order_by("pk")


def concerned(
    comparison: Comparison, people: Sequence[Person], today: datetime.date
) -> Iterator[tuple[Person, list[Concerned]]]:
    """For each of these people: the categories in which the change judges them otherwise, and what stays.

    Applications stay, planned categories are listed when any answer differs, and a portfolio alone only where a
    requirement turns from met to not met or back.
    """
    touched = set(comparison.touched)
    open_codes = [code for code in comparison.touched if comparison.after.specs[code].active]
    aims = aims_of(people, open_codes, today)
    for person in people:
        wanted = [aim for aim in aims[person.pk] if aim.category in touched and _within(comparison.change, aim)]
        yield person, list(_compared(comparison, person, wanted, today)) if wanted else []


def _within(change: RuleChange, aim: Aim) -> bool:
    """Settings concern what is done with their association alone."""
    return change.kind == RuleChangeKind.EDITION or aim.association == change.association


def _compared(comparison: Comparison, person: Person, aims: Sequence[Aim], today: datetime.date) -> Iterator[Concerned]:
    facts = portfolio_facts(person)
    for aim in aims:
        if aim.application is not None:
            answer = judged_as_pinned(aim, facts, today)
            yield Concerned(aim, comparison.before.spec(aim.category, aim.association), recount(answer, answer, facts))
            continue
        before = comparison.before.judge(aim, facts, today)
        after = comparison.after.judge(aim, facts, today)
        found = recount(before, after, facts)
        if (aim.planned and found.judged_otherwise) or found.rule_flipped:
            yield Concerned(aim, comparison.after.spec(aim.category, aim.association), found)


def lines_of(change: RuleChange, *, search: str = "", show: str = "") -> QuerySet[RuleChangeLine]:
    rows = change.lines.select_related("person", "application").order_by("person__name", "id")
    if search:
        rows = rows.filter(Q(person__name__icontains=search) | Q(category__iexact=search))
    shown = {
        "falls": Q(met_before=True, met_after=False),
        "rises": Q(met_before=False, met_after=True),
        "stays": Q(application__isnull=False),
        "differs": Q(application__isnull=True),
    }
    return rows.filter(shown[show]) if show in shown else rows


@dataclass(frozen=True, slots=True)
class ImpactTotals:
    """How many people, each once."""

    differ: int = 0
    stay: int = 0
    met_no_more: int = 0
    met_now: int = 0


def totals(change: RuleChange) -> ImpactTotals:
    apart = Q(application__isnull=True)
    found: Mapping[str, Any] = change.lines.aggregate(
        differ=Count("person", filter=apart, distinct=True),
        stay=Count("person", filter=Q(application__isnull=False), distinct=True),
        met_no_more=Count("person", filter=Q(met_before=True, met_after=False), distinct=True),
        met_now=Count("person", filter=Q(met_before=False, met_after=True), distinct=True),
    )
    return ImpactTotals(**found)


def edition_comparison(
    before: Edition, after: Edition, association: Association | None
) -> tuple[tuple[CategoryDiff, ...], tuple[ValueChange, ...]]:
    """Two published editions side by side, plain or with an association's settings on each."""
    old, new = category_specs(before), category_specs(after)
    if association is None:
        return diff(old, new), ()
    settings = [overlays_on(edition).get(association.pk) for edition in (before, after)]
    data = [overlay.data if overlay else {} for overlay in settings]
    return (
        diff(
            {code: overlaid(spec, data[0]) for code, spec in old.items()},
            {code: overlaid(spec, data[1]) for code, spec in new.items()},
        ),
        settings_diff(data[0], data[1]),
    )
