"""Who may do what: each permission asked of each actor."""

import pytest
from django.contrib.auth.models import AnonymousUser

from endorsement_portal.web.permissions import can, registered
from members import rules
from members.rules import Permission
from tests.factories.members import AssociationFactory, MembershipFactory

pytestmark = pytest.mark.django_db


def test_every_permission_has_its_predicate():
    assert set(rules.REGISTERED) == set(Permission)
    assert {str(permission) for permission in Permission} <= registered()


@pytest.fixture
def actors(applicant, other_applicant, coordinator, other_coordinator, reviewer, operator):
    return {
        "anonymous": AnonymousUser(), "applicant": applicant.user, "other_applicant": other_applicant.user,
        "coordinator": coordinator, "other_coordinator": other_coordinator, "reviewer": reviewer,
        "operator": operator,
    }  # fmt: skip


def allowed(actors, permission, obj):
    return {name for name, user in actors.items() if can(user, permission, obj)}


def test_of_an_association(actors, association):
    assert allowed(actors, Permission.OPERATE, None) == {"operator"}
    assert allowed(actors, Permission.SEE_DESK, association) == {"coordinator"}
    assert allowed(actors, Permission.ASSIGN_REVIEWER, association) == {"coordinator", "operator"}
    assert allowed(actors, Permission.ASSIGN_STAFF, association) == {"operator"}


def test_of_a_membership(actors, association, applicant):
    row = MembershipFactory(person=applicant, association=association, pending=True)
    assert allowed(actors, Permission.DECIDE_MEMBERSHIP, row) == {"coordinator"}
    assert allowed(actors, Permission.WITHDRAW_MEMBERSHIP, row) == {"applicant"}
    assert allowed(actors, Permission.READ_PROOF, row) == {"applicant", "coordinator"}


def test_of_a_membership_that_another_desk_checks(actors, association, other_association, applicant):
    row = MembershipFactory(
        person=applicant, association=AssociationFactory(code="XX-EL"), desk=other_association, pending=True
    )
    assert rules.desk_of(row) == other_association
    assert allowed(actors, Permission.DECIDE_MEMBERSHIP, row) == {"other_coordinator"}


def test_of_a_person_without_an_account(actors, association):
    row = MembershipFactory(association=association, pending=True)
    assert allowed(actors, Permission.WITHDRAW_MEMBERSHIP, row) == set()


def test_has_role(coordinator, reviewer, association, other_association):
    assert rules.has_role(coordinator, association) is True
    assert rules.has_role(coordinator, association, "reviewer") is False
    assert rules.has_role(coordinator, association, "reviewer", "coordinator") is True
    assert rules.has_role(coordinator, other_association) is False
    assert rules.has_any_role(reviewer) is True
    assert rules.has_any_role(reviewer, "coordinator") is False
    assert rules.has_role(AnonymousUser(), association) is False
    assert rules.has_any_role(AnonymousUser()) is False


def test_a_closed_account_has_no_role(coordinator, association):
    coordinator.is_active = False
    assert rules.has_role(coordinator, association) is False
    assert rules.has_any_role(coordinator) is False
    assert can(coordinator, Permission.SEE_DESK, association) is False
