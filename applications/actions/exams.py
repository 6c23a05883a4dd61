"""Recording the outcome of the written exam, which is held elsewhere."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import evaluators
from applications.actions import notices, transitions
from applications.actions.reviews import demand_coordinator
from applications.enums import Status
from applications.models import Application, ExamResult
from applications.queries.facts import day_in
from competencies.enums import RequirementKind
from competencies.queries.standards import category_spec
from endorsement_portal.audit.actions import record as write_down
from endorsement_portal.workflow import NotAllowed
from members.models import User


def parts_of(application: Application) -> tuple[int, ...]:
    """The parts of the exam that this application's category asks for."""
    spec = category_spec(application.category, application.edition, application.overlay)
    return next(
        (
            evaluators.exam_parts(rule)
            for rule in spec.requirements
            if rule.kind == RequirementKind.EXAM and rule.required
        ),
        (),
    )


@transaction.atomic
def record(
    *,
    application: Application,
    by: User,
    part: int,
    sat_on: datetime.date,
    passed: bool,
    now: datetime.datetime | None = None,
) -> ExamResult:
    """One part, one day, passed or not. The applicant is told that a result is there, not which."""
    now = now or timezone.now()
    application = transitions.lock(application)
    demand_coordinator(application, by)
    if application.status != Status.APPROVED_FOR_EXAM:
        raise NotAllowed.because("status", _("This person is not approved to sit the exam."))
    if part not in parts_of(application):
        raise NotAllowed.because("part", _("The exam of this category has no such part."))
    if sat_on > day_in(application.association.settings.time_zone, now):
        raise NotAllowed.because("sat_on", _("This day has not come yet."))
    try:
        with transaction.atomic():
            result = ExamResult.objects.create(
                application=application, part=part, sat_on=sat_on, passed=passed, recorded_by=by
            )
    except IntegrityError as error:
        raise NotAllowed.because("part", _("A result of this part on this day is recorded already.")) from error
    write_down(
        verb="exam.recorded",
        obj=result,
        by=by,
        chain=application.association.code,
        data={"application": str(application.uuid), "part": part, "sat_on": sat_on.isoformat(), "passed": passed},
    )
    notices.tell_applicant(application, kind="exam_result", key=f"exam:{result.uuid}:result")
    return result
