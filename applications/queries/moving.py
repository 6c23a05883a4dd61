"""What a move to a later cohort would mean: where there are seats, and what would be out of date there (A24)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F
from django.http import Http404
from django.utils.translation import gettext as _

from applications.models import Rating
from cohorts import queries as cohorts
from cohorts.models import Cohort, Enrolment
from competencies.wording import day_in_words
from endorsement_portal.web.dates import day_in
from members.models import User
from members.queries import membership_facts
from members.standing import covers


@dataclass(frozen=True, slots=True)
class Choice:
    """A cohort with a free seat, and the sentences about what will have run out before its review ends."""

    cohort: Cohort
    card: cohorts.CohortCard
    closes_on: str
    """The day applications are due, in the cohort's zone, in words."""
    runs_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MovePage:
    enrolment: Enrolment
    choices: tuple[Choice, ...]


def move_page(user: User, uuid: UUID, now: datetime.datetime) -> MovePage:
    """Raises Http404 where this person has no seat. The number of queries does not depend on the cohorts."""
    enrolment = (
        Enrolment.objects.visible_to(user)
        .seated()
        .filter(cohort__uuid=uuid)
        .select_related("person", "cohort__association")
        .first()
    )
    if enrolment is None:
        raise Http404
    open_now = (
        cohorts.coming(now, enrolment.cohort.association.slug)
        .filter(opens_at__lte=now, seats_taken__lt=F("capacity"))
        .filter(submission_deadline_at__gt=enrolment.cohort.submission_deadline_at)
    )
    ends = _endings(enrolment)
    memberships = membership_facts(enrolment.person)
    return MovePage(
        enrolment=enrolment,
        choices=tuple(
            Choice(
                cohort=cohort,
                card=cohorts.card(cohort, now),
                closes_on=day_in_words(day_in(cohort.submission_deadline_at, cohort.time_zone)),
                runs_out=(
                    *(sentence for until, sentence in ends if until < cohort.review_ends_on),
                    *(() if covers(memberships, cohort.review_ends_on) else (_membership(cohort),)),
                ),
            )
            for cohort in open_now
        ),
    )


def _endings(enrolment: Enrolment) -> list[tuple[datetime.date, str]]:
    """Each received rating with its last day. Who rated is known to the applicant; what they said is not read."""
    rows = (
        Rating.objects.filter(reference__application__enrolment=enrolment, submitted_at__isnull=False)
        .order_by("valid_until", "pk")
        .values_list("valid_until", "reference__rater__name")
    )
    return [
        (until, _("The rating of %(name)s is valid until %(day)s.") % {"name": name, "day": day_in_words(until)})
        for until, name in rows
        if until is not None
    ]


def _membership(cohort: Cohort) -> str:
    return _("Your membership does not reach to the end of that review, %(day)s.") % {
        "day": day_in_words(cohort.review_ends_on)
    }
