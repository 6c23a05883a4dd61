"""An application's own life before it is sent: started, selected, moved, withdrawn."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import evaluators, readiness
from applications.actions import notices, references, transitions
from applications.enums import Action, AssignmentState, ReferenceState, Status
from applications.facts import ApplicationFacts
from applications.models import Application, Decision, ReviewAssignment
from applications.queries.facts import prospect_facts
from applications.rating_rules import ANSWERABLE_STATES, OPEN_FOR_STAFF
from applications.rules import actor_of
from cohorts.actions import enrolment as seats
from cohorts.calendar import phase
from cohorts.enums import EnrolmentState, Phase, Season
from cohorts.models import Cohort, Enrolment
from cohorts.rules import dates_of
from competencies.enums import EntryKind, RequirementKind
from competencies.models import Category
from competencies.overlays import display_name
from competencies.queries.standards import current_overlay, edition_for
from endorsement_portal.audit.actions import record
from endorsement_portal.workflow import Finding, NotAllowed
from members.models import User

EDITABLE = frozenset({Status.DRAFT.value, Status.CHANGES_REQUESTED.value, Status.DEFERRED.value})
"""Where the applicant works on the application."""
SEASON_LETTERS = {Season.WINTER: "W", Season.SPRING: "S", Season.SUMMER: "U", Season.FALL: "F"}
NUMBER_TRIES = 50


def start(
    *,
    enrolment: Enrolment,
    category: Category,
    by: User,
    asks_emerging: bool = False,
    now: datetime.datetime | None = None,
) -> Application:
    """A new application on a seat. Edition and overlay are pinned from today on (decision 10).

    Raises NotAllowed with every reason: seat, phase, category, license, membership, a second application.
    """
    now = now or timezone.now()
    try:
        with transaction.atomic():
            return _start(enrolment, category, by, asks_emerging, now)
    except IntegrityError as error:  # two clicks: the constraint lets one application per category be open
        raise NotAllowed([_already_open(category)]) from error


def _start(
    enrolment: Enrolment, category: Category, by: User, asks_emerging: bool, now: datetime.datetime
) -> Application:
    enrolment = Enrolment.objects.select_related("cohort__association__settings", "person__user").get(pk=enrolment.pk)
    cohort, person = enrolment.cohort, enrolment.person
    if person.user_id != by.pk:
        raise NotAllowed.because("actor", _("This is not your seat."))
    facts = prospect_facts(person, category, now, association=cohort.association, emerging=asks_emerging)
    refused = [finding for finding in start_findings(enrolment, category, facts, asks_emerging) if not finding.met]
    if refused:
        raise NotAllowed(refused)
    edition = edition_for(facts.as_of)
    overlay = current_overlay(cohort.association, edition)
    application = Application.objects.create(
        person=person,
        enrolment=enrolment,
        association=cohort.association,
        category=category,
        edition=edition,
        overlay=overlay,
        local_name=display_name(overlay.data, category.code) if overlay else "",
        reference_number=new_reference_number(cohort),
        status_since=now,
        asks_emerging=asks_emerging,
    )
    record(
        verb="application.started",
        obj=application,
        by=by,
        chain=cohort.association.code,
        data={"category": category.code, "edition": edition.sha256, "cohort": str(cohort.uuid)},
    )
    notices.tell_applicant(application, kind="draft_started", key=f"draft-first:{application.uuid}")
    return application


def start_findings(
    enrolment: Enrolment, category: Category, facts: ApplicationFacts, asks_emerging: bool
) -> tuple[Finding, ...]:
    """Everything that is asked before an application begins; the page shows them before the button."""
    return (
        *_seat_findings(enrolment, facts.now),
        *_category_findings(enrolment, category, facts, asks_emerging),
        *_membership_findings(facts),
        *_other_applications(enrolment, category, facts),
    )


def _finding(key: str, met: bool, message: str, fix: str = "", where: str = "") -> Finding:
    return Finding(requirement=key, kind="guard", met=met, message=message, fix=fix, where=where)


def _seat_findings(enrolment: Enrolment, now: datetime.datetime) -> tuple[Finding, ...]:
    under_way = phase(dates_of(enrolment.cohort), now) in (Phase.OPEN, Phase.WORKING)
    return (
        _finding(
            "seat",
            enrolment.state == EnrolmentState.SEATED,
            _("You do not hold a seat in this cohort now."),
            _("Take a seat in a cohort first."),
            "cohorts",
        ),
        _finding(
            "phase",
            under_way,
            _("This cohort does not take new applications now."),
            _("Look at the next cohorts."),
            "cohorts",
        ),
    )


def _category_findings(
    enrolment: Enrolment, category: Category, facts: ApplicationFacts, asks_emerging: bool
) -> tuple[Finding, ...]:
    association = enrolment.cohort.association
    offered = association.offers_licenses is None or category.license_id in association.offers_licenses
    return (
        *readiness.category_open(facts.category),
        _finding(
            "license",
            offered,
            _("%(association)s does not offer %(license)s.")
            % {"association": association.name, "license": category.license_id},
            _("Choose a category of another license, or a cohort of another association."),
            "cohorts",
        ),
        _finding(
            "emerging",
            not asks_emerging or category.emerging_max_months is not None,
            _("Only an add-on can be asked for as emerging."),
        ),
    )


def _membership_findings(facts: ApplicationFacts) -> tuple[Finding, ...]:
    """A membership is required on the day an application is created (decision 9)."""
    return tuple(
        evaluators.membership(spec, facts)
        for spec in facts.category.requirements
        if spec.kind == RequirementKind.MEMBERSHIP and spec.required
    )


def _already_open(category: Category) -> Finding:
    return _finding(
        "already_open",
        False,
        _("You already have an open application for %(category)s.") % {"category": category.name},
        _("Open it from your list of applications."),
        "applications",
    )


def _other_applications(enrolment: Enrolment, category: Category, facts: ApplicationFacts) -> tuple[Finding, ...]:
    others = {row.category_id for row in Application.objects.open().filter(person=enrolment.person)}
    if category.code in others:
        return (_already_open(category),)
    return (
        _finding(
            "two_at_once",
            facts.house.two_at_once or not others,
            _("Your association takes one application at a time, and you have one open."),
            _("Finish or withdraw that one first."),
            "applications",
        ),
    )


def new_reference_number(cohort: Cohort) -> str:
    """A free number of the cohort's shape. Raises RuntimeError when none was found."""
    for number in reference_numbers(cohort):
        if not Application.objects.filter(reference_number=number).exists():
            return number
    raise RuntimeError(f"No free reference number for {cohort.name}")


