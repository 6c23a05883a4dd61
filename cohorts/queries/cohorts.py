"""Cohorts as pages show them. `now` is always an argument; phases come from the pure calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from cohorts import calendar, rules
from cohorts.enums import EnrolmentState, Phase
from cohorts.models import Cohort, Enrolment, Milestone
from members.models import Association, Person

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User

UPCOMING = 4
"""How many cohorts the landing page and the list show first (A3)."""


@dataclass(frozen=True, slots=True)
class CohortCard:
    """One cohort as an announcement: nothing about the people in it but how many seats are left."""

    uuid: UUID
    name: str
    season: str
    association: str
    association_slug: str
    phase: Phase
    zone: str
    opens_at: datetime
    closes_at: datetime
    submission_deadline_at: datetime
    capacity: int
    seats_left: int

    @property
    def is_open(self) -> bool:
        return self.phase == Phase.OPEN

    @property
    def can_reserve(self) -> bool:
        return self.is_open and self.seats_left > 0


def card(cohort: Cohort, now: datetime) -> CohortCard:
    return CohortCard(
        uuid=cohort.uuid,
        name=cohort.name,
        season=cohort.season,
        association=cohort.association.name,
        association_slug=cohort.association.slug,
        phase=calendar.phase(rules.dates_of(cohort), now),
        zone=cohort.time_zone,
        opens_at=cohort.opens_at,
        closes_at=cohort.closes_at,
        submission_deadline_at=cohort.submission_deadline_at,
        capacity=cohort.capacity,
        seats_left=max(0, cohort.capacity - cohort.seats_taken),
    )


def coming(now: datetime, association_slug: str = "") -> QuerySet[Cohort]:
    """Published cohorts that can still be joined, now or later, in the order they open."""
    return _published(association_slug).filter(closes_at__gte=now.replace(microsecond=0)).order_by("opens_at", "pk")


def past(now: datetime, association_slug: str = "") -> QuerySet[Cohort]:
    """Published cohorts whose enrollment is over, newest first."""
    return _published(association_slug).filter(closes_at__lt=now.replace(microsecond=0)).order_by("-opens_at", "-pk")


def _published(association_slug: str) -> QuerySet[Cohort]:
    cohorts = Cohort.objects.published().select_related("association")
    return cohorts.filter(association__slug=association_slug) if association_slug else cohorts


def upcoming(now: datetime, association: Association | None = None, limit: int = UPCOMING) -> tuple[CohortCard, ...]:
    """The next cohorts for an announcement. One query."""
    return tuple(card(cohort, now) for cohort in coming(now, association.slug if association else "")[:limit])


def next_with_seats(cohort: Cohort, now: datetime) -> Cohort | None:
    """The cohort to offer when this one is full."""
    following = coming(now).filter(association_id=cohort.association_id, seats_taken__lt=F("capacity"))
    return following.exclude(pk=cohort.pk).first()


def associations_with_cohorts() -> list[tuple[str, str]]:
    """(slug, name) of associations that have published a cohort, for the filter."""
    published = Association.objects.filter(cohorts__published_at__isnull=False)
    return list(published.distinct().order_by("name").values_list("slug", "name"))


def visible(uuid: UUID, user: User | AnonymousUser) -> Cohort | None:
    """A published cohort, or one of an association that this person coordinates."""
    cohort = Cohort.objects.select_related("association__settings").filter(uuid=uuid).first()
    if cohort is None or (cohort.published_at is None and not rules.may_run(user, cohort.association)):
        return None
    return cohort


def current_enrolment(user: User | AnonymousUser) -> Enrolment | None:
    """The seat this person holds: the one with the latest deadline. Its cohort comes along."""
    seats = Enrolment.objects.visible_to(user).seated() if user.is_authenticated else Enrolment.objects.none()
    return (
        seats.select_related("cohort__association__settings", "person")
        .order_by("-cohort__submission_deadline_at")
        .first()
    )


def enrolment_in(cohort: Cohort, user: User | AnonymousUser) -> Enrolment | None:
    """This person's row in a cohort, whatever its state."""
    if not user.is_authenticated:
        return None
    return Enrolment.objects.visible_to(user).filter(cohort=cohort).select_related("person", "cohort").first()


def zone_of(user: User | AnonymousUser) -> str:
    """The zone this person chose for themself; empty for everyone else. The page's head needs the person anyway."""
    person: Person | None = getattr(user, "person", None)
    return person.time_zone if person else ""


def members(cohort: Cohort) -> list[Enrolment]:
    """Everyone with a seat, in the order they came. At most the cohort's capacity."""
    return list(Enrolment.objects.seated().filter(cohort=cohort).select_related("person").order_by("seated_at", "pk"))


def milestones(cohort: Cohort) -> list[Milestone]:
    return list(Milestone.objects.filter(cohort=cohort).order_by("due_at", "pk"))


def of_association(association: Association) -> QuerySet[Cohort]:
    """For the coordinators' desk: every cohort, published or not, with the number of people seated and paused."""
    seated = Count("enrolments", filter=Q(enrolments__state=EnrolmentState.SEATED))
    paused = Count("enrolments", filter=Q(enrolments__state=EnrolmentState.PAUSED))
    cohorts = Cohort.objects.of_association(association).annotate(seated=seated, paused=paused)
    return cohorts.order_by("-opens_at", "-pk")
