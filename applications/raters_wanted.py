"""Pure: in which roles one more rater may be named, and why. Judged by the same match as the requirement itself, with
people who have been asked counted as if they had answered."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.enums import ReferenceState, Slot
from applications.evaluators import days, slot_wanted
from applications.facts import ApplicationFacts, JourneyFacts, ReferenceFacts
from applications.matching import best_match
from applications.rating_rules import ENDED_STATES
from applications.ratings_counted import ReferencesRule, SlotRule, counts, fills, rule_of, vouches
from competencies.specs import RequirementSpec

EXTRA_RATERS = 3
"""How many more than the rule asks for may stand at once: late and unusable ratings happen, a crowd does not help."""


@dataclass(frozen=True, slots=True)
class Wanted:
    roles: tuple[str, ...]
    """The roles in which one more rater helps, in the order of the enum; empty: nobody else can be named now."""
    reason: str = ""
    """Why somebody more is wanted although as many as asked for are named, or why nobody else can be."""


def _promising(
    references: Sequence[ReferenceFacts], rule: ReferencesRule, valid_on: datetime.date
) -> tuple[list[ReferenceFacts], bool]:
    """One reference of each rater that counts or may still, and whether a rating arrived that does not count."""
    by_rater: dict[str, ReferenceFacts] = {}
    wasted = False
    for reference in references:
        if reference.state == ReferenceState.RECEIVED and not counts(reference, rule, valid_on=valid_on):
            wasted = True
        else:
            by_rater.setdefault(reference.rater, reference)
    return list(by_rater.values()), wasted


def _roles(slots: Sequence[SlotRule]) -> frozenset[str]:
    return frozenset(role for slot in slots for role in slot.who)


def wanted(
    references: Sequence[ReferenceFacts], rule: ReferencesRule, *, day: datetime.date, valid_on: datetime.date
) -> Wanted:
    """Whether those named can meet the rule once all have answered; if not, in which roles one more would help.

    `day` is when raters have to hold their endorsement, `valid_on` when ratings have to be in date.
    """
    standing = [reference for reference in references if reference.state not in ENDED_STATES]
    promising, wasted = _promising(standing, rule, valid_on)
    fits = [[fills(reference, slot, rule, day) for slot in rule.slots] for reference in promising]
    filled = best_match(fits, len(rule.slots))

    def gains(role: str) -> bool:
        newcomer = [role in slot.who for slot in rule.slots]
        return len(best_match([*fits, newcomer], len(rule.slots))) > len(filled)

    open_slots = [slot for index, slot in enumerate(rule.slots) if index not in filled]
    unvouched = sum(vouches(reference, rule, day) for reference in promising) < rule.min_from_endorsed
    if open_slots:
        helpful = frozenset(role for role in Slot.values if gains(role))
        reason = slot_wanted(open_slots[0])
    elif unvouched or len(promising) < rule.count:
        helpful, reason = _roles(rule.slots), endorsed_wanted(rule) if unvouched else ""
    else:
        helpful, reason = frozenset(), _("You have named everybody who is asked for.")
    if helpful and len(standing) >= rule.count + EXTRA_RATERS:
        full = ngettext(
            "You have named %(count)s rater, as many as we can ask for one application.",
            "You have named %(count)s raters, as many as we can ask for one application.",
            len(standing),
        )
        return Wanted((), full % {"count": len(standing)})
    if helpful and len(standing) < rule.count:
        reason = ""
    elif helpful and wasted:
        reason = _("A rating that arrived cannot be counted for this application. Ask another person.")
    return Wanted(tuple(role for role in Slot.values if role in helpful), reason)


def more_wanted(spec: RequirementSpec, facts: ApplicationFacts, application: JourneyFacts) -> Wanted:
    """`wanted` for the ratings that a category asks for."""
    return wanted(application.references, rule_of(spec.params), **days(facts, application))


def endorsed_wanted(rule: ReferencesRule) -> str:
    """What mends it when enough raters are named and none of them is endorsed."""
    if rule.vetted_ok:
        return _(
            "None of your raters is endorsed so far. Ask one more person who is, or ask your coordinator to vet one "
            "of those you named."
        )
    return _("None of your raters holds an endorsement that counts here. Ask one more person who does.")
