"""Who may do what in a cohort. Rights are read from rows at each request: losing a seat takes effect at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from cohorts.calendar import CohortDates, last_second_of
from cohorts.models import Cohort, Enrolment, Post
from endorsement_portal.web import permissions
from members.enums import Role
from members.rules import has_role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import Association, User


class Permission(StrEnum):
    RUN = "cohorts.run"
    READ = "cohorts.read"


READ_ONLY_AFTER_DAYS = 30
"""The discussion stays open this long after the review of the cohort ends; then it can only be read."""

EDIT_MINUTES = 30


def dates_of(cohort: Cohort) -> CohortDates:
    return CohortDates(
        published=cohort.published_at is not None,
        opens_at=cohort.opens_at,
        closes_at=cohort.closes_at,
        submission_deadline_at=cohort.submission_deadline_at,
        review_ends_on=cohort.review_ends_on,
        zone=cohort.time_zone,
    )


def may_run(user: User | AnonymousUser, association: Association) -> bool:
    """Create, publish and change cohorts, and moderate what is said in them."""
    return user.is_authenticated and has_role(user, association, Role.COORDINATOR)


def is_seated(user: User | AnonymousUser, cohort: Cohort) -> bool:
    return user.is_authenticated and Enrolment.objects.seated().filter(cohort=cohort, person__user_id=user.pk).exists()


def may_read(user: User | AnonymousUser, cohort: Cohort) -> bool:
    """The cohort's own pages: people with a seat, and the association's coordinators."""
    return is_seated(user, cohort) or may_run(user, cohort.association)


def accepts_posts(cohort: Cohort, now: datetime) -> bool:
    closed = last_second_of(cohort.review_ends_on, cohort.time_zone)
    return cohort.published_at is not None and now <= closed + timedelta(days=READ_ONLY_AFTER_DAYS)


def edit_minutes(cohort: Cohort) -> int:
    """How long authors may change a post: the association's setting, half an hour without one."""
    settings = getattr(cohort.association, "settings", None)
    return settings.discussion_edit_minutes if settings else EDIT_MINUTES


def editable_until(post: Post, edit_minutes: int) -> datetime:
    return post.created_at + timedelta(minutes=edit_minutes)


def may_edit(user: User | AnonymousUser, post: Post, *, edit_minutes: int, now: datetime) -> bool:
    """One's own post, while it is young and visible."""
    return post.author_id == user.pk and post.hidden_at is None and now <= editable_until(post, edit_minutes)


permissions.register(Permission.RUN, may_run)
permissions.register(Permission.READ, may_read)
