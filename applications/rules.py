"""Who may do what with an application. Nobody acts on their own application as staff."""

from __future__ import annotations

from applications.enums import Actor, AssignmentState, Permission
from applications.models import Application, ReviewAssignment
from endorsement_portal.web import permissions
from members.enums import Role
from members.models import User
from members.rules import has_role


def is_applicant(user: User, application: Application) -> bool:
    return application.person.user_id is not None and application.person.user_id == user.pk


def is_coordinator(user: User, application: Application) -> bool:
    return not is_applicant(user, application) and has_role(user, application.association, Role.COORDINATOR)


def is_reviewer(user: User, application: Application) -> bool:
    """Assigned to this application, whether they still read or have sent their review."""
    return (
        not is_applicant(user, application)
        and ReviewAssignment.objects.filter(
            application=application, reviewer=user, state__in=(AssignmentState.ASSIGNED, AssignmentState.SUBMITTED)
        ).exists()
    )


def actor_of(user: User, application: Application) -> Actor:
    """The strongest part this user has in this application."""
    if is_applicant(user, application):
        return Actor.APPLICANT
    if is_coordinator(user, application):
        return Actor.COORDINATOR
    if is_reviewer(user, application):
        return Actor.REVIEWER
    return Actor.STRANGER


def may_review(user: User, assignment: ReviewAssignment) -> bool:
    """The assigned reviewer, while the role lasts."""
    return (
        assignment.reviewer_id == user.pk
        and assignment.state in (AssignmentState.ASSIGNED, AssignmentState.SUBMITTED)
        and has_role(user, assignment.application.association, Role.REVIEWER)
    )


permissions.register(Permission.EDIT_APPLICATION, is_applicant)
permissions.register(Permission.COORDINATE_APPLICATION, is_coordinator)
permissions.register(Permission.REVIEW_APPLICATION, may_review)
