"""Who may do what with people, memberships and roles. Asked of the rows as they are now, at every request."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from endorsement_portal.web import permissions
from members.enums import Role
from members.models import Association, Membership, StaffRole


class Permission(StrEnum):
    OPERATE = "members.operate"
    SEE_DESK = "members.see_desk"
    DECIDE_MEMBERSHIP = "members.decide_membership"
    WITHDRAW_MEMBERSHIP = "members.withdraw_membership"
    READ_PROOF = "members.read_proof"
    ASSIGN_REVIEWER = "members.assign_reviewer"
    ASSIGN_STAFF = "members.assign_staff"


def is_operator(user: Any, obj: object = None) -> bool:
    """Runs the installation: reference data and staff roles, not the associations' desks."""
    return bool(user.is_active and user.is_staff and user.is_superuser)


def has_role(user: Any, association: Association, *roles: str) -> bool:
    """An active role of one of these kinds in this association; without kinds: any role there."""
    if not user.is_authenticated or not user.is_active:
        return False
    found = StaffRole.objects.active().filter(user=user, association=association)
    return (found.filter(role__in=roles) if roles else found).exists()


def has_any_role(user: Any, *roles: str) -> bool:
    if not user.is_authenticated or not user.is_active:
        return False
    found = StaffRole.objects.active().filter(user=user)
    return (found.filter(role__in=roles) if roles else found).exists()


def sees_desk(user: Any, association: Association) -> bool:
    return has_role(user, association, Role.COORDINATOR)


def decides_membership(user: Any, membership: Membership) -> bool:
    """A coordinator of the desk that checks the proof, and never of one's own membership."""
    return not _owns(user, membership) and has_role(user, desk_of(membership), Role.COORDINATOR)


def withdraws_membership(user: Any, membership: Membership) -> bool:
    return _owns(user, membership)


def reads_proof(user: Any, membership: Membership) -> bool:
    return _owns(user, membership) or has_role(user, desk_of(membership), Role.COORDINATOR)


def assigns_reviewer(user: Any, association: Association) -> bool:
    return is_operator(user) or has_role(user, association, Role.COORDINATOR)


def desk_of(membership: Membership) -> Association:
    """The association whose coordinator checks the proof."""
    return membership.desk or membership.association


def _owns(user: Any, membership: Membership) -> bool:
    return membership.person.user_id is not None and membership.person.user_id == user.pk


REGISTERED: dict[Permission, permissions.Predicate] = {
    Permission.OPERATE: is_operator,
    Permission.SEE_DESK: sees_desk,
    Permission.DECIDE_MEMBERSHIP: decides_membership,
    Permission.WITHDRAW_MEMBERSHIP: withdraws_membership,
    Permission.READ_PROOF: reads_proof,
    Permission.ASSIGN_REVIEWER: assigns_reviewer,
    Permission.ASSIGN_STAFF: is_operator,
}
for _permission, _predicate in REGISTERED.items():
    permissions.register(_permission, _predicate)
