"""Roles: given and ended, never deleted."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from endorsement_portal.audit.actions import record
from endorsement_portal.workflow import LostRace, NotAllowed
from members import rules
from members.enums import Role
from members.models import Association, StaffRole, User


def assign(*, user: User, association: Association, role: str, by: User | None) -> StaffRole:
    """Give a role; who has it already keeps it. `by` None: a command of the operator.

    Operators give any role, coordinators make reviewers for their own association.
    """
    _may(by, association, role)
    if not user.is_active:
        raise NotAllowed.because("inactive", _("This account is closed."))
    with transaction.atomic():
        held = StaffRole.objects.active().filter(user=user, association=association, role=role).first()
        if held is not None:
            return held
        try:
            with transaction.atomic():
                given = StaffRole.objects.create(user=user, association=association, role=role)
        except IntegrityError:
            raise LostRace.because("given", _("This role was given just now.")) from None
        _record("role.given", given, by)
    return given


def end(*, staff_role: StaffRole, by: User | None, now: datetime.datetime | None = None) -> StaffRole:
    """The role ends now; the row stays, so that what was done in it keeps its author."""
    _may(by, staff_role.association, staff_role.role)
    with transaction.atomic():
        ended = StaffRole.objects.filter(pk=staff_role.pk, ends_at__isnull=True).update(ends_at=now or timezone.now())
        if not ended:
            raise LostRace.because("ended", _("This role has ended already."))
        staff_role.refresh_from_db()
        _record("role.ended", staff_role, by)
    return staff_role


def _may(by: User | None, association: Association, role: str) -> None:
    if by is None or rules.is_operator(by):
        return
    if role != Role.REVIEWER or not rules.assigns_reviewer(by, association):
        raise NotAllowed.because("not_your_role_to_give", _("Only the operator gives and ends this role."))


def _record(verb: str, staff_role: StaffRole, by: User | None) -> None:
    record(
        verb=verb,
        obj=staff_role.user,
        by=by,
        chain=staff_role.association.code,
        data={"role": staff_role.role, "association": staff_role.association.code},
    )
