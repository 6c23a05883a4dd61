"""Whose desk it is."""

import datetime
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils import timezone

from endorsement_portal.prepared import Prepared
from members.enums import Role
from members.models import Association, StaffRole, User


@dataclass(frozen=True, slots=True)
class Desk:
    """One association and what a person does for it now."""

    association: Association
    user: User
    """Loaded with the person, whose name the shell shows."""
    roles: set[str] = field(default_factory=set)

    @property
    def coordinates(self) -> bool:
        return Role.COORDINATOR in self.roles

    @property
    def edits_standards(self) -> bool:
        return Role.STANDARDS_EDITOR in self.roles

    @property
    def reviews(self) -> bool:
        return Role.REVIEWER in self.roles


def _roles(user: int, now: datetime.datetime) -> QuerySet[StaffRole]:
    return StaffRole.objects.active(now).filter(user=user).select_related("association__settings", "user__person")


@Prepared
def _roles_everywhere(user: int, now: datetime.datetime) -> QuerySet[StaffRole]:
    return _roles(user, now).order_by("association__name", "id")


@Prepared
def _roles_at(user: int, now: datetime.datetime, slug: str) -> QuerySet[StaffRole]:
    return _roles(user, now).filter(association__slug=slug, association__settings__isnull=False)


def desks_of(user: User) -> list[Desk]:
    """The associations for which this person works, by name, each once. One query."""
    desks: dict[int, Desk] = {}
    for row in _roles_everywhere(user.pk, timezone.now()):
        desks.setdefault(row.association_id, Desk(row.association, row.user)).roles.add(row.role)
    return list(desks.values())


def desk_for(user: User, *, slug: str) -> Desk | None:
    """The desk of an address, when the person has any role there now. An association without settings has none."""
    rows = _roles_at(user.pk, timezone.now(), slug)
    return Desk(rows[0].association, rows[0].user, {row.role for row in rows}) if rows else None
