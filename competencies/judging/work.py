"""Pure: work experience. Its length is the union of inclusive calendar days, one year being 365 (decision 4)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from competencies import wording
from competencies.enums import EntryKind, Reason, WorkRole
from competencies.facts import WorkFact
from competencies.judging.case import AgeTest, Case, finding_for
from competencies.specs import GRADUATE, RequirementSpec, WorkRule
from endorsement_portal.workflow import CountedEntry, Finding, UncountedEntry

Span = tuple[int, int]
"""First and last day, both included, as ordinals."""
_PAID_ONLY = "required"
_OR_VOLUNTEER = "paid_or_supervised_volunteer"
_DEGREE_LEVELS = {"graduate": frozenset(GRADUATE)}


@dataclass(frozen=True, slots=True)
class WorkTally:
    """What counts under a work rule. `days` includes the credit for internships."""

    days: int
    families: int
    counted: tuple[WorkFact, ...]
    uncounted: tuple[UncountedEntry, ...]


def evaluate(requirement: RequirementSpec, case: Case) -> Finding:
    rule = requirement.rule
    assert isinstance(rule, WorkRule)
    tally = judged(rule, case)
    enough_families = rule.families_min is None or tally.families >= rule.families_min
    met = tally.days >= rule.days_min and enough_families
    waived = case.settings.emerging and rule.waivable_while == "emerging"
    return finding_for(
        requirement,
        met=met,
        required=requirement.required and not waived,
        message=_message(rule, tally, waived=waived),
        fix="" if met or waived else wording.fix("work"),
        where=EntryKind.WORK.value,
        counted=tuple(CountedEntry(job.key) for job in tally.counted),
        uncounted=tally.uncounted,
        checks=rule.checks,
    )


def _message(rule: WorkRule, tally: WorkTally, *, waived: bool) -> str:
    words = [wording.work_counted(tally.days, rule.days_min)]
    if rule.families_min is not None:
        words.append(wording.families_counted(tally.families, rule.families_min))
    if waived:
        words.append(wording.waived_while_emerging())
    return "; ".join(words)


def judged(rule: WorkRule, case: Case) -> WorkTally:
    test = _JobTest(rule, case)
    counted: list[WorkFact] = []
    uncounted: list[UncountedEntry] = []
    jobs: list[Span] = []
    internships: list[Span] = []
    for job in sorted(case.facts.work, key=lambda job: (job.starts_on, job.key)):
        if job.starts_on > case.as_of:
            continue
        reason, internship = test.first_failed(job)
        if reason is not None:
            uncounted.append(UncountedEntry(job.key, 0, reason.value, ""))
            continue
        counted.append(job)
        (internships if internship else jobs).append(test.span(job))
    worked = days_of(jobs)
    interned = days_of(jobs + internships) - worked
    credit = min(interned, rule.internship.max_days) if rule.internship else 0
    return WorkTally(
        days=worked + credit,
        families=sum(job.families_served for job in counted),
        counted=tuple(counted),
        uncounted=tuple(uncounted),
    )


def days_of(spans: Iterable[Span]) -> int:
    """The number of days in the union of the spans."""
    days = 0
    reached = 0
    for first, last in sorted(spans):
        begin = max(first, reached + 1)
        if last >= begin:
            days += last - begin + 1
            reached = last
    return days


class _JobTest:
    def __init__(self, rule: WorkRule, case: Case) -> None:
        self.rule = rule
        self.as_of = case.as_of
        self.ages = AgeTest(rule.ages)
        self.degree_on = _degree_date(rule, case)

    def span(self, job: WorkFact) -> Span:
        """First and last day that may count: not before the degree, not after the day of the report."""
        first = job.starts_on if self.degree_on is None else max(job.starts_on, self.degree_on)
        last = self.as_of if job.ends_on is None else min(job.ends_on, self.as_of)
        return first.toordinal(), last.toordinal()

    def first_failed(self, job: WorkFact) -> tuple[Reason | None, bool]:
        """The reason, if any, and whether the job is judged as an internship."""
        if not job.selected:
            return Reason.NOT_SELECTED, False
        reason = self._as_job(job)
        internship = self.rule.internship
        if reason is None or internship is None or not internship.roles_any.intersection(job.roles):
            return reason or self._everywhere(job), False
        return self._as_internship(job) or self._everywhere(job), True

    def _as_job(self, job: WorkFact) -> Reason | None:
        rule = self.rule
        if not rule.roles_any.intersection(job.roles):
            return Reason.ROLE_NOT_COUNTED
        if not job.paid and rule.paid == _PAID_ONLY:
            return Reason.NOT_PAID
        if not job.paid and rule.paid == _OR_VOLUNTEER:
            if WorkRole.QUALIFYING_VOLUNTEER not in job.roles:
                return Reason.NOT_PAID
            if not job.supervised:
                return Reason.NOT_SUPERVISED
        if rule.supervised and not job.supervised:
            return Reason.NOT_SUPERVISED
        return None

    def _as_internship(self, job: WorkFact) -> Reason | None:
        """A supervised internship may be unpaid, and must be full time."""
        assert self.rule.internship is not None
        if not job.supervised:
            return Reason.NOT_SUPERVISED
        if (job.hours_per_week or 0) < self.rule.internship.min_hours_per_week:
            return Reason.HOURS_TOO_FEW
        return None

    def _everywhere(self, job: WorkFact) -> Reason | None:
        if not self.ages.fits(job.ages):
            return Reason.OUTSIDE_AGE_RANGE
        first, last = self.span(job)
        if first > last:
            return Reason.BEFORE_DEGREE
        return None if job.accepted else Reason.NOT_ACCEPTED_YET


def _degree_date(rule: WorkRule, case: Case) -> datetime.date | None:
    """The award of the first degree that the rule builds on; without one, no day comes after it."""
    if rule.after_degree_level is None:
        return None
    levels = _DEGREE_LEVELS.get(rule.after_degree_level, frozenset({rule.after_degree_level}))
    awards = [
        entry.awarded_on
        for entry in case.facts.education
        if entry.level in levels and entry.selected and entry.accepted and entry.awarded_on is not None
    ]
    return min((day for day in awards if day <= case.as_of), default=datetime.date.max)
