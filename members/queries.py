"""Reading people, memberships and roles, in the shapes that pages and judgments need."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from endorsement_portal.outbox.recipients import Recipient
from endorsement_portal.prepared import Prepared
from endorsement_portal.workflow import NotAllowed
from members import standing
from members.enums import MembershipState
from members.models import Association, Membership, Person, StaffRole, User
from members.models.membership import MembershipQuerySet
from members.standing import MembershipFact


def find_person(user: User) -> Person | None:
    """The person of this account, when there is one already."""
    person = next(iter(_people_of(user.pk)), None)
    if person is not None:
        person.user = user  # the page's head names the same person: not asked twice
    return person


@Prepared
def _people_of(user: int) -> QuerySet[Person]:
    """One at most."""
    return Person.objects.filter(user=user)


def person_of(user: User) -> Person:
    """The person of this account. Signing in made it (signals); an account that could not get one is refused."""
    person = find_person(user)
    if person is None:
        raise NotAllowed.because("no_person", _("Your account has no confirmed email address yet. Please confirm it."))
    return person


def recipient(person: Person) -> Recipient:
    """Where messages to this person go, in their language; with an account they also get a copy in the portal."""
    return Recipient(email=person.email, name=person.name, user=person.user, language=person.language)


def staff_recipient(user: User) -> Recipient:
    person = find_person(user)
    return recipient(person) if person else Recipient(email=user.email, name=user.email, user=user)


def active_roles(user: User) -> QuerySet[StaffRole]:
    return StaffRole.objects.active().filter(user=user).select_related("association").order_by("association__name")


def staff_associations(user: User) -> list[Association]:
    """The associations this person works for, in the order of their names, each once."""
    return list({role.association_id: role.association for role in active_roles(user)}.values())


def roles_of(user: User) -> frozenset[str]:
    """What this person does now, for any association."""
    return frozenset(row.role for row in _roles_held(user.pk, timezone.now()))


@Prepared
def _roles_held(user: int, now: datetime.datetime) -> QuerySet[StaffRole]:
    return StaffRole.objects.active(now).filter(user=user)


def staff_now(association: Association, role: str) -> list[User]:
    """As `staff_of`, for pages: all of them, by name."""
    return _staff(association.pk, role, timezone.now())


@Prepared
def _staff(association: int, role: str, now: datetime.datetime) -> QuerySet[User]:
    return staff_of(Association(pk=association), role, now)


def staff_of(association: Association, role: str, now: datetime.datetime | None = None) -> QuerySet[User]:
    """Active accounts that hold this role in this association now."""
    held = StaffRole.objects.active(now).filter(association=association, role=role)
    return (
        User.objects.filter(is_active=True, pk__in=held.values("user"))
        .select_related("person")
        .order_by("person__name", "email")
    )


def memberships_of(person: Person) -> MembershipQuerySet:
    return Membership.objects.filter(person=person).select_related("association", "desk", "proof")


def membership_facts(person: Person) -> tuple[MembershipFact, ...]:
    """Everything but what the member withdrew; `fact.counts` says which are confirmed and individual."""
    return tuple(fact_of(row) for row in _standing_memberships(person.pk))


@Prepared
def _standing_memberships(person: int) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(person=person)
        .exclude(state=MembershipState.WITHDRAWN)
        .select_related("association")
        .order_by("starts_on", "pk")
    )


def fact_of(membership: Membership) -> MembershipFact:
    return MembershipFact(
        key=str(membership.uuid),
        association=membership.association.code,
        kind=membership.kind,
        state=membership.state,
        starts_on=membership.starts_on,
        ends_on=membership.ends_on,
    )


def memberships_for_desk(association: Association) -> MembershipQuerySet:
    """What this association's coordinators check: its own memberships, and others that chose this desk."""
    return Membership.objects.filter(
        Q(desk=association) | Q(desk__isnull=True, association=association)
    ).select_related("association", "desk", "person", "person__user", "proof", "decided_by")


def zone_of(association: Association) -> str:
    """The clocks that decide what day it is for this association; UTC when it does not use the portal."""
    settings = getattr(association, "settings", None)
    return settings.time_zone if settings else "UTC"


def all_associations() -> QuerySet[Association]:
    return Association.objects.order_by("country", "region", "name")


def desks() -> QuerySet[Association]:
    """The associations that use this portal."""
    return Association.objects.using_portal().order_by("name")


def search_memberships(person: Person, *, q: str = "", state: str = "") -> MembershipQuerySet:
    """A person's own list, newest end first: by words of the association or the number, and by state."""
    rows = memberships_of(person)
    if q:
        rows = rows.filter(
            Q(association__name__icontains=q)
            | Q(association__abbreviation__icontains=q)
            | Q(association__region__icontains=q)
            | Q(number__icontains=q)
        )
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("-ends_on", "-pk")


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a person is a member today, until when without a gap, and whether something waits for a coordinator."""

    member: bool
    until: datetime.date | None
    waiting: bool


def standing_today(person: Person, now: datetime.datetime | None = None) -> Standing:
    facts = membership_facts(person)
    day = standing.today(now or timezone.now(), person.time_zone)
    return Standing(
        member=standing.covers(facts, day),
        until=standing.covered_until(facts, day),
        waiting=any(fact.state == MembershipState.PENDING for fact in facts),
    )
