"""Why somebody should not review an application (W5): asked before an assignment, shown as findings."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from applications.models import Application, Reference
from cohorts.models import Enrolment
from competencies.models import Supervision, Work
from endorsement_portal.workflow import Finding
from members.enums import Role
from members.models import User
from members.rules import has_role


def reviewer_findings(application: Application, reviewer: User) -> tuple[Finding, ...]:
    """All that speaks against this reviewer. Not met and blocking: refused; a shared employer only warns."""
    person = application.person
    is_self = person.user_id == reviewer.pk
    rates = Reference.objects.filter(application=application, rater__user=reviewer).exists()
    sessions = Supervision.objects.current().filter(
        Q(person=person, provider__user=reviewer) | Q(person__user=reviewer, provider=person)
    )
    peer = Enrolment.objects.seated().filter(cohort=application.enrolment.cohort, person__user=reviewer).exists()
    return (
        _finding(
            "role", has_role(reviewer, application.association, Role.REVIEWER), _("This person is not a reviewer here.")
        ),
        _finding("self", not is_self, _("Nobody reviews their own application.")),
        _finding("rater", not rates, _("This person was asked to rate the applicant.")),
        _finding("supervision", not sessions.exists(), _("They meet in reflective supervision.")),
        _finding("peer", not peer, _("They are in the same cohort.")),
        _finding(
            "employer",
            not _share_employer(application, reviewer),
            _("They work for the same employer."),
            blocking=False,
        ),
    )


def _finding(key: str, met: bool, message: str, *, blocking: bool = True) -> Finding:
    return Finding(
        requirement=f"conflict:{key}",
        kind="conflict",
        met=met,
        message=message,
        blocking=blocking,
        fix="" if met else _("Choose another reviewer."),
    )


def _share_employer(application: Application, reviewer: User) -> bool:
    current = Work.objects.current().filter(ends_on__isnull=True).exclude(employer="")
    theirs = {
        name.casefold().strip() for name in current.filter(person=application.person).values_list("employer", flat=True)
    }
    own = {name.casefold().strip() for name in current.filter(person__user=reviewer).values_list("employer", flat=True)}
    return bool(theirs & own)
