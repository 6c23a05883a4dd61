"""Making a quarter: create, change, publish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cohorts import calendar, rules
from cohorts.actions.notices import tell_members
from cohorts.enums import MilestoneKind, Season
from cohorts.models import Cohort, Milestone
from endorsement_portal.audit.actions import record
from endorsement_portal.workflow import Finding, LostRace, NotAllowed
from members.models import Association, User


@dataclass(frozen=True, slots=True)
class CohortDetails:
    """What a coordinator types. `opens`, `closes`, `deadline` and milestones are naive wall times in `time_zone`.

    Milestones left out take the place that the quarter's plan gives them.
    """

    name: str
    year: int
    season: Season
    time_zone: str
    opens: datetime
    closes: datetime
    deadline: datetime
    review_ends_on: date
    capacity: int
    welcome: str = ""
    milestones: Mapping[MilestoneKind, datetime] = field(default_factory=dict)


_YEAR_LIMITS = {"first": calendar.YEARS.start, "last": calendar.YEARS.stop - 1}


@dataclass(frozen=True, slots=True)
class _Instants:
    opens_at: datetime
    closes_at: datetime
    submission_deadline_at: datetime
    milestones: Mapping[MilestoneKind, datetime]


def create(*, association: Association, details: CohortDetails, by: User) -> Cohort:
    """A new quarter, not yet published. Findings of a refusal carry the field's name as their requirement."""
    _demand_coordinator(by, association)
    instants = _checked(details)
    cohort = Cohort(association=association, created_by=by)
    with transaction.atomic():
        _save(cohort, details, instants)
        record(verb="cohort.created", obj=cohort, by=by, chain=association.code, data={"capacity": details.capacity})
    return cohort


def edit(*, cohort: Cohort, details: CohortDetails, by: User) -> Cohort:
    """Change a quarter. Once it is published, members hear of changed dates, and seats never fall below those taken."""
    _demand_coordinator(by, cohort.association)
    instants = _checked(details)
    with transaction.atomic():
        cohort = Cohort.objects.select_for_update().select_related("association").get(pk=cohort.pk)
        if details.capacity < cohort.seats_taken:
            message = _("%(count)d seats are taken already.") % {"count": cohort.seats_taken}
            raise NotAllowed.because("capacity", message, fix=_("Keep at least as many seats as there are people."))
        before = _printed(cohort)
        _save(cohort, details, instants)
        after = _printed(cohort)
        changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
        event = record(verb="cohort.edited", obj=cohort, by=by, chain=cohort.association.code, data=changed)
        if cohort.published_at and changed:
            tell_members(
                cohort=cohort,
                kind="cohort_dates_changed",
                key=f"cohort-dates:{event.pk}",
                context={
                    "closes": cohort.closes_at,
                    "deadline": cohort.submission_deadline_at,
                    "review_ends_on": cohort.review_ends_on,
                },
            )
    return cohort


def publish(*, cohort: Cohort, by: User, now: datetime | None = None) -> Cohort:
    """Announce the quarter: from now on it is on the public page. Once only."""
    _demand_coordinator(by, cohort.association)
    now = now or timezone.now()
    if not calendar.in_time(cohort.closes_at, now):
        raise NotAllowed.because(
            "closes", _("Enrollment for this cohort is over already."), fix=_("Set a later closing date first.")
        )
    with transaction.atomic():
        changed = Cohort.objects.filter(pk=cohort.pk, published_at__isnull=True).update(published_at=now)
        if not changed:
            raise LostRace.because("published", _("This cohort is published already."))
        cohort.refresh_from_db()
        record(verb="cohort.published", obj=cohort, by=by, chain=cohort.association.code)
    return cohort


def _demand_coordinator(by: User, association: Association) -> None:
    if not rules.may_run(by, association):
        raise NotAllowed.because("coordinator", _("Only a coordinator of this association can do this."))


def _checked(details: CohortDetails) -> _Instants:
    """The instants of what was typed, or every refusal at once, each by its field."""
    if details.year not in calendar.YEARS:
        raise NotAllowed([_refusal("year", _("Choose a year between %(first)d and %(last)d.") % _YEAR_LIMITS)])
    findings: list[Finding] = []
    instants: dict[str, datetime] = {}
    for name, wall in {"opens": details.opens, "closes": details.closes, "deadline": details.deadline}.items():
        try:
            instants[name] = calendar.instant_of(wall, details.time_zone)
        except calendar.WallTimeRefused as error:
            findings.append(_refusal("time_zone" if error.code == "unknown_zone" else name, error.message))
    milestones: dict[MilestoneKind, datetime] = {}
    planned = {**calendar.quarter_plan(details.year, details.season).milestones, **details.milestones}
    for kind, wall in planned.items():
        if kind == MilestoneKind.SUBMITTED:
            wall = details.deadline
        try:
            milestones[kind] = calendar.instant_of(min(wall, details.deadline), details.time_zone)
        except calendar.WallTimeRefused as error:
            findings.append(_refusal(f"milestone_{kind}", error.message))
    if not findings:
        findings.extend(_out_of_order(details))
    if findings:
        raise NotAllowed(dict.fromkeys(findings))
    return _Instants(
        opens_at=instants["opens"],
        closes_at=instants["closes"],
        submission_deadline_at=instants["deadline"],
        milestones=milestones,
    )


def _out_of_order(details: CohortDetails) -> list[Finding]:
    findings = []
    if details.opens >= details.closes:
        findings.append(_refusal("closes", _("Enrollment has to close after it opens.")))
    if details.closes > details.deadline:
        findings.append(_refusal("deadline", _("Applications cannot be due before enrollment closes.")))
    if details.review_ends_on < details.deadline.date():
        findings.append(_refusal("review_ends_on", _("The review cannot end before applications are due.")))
    if details.capacity < 1:
        findings.append(_refusal("capacity", _("A cohort needs at least one seat.")))
    return findings


def _refusal(requirement: str, message: str) -> Finding:
    return Finding(requirement=requirement, kind="guard", met=False, message=message)


def _save(cohort: Cohort, details: CohortDetails, instants: _Instants) -> None:
    cohort.name = details.name
    cohort.year = details.year
    cohort.season = details.season
    cohort.time_zone = details.time_zone
    cohort.opens_at = instants.opens_at
    cohort.closes_at = instants.closes_at
    cohort.submission_deadline_at = instants.submission_deadline_at
    cohort.deadline_wall_time = calendar.wall_text(details.deadline, details.time_zone)
    cohort.review_ends_on = details.review_ends_on
    cohort.capacity = details.capacity
    cohort.welcome = details.welcome
    try:
        with transaction.atomic():
            cohort.save()
    except IntegrityError as error:
        message = _("There is a cohort of this name already.")
        raise NotAllowed.because("name", message, fix=_("Choose another name.")) from error
    for kind, due_at in instants.milestones.items():
        Milestone.objects.update_or_create(
            cohort=cohort, kind=kind, defaults={"title": str(MilestoneKind(kind).label), "due_at": due_at}
        )


def _printed(cohort: Cohort) -> dict[str, str]:
    """The dates that people plan by, as text for the history and for mail."""
    return {
        "opens_at": cohort.opens_at.isoformat(),
        "closes_at": cohort.closes_at.isoformat(),
        "submission_deadline_at": cohort.submission_deadline_at.isoformat(),
        "review_ends_on": cohort.review_ends_on.isoformat(),
    }