def reference_numbers(cohort: Cohort, draw: Callable[[int], int] = secrets.randbelow) -> Iterator[str]:
    """Candidates like PR-26W-0388: the association's letters, the quarter, and a number nobody can count from.

    `draw(n)` gives a whole number below n. Four digits first; six once many are taken.
    """
    letters = cohort.association.code.rpartition("-")[2]
    prefix = f"{letters}-{cohort.year % 100:02d}{SEASON_LETTERS[Season(cohort.season)]}"
    for attempt in range(NUMBER_TRIES):
        digits = 4 if attempt < NUMBER_TRIES // 2 else 6
        yield f"{prefix}-{draw(10**digits):0{digits}d}"


def demand_editable(application: Application, by: User) -> None:
    if application.person.user_id != by.pk:
        raise NotAllowed.because("actor", _("This is not your application."))
    if application.status not in EDITABLE:
        raise NotAllowed.because(
            "status",
            _("This application is “%(status)s” now; it cannot be changed.")
            % {"status": Status(application.status).label},
            fix=_("Write to your coordinator."),
            where="messages",
        )


@transaction.atomic
def select(*, application: Application, by: User, left_out: Mapping[str, Sequence[str]]) -> Application:
    """Choose what of the portfolio this application leaves out. Everything else is in. Unknown keys are dropped."""
    application = transitions.lock(application)
    demand_editable(application, by)
    chosen = {kind.value: sorted({str(key) for key in left_out.get(kind.value, ())}) for kind in EntryKind}
    application.left_out = {kind: keys for kind, keys in chosen.items() if keys}
    application.save(update_fields=["left_out", "updated_at"])
    record(
        verb="application.selected",
        obj=application,
        by=by,
        chain=application.association.code,
        data={"left_out": {kind: len(keys) for kind, keys in application.left_out.items()}},
    )
    return application


@transaction.atomic
def withdraw(
    *, application: Application, by: User, reason: str = "", now: datetime.datetime | None = None
) -> Application:
    """Ends the application for good. Portfolio and confirmed hours stay; open requests to raters and reviewers end."""
    now = now or timezone.now()
    application = transitions.lock(application)
    if application.status in OPEN_FOR_STAFF:
        waiting = (ReferenceState.NAMED, *ANSWERABLE_STATES)
        for reference in application.references.filter(state__in=waiting).select_related("rater"):
            reference.application = application
            references.cancel(reference=reference, by=by, as_staff=True, now=now)
    actor = actor_of(by, application)
    row = transitions.perform(
        application=application, action=Action.WITHDRAW, by=by, actor=actor, reason=reason, now=now
    )
    ReviewAssignment.objects.filter(application=row, state=AssignmentState.ASSIGNED).update(
        state=AssignmentState.REMOVED, updated_at=now
    )
    Decision.objects.filter(application=row, released_at__isnull=True, discarded_at__isnull=True).update(
        discarded_at=now, updated_at=now
    )
    notices.tell_applicant(row, kind="withdrawn", key=f"withdrawn:{row.uuid}")
    if row.submitted_at is not None:
        notices.tell_coordinators(row, kind="withdrawn_desk", key=f"withdrawn-desk:{row.uuid}")
    return row


@transaction.atomic
def move(*, enrolment: Enrolment, to: Cohort, by: User, reason: str, now: datetime.datetime | None = None) -> Enrolment:
    """To another cohort of the association, with the applications that are still being worked on (A24)."""
    if to.association_id != enrolment.cohort.association_id:
        raise NotAllowed.because("association", _("You can move between cohorts of one association only."))
    seat = seats.move(enrolment=enrolment, to=to, by=by, reason=reason, now=now)
    carried = Application.objects.filter(enrolment=enrolment, status__in=EDITABLE)
    for application in carried:
        record(
            verb="application.moved",
            obj=application,
            by=by,
            chain=to.association.code,
            data={"from": str(enrolment.cohort.uuid), "to": str(to.uuid)},
        )
    carried.update(enrolment=seat)
    return seat
