"""When a person would be ready for a category, at their own pace or under a plan they try, and the cohort that fits."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from applications.queries.gap import GapReport
from applications.readiness import unmet
from cohorts.calendar import local_day
from cohorts.models import Cohort, Enrolment
from cohorts.queries import coming
from competencies.enums import RequirementKind
from competencies.projection import HOURS, Need, Outlook, Plan, Projected, needs, project
from competencies.rule_texts import translated
from endorsement_portal.workflow import Finding
from members.models import Person

COHORTS_LOOKED_AT = 12


@dataclass(frozen=True, slots=True)
class CohortFit:
    """A cohort whose deadline is not before the day one is ready."""

    uuid: UUID
    name: str
    deadline_at: datetime.datetime
    zone: str
    own: bool
    days_to_spare: int


@dataclass(frozen=True, slots=True)
class DatedRow:
    """An hours requirement with its date."""

    projected: Projected
    label: str
    finding: Finding
    recent: int
    """Minutes that counted in the last 90 days."""

    @property
    def parts_short(self) -> int:
        return sum(not part.met for part in self.finding.parts)


@dataclass(frozen=True, slots=True)
class OutlookPage:
    outlook: Outlook
    rows: tuple[DatedRow, ...]
    undated: tuple[str, ...]
    """Labels of what is unmet and no hours rule: nothing here can date it."""
    fit: CohortFit | None
    missed: CohortFit | None
    """The cohort one sits in, when it closes before one is ready."""

    @property
    def bottleneck(self) -> DatedRow | None:
        found = self.outlook.bottleneck
        return next((row for row in self.rows if row.projected == found), None)


def hours_needed(report: GapReport) -> tuple[Need, ...]:
    portfolio = report.facts.portfolio
    days = {
        RequirementKind.TRAINING_HOURS.value: {entry.key: entry.on for entry in portfolio.training},
        RequirementKind.RSC_HOURS.value: {entry.key: entry.on for entry in portfolio.supervision},
    }
    return needs(report.findings, days, report.as_of)


def outlook_page(
    person: Person,
    report: GapReport,
    needed: Iterable[Need],
    *,
    paces: Mapping[str, int] | None = None,
    plans: Iterable[Plan] = (),
) -> OutlookPage:
    """At most two queries. Nothing is written."""
    needed = tuple(needed)
    outlook = project(needed, as_of=report.as_of, paces=paces, plans=plans)
    findings = {finding.requirement: finding for finding in report.findings}
    fits = list(_fits(person, report, outlook.ready_on)) if outlook.ready_on else []
    return OutlookPage(
        outlook=outlook,
        rows=tuple(
            DatedRow(row, translated(findings[row.requirement].label), findings[row.requirement], need.recent)
            for row, need in zip(outlook.rows, needed, strict=True)
        ),
        undated=tuple(translated(finding.label) for finding in unmet(report.findings) if finding.kind not in HOURS),
        fit=next((one for one in fits if one.days_to_spare >= 0), None),
        missed=next((one for one in fits if one.own and one.days_to_spare < 0), None),
    )


def _fits(person: Person, report: GapReport, ready_on: datetime.date) -> Iterator[CohortFit]:
    own, others = _cohorts(person, report)
    if own is not None:
        yield _fit(own, ready_on, own=True)
    yield from (_fit(cohort, ready_on, own=False) for cohort in others)


def _cohorts(person: Person, report: GapReport) -> tuple[Cohort | None, list[Cohort]]:
    """The cohort the person sits in, and those that can still be joined there, the earliest deadline first."""
    now, application = report.facts.now, report.facts.application
    seats = Enrolment.objects.filter(person=person, cohort__submission_deadline_at__gte=now.replace(microsecond=0))
    if application is not None:
        seats = seats.filter(applications__uuid=application.uuid)
    seat = seats.seated().select_related("cohort__association").order_by("cohort__submission_deadline_at", "pk").first()
    own = seat.cohort if seat else None
    others = coming(now, own.association.slug if own else "").order_by("submission_deadline_at", "pk")
    return own, [cohort for cohort in others[:COHORTS_LOOKED_AT] if cohort != own]


def _fit(cohort: Cohort, ready_on: datetime.date, *, own: bool) -> CohortFit:
    deadline = local_day(cohort.submission_deadline_at, cohort.time_zone)
    return CohortFit(
        uuid=cohort.uuid,
        name=cohort.name,
        deadline_at=cohort.submission_deadline_at,
        zone=cohort.time_zone,
        own=own,
        days_to_spare=(deadline - ready_on).days,
    )
