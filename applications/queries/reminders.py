"""The facts of all reminders, gathered in a number of queries that does not depend on how many people there are."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from applications.enums import AssignmentState, ReferenceState, Reminder, Status
from applications.models import Application, Reference, ReminderStep, ReviewAssignment
from applications.reminders import (
    DONE_WHEN,
    HORIZON,
    TAIL,
    ReminderFacts,
    SeatFacts,
    Subject,
    clock,
    local_day,
    mail_key,
)
from cohorts.enums import MilestoneKind
from cohorts.models import Enrolment, Milestone
from competencies.enums import RequirementKind
from competencies.models import Education, ProfessionalLicense, Requirement, Supervision, Training, Work
from endorsement_portal.links.actions import placeholder
from endorsement_portal.links.models import PrivateLink
from endorsement_portal.web.addresses import absolute
from members.enums import MembershipKind
from members.models import Membership, Person

REFERENCE_PURPOSE = "rating"
REMINDED_STATES = (ReferenceState.ASKED, ReferenceState.OPENED, ReferenceState.STARTED)
ENTRY_MODELS = (Training, Supervision, Work, Education, ProfessionalLicense)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the pure judge reads, and the people it may write to."""

    facts: ReminderFacts
    people: dict[int, Person] = field(default_factory=dict)
    scopes: dict[str, str] = field(default_factory=dict)
    """Object of a subject -> association code."""


def end_of_day(day: datetime.date, zone: str) -> datetime.datetime:
    """The last second of a day on somebody's clock."""
    return datetime.datetime.combine(day, datetime.time(23, 59, 59), tzinfo=clock(zone))


def gather(now: datetime.datetime) -> Gathered:
    found: list[tuple[Subject, Person, str]] = [
        *_seats(now),
        *_memberships(now),
        *_ratings(now),
        *_reviews(now),
    ]
    people = {person.pk: person for _subject, person, _scope in found}
    steps = list(ReminderStep.objects.filter(deadline_at__gt=now - TAIL - TAIL).values_list("key", "message_key"))
    mailed = {message_key for _key, message_key in steps if message_key}
    return Gathered(
        facts=ReminderFacts(
            subjects=tuple(subject for subject, _person, _scope in found),
            taken=frozenset(key for key, _message_key in steps),
            mailed_today=frozenset(
                pk for pk, person in people.items() if mail_key(pk, local_day(now, person.time_zone)) in mailed
            ),
        ),
        people=people,
        scopes={subject.object: scope for subject, _person, scope in found},
    )


# --- Seats: the cohort's deadline and its milestones --------------------------------------------


def _raters_needed() -> dict[tuple[int, int], int]:
    """(edition, category) -> how many ratings its rule asks for."""
    rules = Requirement.objects.filter(kind=RequirementKind.REFERENCE_RATINGS).values_list(
        "edition_id", "category_id", "params"
    )
    return {(edition, category): int(params.get("count") or 0) for edition, category, params in rules}


def _applications(now: datetime.datetime) -> dict[int, list[dict[str, Any]]]:
    """Enrolment -> its applications in cohorts whose deadline lies ahead, with counts of raters."""
    standing = ~Q(references__state__in=[ReferenceState.DECLINED, ReferenceState.CANCELED])
    rows = (
        Application.objects.filter(enrolment__cohort__submission_deadline_at__gte=now)
        .exclude(status=Status.WITHDRAWN)
        .annotate(
            named=Count("references", filter=standing & Q(references__isnull=False)),
            received=Count("references", filter=Q(references__state=ReferenceState.RECEIVED)),
        )
        .order_by("pk")
        .values("uuid", "enrolment_id", "status", "edition_id", "category__id", "named", "received")
    )
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["enrolment_id"]].append(dict(row))
    return found


