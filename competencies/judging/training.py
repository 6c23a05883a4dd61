"""Pure: training hours. In this order: duplicate, outside_age_range, expired (decision 1)."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter

from competencies import wording
from competencies.enums import EntryKind, Reason
from competencies.facts import TrainingFact
from competencies.judging.case import AgeTest, Case, finding_for, months_before
from competencies.rule_texts import translated
from competencies.specs import RequirementSpec, TrainingRule
from endorsement_portal.workflow import CountedEntry, Finding, Part, UncountedEntry


def evaluate(requirement: RequirementSpec, case: Case) -> Finding:
    rule = requirement.rule
    assert isinstance(rule, TrainingRule)
    counted, uncounted = judged(rule, case)
    have = sum(entry.minutes for entry in counted)
    parts = tuple(
        Part(part.key, minutes := minutes_on(counted, part.topic), part.minutes, minutes >= part.minutes)
        for part in rule.sub_minimums
    )
    missing = [
        wording.training_part(part.have_minutes, part.need_minutes, translated(sub.topic_name))
        for part, sub in zip(parts, rule.sub_minimums, strict=True)
        if not part.met
    ]
    met = have >= rule.minutes and not missing
    return finding_for(
        requirement,
        met=met,
        message="; ".join([wording.counted_of(have, rule.minutes), *missing]),
        fix="" if met else wording.fix("training"),
        where=EntryKind.TRAINING.value,
        have_minutes=have,
        logged_minutes=have + sum(entry.minutes for entry in uncounted),
        need_minutes=rule.minutes,
        short_minutes=max(0, rule.minutes - have),
        parts=parts,
        counted=tuple(CountedEntry(entry.key, entry.minutes) for entry in counted),
        uncounted=tuple(uncounted),
        checks=rule.checks,
    )


def minutes_on(entries: Iterable[TrainingFact], topic: str) -> int:
    """A topic tags the whole length; `topic_minutes` says that only part of it is on the topic."""
    total = 0
    for entry in entries:
        if topic in entry.topics:
            total += entry.minutes
        elif entry.topic_minutes:
            total += min(entry.minutes, dict(entry.topic_minutes).get(topic, 0))
    return total


def judged(rule: TrainingRule, case: Case) -> tuple[list[TrainingFact], list[UncountedEntry]]:
    entries = sorted((entry for entry in case.facts.training if entry.on <= case.as_of), key=attrgetter("on", "key"))
    repeated = _repeated(entries)
    ages = AgeTest(case.category.ages)
    oldest = None if rule.expiry_months is None else months_before(case.as_of, rule.expiry_months)
    counted: list[TrainingFact] = []
    uncounted: list[UncountedEntry] = []
    for entry in entries:
        if not entry.selected:
            reason, detail = Reason.NOT_SELECTED, ""
        elif entry.key in repeated:
            reason, detail = Reason.DUPLICATE, ""
        elif not ages.fits(entry.ages):
            reason, detail = Reason.OUTSIDE_AGE_RANGE, ages.words
        elif oldest is not None and entry.on < oldest:
            reason, detail = Reason.EXPIRED, wording.before(oldest)
        elif not entry.accepted:
            reason, detail = Reason.NOT_ACCEPTED_YET, ""
        else:
            counted.append(entry)
            continue
        uncounted.append(UncountedEntry(entry.key, entry.minutes, reason.value, detail))
    return counted, uncounted


def _repeated(entries: Iterable[TrainingFact]) -> set[str]:
    """Keys of entries with the date, title and minutes of another; the smallest key is the one that may count.

    Entries that are left out or not accepted yet take no part: they must not push out one that is there.
    """
    first: dict[tuple, str] = {}
    repeated: set[str] = set()
    for entry in entries:
        if not (entry.selected and entry.accepted):
            continue
        same = (entry.on, entry.title, entry.minutes)
        other = first.setdefault(same, entry.key)
        if other != entry.key:
            repeated.add(max(other, entry.key))
            first[same] = min(other, entry.key)
    return repeated
