"""Applications brought to a state by the actions themselves, for tests of the next one."""

import datetime

from applications.actions import reviews, submission
from applications.models import ReviewAssignment
from applications.queries.reviews import keys_to_mark
from tests.factories.journeys import NOON, ready_application
from tests.factories.members import StaffRoleFactory, UserFactory

HOUR = datetime.timedelta(hours=1)


def submitted(association, code="IFS", **values):
    application = ready_application(code, association=association, **values)
    submission.submit(application=application, by=application.person.user, declaration="Maren Oakhill", now=NOON)
    application.refresh_from_db()
    return application


def another_reviewer(association, name="Quill Lark"):
    user = UserFactory(person__name=name)
    StaffRoleFactory(user=user, association=association, role="reviewer")
    return user


def assigned(association, coordinator, reviewer, code="IFS", **values) -> ReviewAssignment:
    application = submitted(association, code, **values)
    found = reviews.assign(application=application, reviewer=reviewer, by=coordinator, now=NOON + HOUR)
    return ReviewAssignment.objects.select_related("application__association").get(pk=found.pk)


def mark_all(assignment, met=True):
    for key in keys_to_mark(assignment):
        reviews.mark(assignment=assignment, by=assignment.reviewer, requirement_key=key, met=met, note="Seen.")


def review(assignment, recommendation="endorse"):
    mark_all(assignment)
    return reviews.submit(
        assignment=assignment,
        by=assignment.reviewer,
        recommendation=recommendation,
        summary="A careful file.",
        now=NOON + 2 * HOUR,
    )


def reviewed(association, coordinator, reviewer, code="IFS", recommendation="endorse", **values):
    assignment = assigned(association, coordinator, reviewer, code, **values)
    review(assignment, recommendation)
    application = assignment.application
    application.refresh_from_db()
    return application
