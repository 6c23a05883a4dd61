"""Pure: which ratings count for the reference rule of a category, and which of its slots are still open."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from applications.enums import ReferenceState, Slot
from applications.facts import ReferenceFacts
from applications.matching import best_match
from applications.rating_rules import add_months
from competencies.enums import StandingKind
from competencies.specs import months_of


@dataclass(frozen=True, slots=True)
class SlotRule:
    who: frozenset[str]
    endorsed_only: bool = False
    vetted_ok: bool = False


@dataclass(frozen=True, slots=True)
class ReferencesRule:
    count: int
    slots: tuple[SlotRule, ...]
    min_from_endorsed: int = 0
    endorsed_categories: frozenset[str] | None = None
    """None: any category."""
    vetted_ok: bool = False
    """Whether a rater vetted by a coordinator stands in for an endorsed one."""
    not_enough_max: int | None = None
    valid_months: int | None = None
    known_months: int | None = None


def rule_of(params: Mapping[str, Any]) -> ReferencesRule:
    form = params.get("form") or {}
    codes = params.get("endorsed_categories")
    return ReferencesRule(
        count=params["count"],
        slots=tuple(
            SlotRule(frozenset(slot["who"]), bool(slot.get("endorsed_only")), bool(slot.get("vetted_ok")))
            for slot in params.get("slots") or ()
        ),
        min_from_endorsed=params.get("min_from_endorsed") or 0,
        endorsed_categories=frozenset(codes) if codes else None,
        vetted_ok=bool(params.get("vetted_ok")),
        not_enough_max=form.get("not_enough_information_max"),
        valid_months=months_of(form.get("valid_for")),
        known_months=months_of(form.get("rater_known_applicant_min")),
    )


def endorsed_on(reference: ReferenceFacts, rule: ReferencesRule, day: datetime.date) -> bool:
    """Whether the rater's own standing on that day is an endorsement that this rule accepts."""
    return any(
        standing.trusted
        and standing.kind != StandingKind.VETTED
        and standing.holds_on(day)
        and (rule.endorsed_categories is None or standing.code in rule.endorsed_categories)
        for standing in reference.standings
    )


def vouches(reference: ReferenceFacts, rule: ReferencesRule, day: datetime.date) -> bool:
    return endorsed_on(reference, rule, day) or (rule.vetted_ok and reference.vetted)


def fills(reference: ReferenceFacts, slot: SlotRule, rule: ReferencesRule, day: datetime.date) -> bool:
    if reference.slot not in slot.who:
        return False
    return not slot.endorsed_only or endorsed_on(reference, rule, day) or (slot.vetted_ok and reference.vetted)


def counts(reference: ReferenceFacts, rule: ReferencesRule, *, valid_on: datetime.date) -> bool:
    """Whether a rating arrived, is still in date, and comes from somebody who knew the person long enough."""
    rating = reference.rating
    if reference.state != ReferenceState.RECEIVED or rating is None:
        return False
    if rule.not_enough_max is not None and rating.not_enough_information > rule.not_enough_max:
        return False
    if rule.known_months is not None and add_months(reference.known_since, rule.known_months) > rating.submitted_on:
        return reference.vetted
    until = rating.valid_until
    if until is None and rule.valid_months is not None:
        until = add_months(rating.submitted_on, rule.valid_months)
    return until is None or until >= valid_on


@dataclass(frozen=True, slots=True)
class Matched:
    counted: tuple[ReferenceFacts, ...]
    """One rating of each rater, in the order they were named."""
    not_counted: tuple[ReferenceFacts, ...]
    """Received, but of no use for this rule."""
    open_slots: tuple[SlotRule, ...]
    from_endorsed: int


def match(
    references: Sequence[ReferenceFacts], rule: ReferencesRule, *, day: datetime.date, valid_on: datetime.date
) -> Matched:
    received = [reference for reference in references if reference.state == ReferenceState.RECEIVED]
    by_rater: dict[str, ReferenceFacts] = {}
    for reference in received:
        if counts(reference, rule, valid_on=valid_on):
            by_rater.setdefault(reference.rater, reference)
    counted = tuple(by_rater.values())
    fits = [[fills(reference, slot, rule, day) for slot in rule.slots] for reference in counted]
    filled = best_match(fits, len(rule.slots))
    return Matched(
        counted=counted,
        not_counted=tuple(reference for reference in received if reference not in counted),
        open_slots=tuple(slot for index, slot in enumerate(rule.slots) if index not in filled),
        from_endorsed=sum(vouches(reference, rule, day) for reference in counted),
    )


def slot_names(slot: SlotRule) -> str:
    """Who may fill a slot, in words."""
    return ", ".join(str(Slot(who).label) for who in Slot.values if who in slot.who)