def _seat_facts(rows: Iterable[dict[str, Any]], needed: dict[tuple[int, int], int], *, entries: bool) -> SeatFacts:
    rows = list(rows)
    return SeatFacts(
        entries=int(entries),
        applications=len(rows),
        raters_named=sum(min(row["named"], _need(row, needed)) for row in rows),
        raters_needed=sum(_need(row, needed) for row in rows),
        ratings_received=sum(min(row["received"], _need(row, needed)) for row in rows),
        submitted=sum(row["status"] != Status.DRAFT for row in rows),
    )


def _need(row: dict[str, Any], needed: dict[tuple[int, int], int]) -> int:
    return needed.get((row["edition_id"], row["category__id"]), 0)


def _seats(now: datetime.datetime) -> Iterator[tuple[Subject, Person, str]]:
    started = reduce(or_, (Exists(model.objects.current().filter(person=OuterRef("person"))) for model in ENTRY_MODELS))
    seats = (
        Enrolment.objects.seated()
        .filter(
            cohort__published_at__isnull=False,
            cohort__submission_deadline_at__gte=now,
            cohort__submission_deadline_at__lt=now + HORIZON,
        )
        .annotate(has_entries=started)
        .select_related("cohort__association", "person__user")
    )
    applications, needed = _applications(now), _raters_needed()
    milestones: dict[int, list[Milestone]] = defaultdict(list)
    for milestone in Milestone.objects.filter(due_at__gte=now, due_at__lt=now + HORIZON).order_by("due_at", "pk"):
        milestones[milestone.cohort_id].append(milestone)
    for seat in seats:
        rows = applications.get(seat.pk, [])
        so_far = _seat_facts(rows, needed, entries=seat.has_entries)
        yield from _of_seat(seat, rows, so_far, milestones[seat.cohort_id])


def _of_seat(
    seat: Enrolment, rows: list[dict[str, Any]], so_far: SeatFacts, milestones: list[Milestone]
) -> Iterator[tuple[Subject, Person, str]]:
    cohort, person, scope = seat.cohort, seat.person, seat.cohort.association.code
    drafts = [row for row in rows if row["status"] == Status.DRAFT]
    address = absolute("applications:hub", drafts[0]["uuid"]) if len(drafts) == 1 else absolute("my_cohort")
    yield (
        Subject(
            kind=Reminder.COHORT_CLOSING,
            object=str(cohort.uuid),
            person=person.pk,
            zone=person.time_zone,
            due_at=cohort.submission_deadline_at,
            starts_at=seat.seated_at,
            done=bool(rows) and not drafts,
            context={
                "cohort": cohort.name,
                "deadline": cohort.submission_deadline_at,
                "zone": cohort.time_zone,
                "started": bool(rows),
                "address": address,
            },
        ),
        person,
        scope,
    )
    for milestone in milestones:
        if milestone.due_at == cohort.submission_deadline_at:
            continue  # the deadline's own ladder says it
        yield (
            Subject(
                kind=Reminder.MILESTONE,
                object=str(milestone.uuid),
                person=person.pk,
                zone=person.time_zone,
                due_at=milestone.due_at,
                starts_at=seat.seated_at,
                done=DONE_WHEN[MilestoneKind(milestone.kind)](so_far),
                context={
                    "title": milestone.title,
                    "cohort": cohort.name,
                    "deadline": milestone.due_at,
                    "zone": cohort.time_zone,
                    "address": absolute("my_cohort"),
                },
            ),
            person,
            scope,
        )


# --- Memberships that end before the review does ------------------------------------------------


