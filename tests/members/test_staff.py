"""Roles: who gives and ends them."""

import datetime

import pytest
from django.utils import timezone

from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.workflow import LostRace, NotAllowed
from members.actions import staff
from members.enums import Role
from members.models import StaffRole
from tests.factories.members import UserFactory

pytestmark = pytest.mark.django_db


def test_the_operator_gives_any_role(operator, association):
    user = UserFactory()
    given = staff.assign(user=user, association=association, role=Role.COORDINATOR, by=operator)
    assert (given.user, given.association, given.role, given.ends_at) == (user, association, Role.COORDINATOR, None)
    event = AuditEvent.objects.filter(object_type__startswith="members.").get()
    assert (event.verb, event.chain, event.object_id, event.data) == (
        "role.given", "XX-PR", str(user.uuid), {"role": "coordinator", "association": "XX-PR"},
    )  # fmt: skip


def test_who_has_a_role_keeps_it(operator, association):
    user = UserFactory()
    first = staff.assign(user=user, association=association, role=Role.REVIEWER, by=operator)
    assert staff.assign(user=user, association=association, role=Role.REVIEWER, by=None) == first
    assert AuditEvent.objects.filter(object_type__startswith="members.").count() == 1


def test_a_coordinator_makes_reviewers_for_the_own_association_only(coordinator, association, other_association):
    user = UserFactory()
    assert staff.assign(user=user, association=association, role=Role.REVIEWER, by=coordinator).role == Role.REVIEWER
    for where, role in ((association, Role.COORDINATOR), (other_association, Role.REVIEWER)):
        with pytest.raises(NotAllowed) as refused:
            staff.assign(user=user, association=where, role=role, by=coordinator)
        assert refused.value.findings[0].requirement == "not_your_role_to_give"


def test_nobody_else_gives_roles(reviewer, applicant, association):
    for by in (reviewer, applicant.user):
        with pytest.raises(NotAllowed):
            staff.assign(user=by, association=association, role=Role.REVIEWER, by=by)


def test_a_closed_account_gets_no_role(operator, association):
    with pytest.raises(NotAllowed) as refused:
        staff.assign(user=UserFactory(is_active=False), association=association, role=Role.REVIEWER, by=operator)
    assert refused.value.findings[0].requirement == "inactive"


def test_a_role_that_begins_later_cannot_be_given_twice(operator, association):
    user = UserFactory()
    StaffRole.objects.create(
        user=user, association=association, role=Role.REVIEWER, starts_at=timezone.now() + datetime.timedelta(days=1)
    )
    with pytest.raises(LostRace):
        staff.assign(user=user, association=association, role=Role.REVIEWER, by=operator)


def test_a_role_ends_once_and_its_row_stays(coordinator, operator, now):
    role = coordinator.staff_roles.get()
    staff.end(staff_role=role, by=operator, now=now)
    assert role.ends_at == now
    with pytest.raises(LostRace):
        staff.end(staff_role=role, by=operator)
    assert StaffRole.objects.count() == 1
    assert AuditEvent.objects.filter(object_type__startswith="members.").get().verb == "role.ended"


def test_a_coordinator_does_not_end_coordinators(coordinator, other_coordinator):
    with pytest.raises(NotAllowed):
        staff.end(staff_role=coordinator.staff_roles.get(), by=coordinator)
    with pytest.raises(NotAllowed):
        staff.end(staff_role=coordinator.staff_roles.get(), by=other_coordinator)
