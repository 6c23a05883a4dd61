"""Pure: hours of reflective supervision/consultation (RSC) received. The order of the tests is decision 1."""

from __future__ import annotations

from operator import attrgetter

from competencies import wording
from competencies.enums import EntryKind, Reason, SessionState
from competencies.facts import SupervisionFact
from competencies.judging.case import AgeTest, Case, finding_for, months_before
from competencies.judging.qualified import Failed, Qualified, StandingWords
from competencies.specs import RequirementSpec, RscRule
from endorsement_portal.workflow import CountedEntry, Finding, Part, UncountedEntry

ABOUT_OWN_PROVISION = "about_own_provision"


def evaluate(requirement: RequirementSpec, case: Case) -> Finding:
    rule = requirement.rule
    assert isinstance(rule, RscRule)
    counted, uncounted = judged(rule, case)
    have = sum(entry.minutes for entry in counted)
    parts = _parts(rule, counted)
    met = have >= rule.minutes and all(part.met for part in parts)
    waiting = any(entry.reason == Reason.AWAITING_CONFIRMATION for entry in uncounted)
    missing = [wording.own_provision_part(part.have_minutes, part.need_minutes) for part in parts if not part.met]
    return finding_for(
        requirement,
        met=met,
        message="; ".join([wording.counted_of(have, rule.minutes), *missing]),
        fix="" if met else wording.fix("rsc_confirm" if waiting else "rsc"),
        where=EntryKind.SUPERVISION.value,
        have_minutes=have,
        logged_minutes=have + sum(entry.minutes for entry in uncounted),
        need_minutes=rule.minutes,
        short_minutes=max(0, rule.minutes - have),
        parts=parts,
        counted=tuple(CountedEntry(entry.key, entry.minutes) for entry in counted),
        uncounted=tuple(uncounted),
        checks=rule.checks,
    )


def _parts(rule: RscRule, counted: list[SupervisionFact]) -> tuple[Part, ...]:
    need = rule.about_own_provision_minutes
    if not need:
        return ()
    have = sum(entry.minutes for entry in counted if entry.about_own_provision)
    return (Part(ABOUT_OWN_PROVISION, have, need, have >= need),)


def judged(rule: RscRule, case: Case) -> tuple[list[SupervisionFact], list[UncountedEntry]]:
    test = _SessionTest(rule, case)
    counted: list[SupervisionFact] = []
    uncounted: list[UncountedEntry] = []
    for entry in sorted(
        (entry for entry in case.facts.supervision if entry.on <= case.as_of), key=attrgetter("on", "key")
    ):
        failed = test.first_failed(entry)
        if failed is None:
            counted.append(entry)
        else:
            uncounted.append(UncountedEntry(entry.key, entry.minutes, failed.reason.value, failed.detail, failed.cause))
    return counted, uncounted


class _SessionTest:
    """Everything that does not depend on the single session, worked out once."""

    def __init__(self, rule: RscRule, case: Case) -> None:
        self.rule = rule
        self.case = case
        self.ages = AgeTest(case.category.ages)
        self.oldest = None if rule.window_months is None else months_before(case.as_of, rule.window_months)
        words = StandingWords()
        self.providers = {provider.key: Qualified(provider, rule, case, words) for provider in case.facts.providers}

    def first_failed(self, entry: SupervisionFact) -> Failed | None:
        if not entry.selected:
            return Failed(Reason.NOT_SELECTED)
        return self._provider(entry) or self._form(entry) or self._confirmation(entry)

    def _provider(self, entry: SupervisionFact) -> Failed | None:
        if entry.state == SessionState.DECLINED:
            return Failed(Reason.PROVIDER_DECLINED)
        if entry.provider is None:
            return None if self.rule.peers_count else Failed(Reason.NO_NAMED_PROVIDER)
        if self.rule.providers is None:
            return None
        return self.providers[entry.provider].failed_on(entry.on)

    def _form(self, entry: SupervisionFact) -> Failed | None:
        rule = self.rule
        if not self.ages.fits(entry.ages):
            return Failed(Reason.OUTSIDE_AGE_RANGE, self.ages.words)
        if rule.formats is not None and entry.format not in rule.formats:
            return Failed(Reason.FORMAT_NOT_ACCEPTED)
        if rule.modes is not None and entry.mode not in rule.modes:
            return Failed(Reason.FORMAT_NOT_ACCEPTED)
        limit = rule.max_group_size
        if limit is not None and entry.group_size is not None and entry.group_size > limit:
            return Failed(Reason.GROUP_TOO_LARGE, wording.group_size(entry.group_size, limit))
        if self.oldest is not None and entry.on < self.oldest:
            return Failed(Reason.OUTSIDE_WINDOW, wording.before(self.oldest))
        return None

    def _confirmation(self, entry: SupervisionFact) -> Failed | None:
        if not entry.accepted:
            return Failed(Reason.NOT_ACCEPTED_YET)
        if not self.case.settings.confirmation_required:
            return None
        if entry.attested_on is None or entry.attested_on > self.case.as_of:
            return Failed(Reason.AWAITING_CONFIRMATION)
        return None