def _memberships(now: datetime.datetime) -> Iterator[tuple[Subject, Person, str]]:
    today = now.date()
    reviews: dict[int, tuple[datetime.date, str]] = {}
    rows = (
        Application.objects.open()
        .filter(enrolment__cohort__review_ends_on__gte=today)
        .order_by("enrolment__cohort__review_ends_on", "pk")
        .values_list("person_id", "enrolment__cohort__review_ends_on", "association__code")
    )
    for person_id, review_ends_on, scope in rows:
        reviews[person_id] = (review_ends_on, scope)
    memberships: dict[int, list[Membership]] = defaultdict(list)
    confirmed = (
        Membership.objects.confirmed()
        .filter(kind=MembershipKind.INDIVIDUAL, ends_on__gte=today - datetime.timedelta(days=1))
        .filter(person__in=Application.objects.open().values("person"))
        .select_related("person__user", "association")
        .order_by("ends_on", "pk")
    )
    for membership in confirmed:
        memberships[membership.person_id].append(membership)
    for person_id, (review_ends_on, scope) in reviews.items():
        if not memberships[person_id]:
            continue
        last = memberships[person_id][-1]
        if last.ends_on >= review_ends_on or last.ends_on - today > HORIZON:
            continue
        person = last.person
        yield (
            Subject(
                kind=Reminder.MEMBERSHIP_LAPSE,
                object=str(last.uuid),
                person=person.pk,
                zone=person.time_zone,
                due_at=end_of_day(last.ends_on, person.time_zone),
                starts_at=last.decided_at or last.created_at,
                context={
                    "association": last.association.name,
                    "ends_on": last.ends_on,
                    "review_ends_on": review_ends_on,
                    "address": absolute("members:memberships"),
                },
            ),
            person,
            scope,
        )


# --- Raters and reviewers -----------------------------------------------------------------------


def _ratings(now: datetime.datetime) -> Iterator[tuple[Subject, Person, str]]:
    waiting = (
        Reference.objects.filter(
            state__in=REMINDED_STATES, asked_at__isnull=False, due_on__gte=now.date() - datetime.timedelta(days=1)
        )
        .exclude(application__status__in=[Status.WITHDRAWN, Status.ENDORSED, Status.EMERGING, Status.NOT_ENDORSED])
        .select_related("rater__user", "application__person", "application__category", "application__association")
        .order_by("pk")
    )
    links: dict[UUID, PrivateLink] = {
        link.object_uuid: link
        for link in PrivateLink.objects.live(now).filter(
            purpose=REFERENCE_PURPOSE,
            object_uuid__in=Reference.objects.filter(state__in=REMINDED_STATES).values("uuid"),
        )
    }
    for reference in waiting:
        link = links.get(reference.uuid)
        if link is None or reference.asked_at is None:
            continue  # nothing to click on: no mail
        application, rater = reference.application, reference.rater
        yield (
            Subject(
                kind=Reminder.RATING,
                object=str(reference.uuid),
                person=rater.pk,
                zone=rater.time_zone,
                due_at=end_of_day(reference.due_on, rater.time_zone),
                starts_at=reference.asked_at,
                context={
                    "applicant": application.person.name,
                    "category": application.category_name,
                    "due_on": reference.due_on,
                    "started": reference.state == ReferenceState.STARTED,
                    "address": placeholder(link, "rating:landing"),
                },
            ),
            rater,
            application.association.code,
        )


def _reviews(now: datetime.datetime) -> Iterator[tuple[Subject, Person, str]]:
    assignments = (
        ReviewAssignment.objects.filter(
            state=AssignmentState.ASSIGNED,
            application__status=Status.UNDER_REVIEW,
            reviewer__is_active=True,
            reviewer__person__isnull=False,
            due_on__gte=(now - TAIL).date(),
            due_on__lte=(now + HORIZON).date(),
        )
        .select_related("reviewer__person__user", "application__category", "application__association")
        .order_by("pk")
    )
    for assignment in assignments:
        person, application = assignment.reviewer.person, assignment.application
        yield (
            Subject(
                kind=Reminder.REVIEW_DUE,
                object=str(assignment.uuid),
                person=person.pk,
                zone=person.time_zone,
                due_at=end_of_day(assignment.due_on, person.time_zone),
                starts_at=assignment.created_at,
                ends_at_due=False,
                context={
                    "reference_number": application.reference_number,
                    "category": application.category_name,
                    "due_on": assignment.due_on,
                    "late": assignment.due_on < local_day(now, person.time_zone),
                    "address": absolute("reviews:assignment", assignment.uuid),
                },
            ),
            person,
            application.association.code,
        )
