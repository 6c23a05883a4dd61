"""Who has which part in an application."""

import pytest

from applications import rules
from applications.enums import Actor
from members.models import StaffRole
from tests.applications.desk import assigned

pytestmark = pytest.mark.django_db


def test_parts(association, coordinator, other_coordinator, reviewer, other_applicant):
    assignment = assigned(association, coordinator, reviewer)
    application = assignment.application
    users = {
        application.person.user: Actor.APPLICANT,
        coordinator: Actor.COORDINATOR,
        reviewer: Actor.REVIEWER,
        other_coordinator: Actor.STRANGER,
        other_applicant.user: Actor.STRANGER,
    }
    assert {user: rules.actor_of(user, application) for user in users} == users
    assert rules.may_review(reviewer, assignment)
    assert not rules.may_review(coordinator, assignment)


def test_an_applicant_stays_an_applicant_whatever_roles_they_have(association, coordinator, reviewer):
    application = assigned(association, coordinator, reviewer).application
    for role in ("coordinator", "reviewer"):
        StaffRole.objects.create(user=application.person.user, association=association, role=role)
    assert rules.actor_of(application.person.user, application) == Actor.APPLICANT
    assert not rules.is_coordinator(application.person.user, application)
    assert not rules.is_reviewer(application.person.user, application)
