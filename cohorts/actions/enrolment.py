"""Seats: taking one, giving it back, moving on. The count rises only by a conditional update below capacity."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cohorts import calendar, rules
from cohorts.actions.notices import tell
from cohorts.enums import EnrolmentState, Phase
from cohorts.models import Cohort, Enrolment
from cohorts.queries.cohorts import next_with_seats
from endorsement_portal.audit.actions import record
from endorsement_portal.web.addresses import absolute
from endorsement_portal.workflow import LostRace, NotAllowed
from members.models import Person, User
from members.queries import recipient


def reserve(
    *, cohort: Cohort, person: Person, by: User, intended_category: str = "", now: datetime | None = None
) -> Enrolment:
    """Take a seat. At most one seat at a time in the cohorts of one association that still accept applications."""
    with transaction.atomic():
        now = now or timezone.now()
        _hold(person, cohort)
        _refuse_other_seat(person, cohort, now)
        return _sit_down(cohort, person, by, intended_category, now)


def leave(*, enrolment: Enrolment, by: User, reason: str = "", now: datetime | None = None) -> Enrolment:
    """Give the seat back, until applications are due. The row stays, and the person may come back."""
    with transaction.atomic():
        now = now or timezone.now()
        _hold(enrolment.person, enrolment.cohort)
        _refuse_after_deadline(enrolment.cohort, now)
        return _stand_up(enrolment, EnrolmentState.LEFT, by, reason, now)


def pause(*, enrolment: Enrolment, by: User, reason: str, now: datetime | None = None) -> Enrolment:
    """Step out without choosing another cohort yet. Portfolio, confirmed hours and ratings stay."""
    with transaction.atomic():
        _demand_reason(reason)
        _hold(enrolment.person, enrolment.cohort)
        return _stand_up(enrolment, EnrolmentState.PAUSED, by, reason, now or timezone.now())


def move(*, enrolment: Enrolment, to: Cohort, by: User, reason: str, now: datetime | None = None) -> Enrolment:
    """Leave one seat and take another in one act: both happen or neither. Returns the new enrolment.

    A paused enrolment moves as well; its seat was given back already.
    """
    with transaction.atomic():
        now = now or timezone.now()
        _demand_reason(reason)
        _hold(enrolment.person, enrolment.cohort, to)
        if enrolment.cohort_id == to.pk:
            raise NotAllowed.because("same_cohort", _("This is the cohort you are in already."))
        _stand_up(enrolment, EnrolmentState.MOVED, by, reason, now, tell_person=False)
        return _sit_down(to, enrolment.person, by, enrolment.intended_category, now)


def _hold(person: Person, *cohorts: Cohort) -> None:
    """Locks, always in this order: the person, then cohorts by key. PostgreSQL only; SQLite has one writer anyway."""
    list(Person.objects.select_for_update(no_key=True).filter(pk=person.pk))
    keys = [cohort.pk for cohort in cohorts]
    list(Cohort.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))


def _refuse_other_seat(person: Person, cohort: Cohort, now: datetime) -> None:
    second = now.replace(microsecond=0)
    other = (
        Enrolment.objects.seated()
        .filter(person=person, cohort__association_id=cohort.association_id)
        .filter(cohort__submission_deadline_at__gte=second)
        .select_related("cohort")
        .first()
    )
    if other is None:
        return
    if other.cohort_id == cohort.pk:
        raise NotAllowed.because(
            "already_seated",
            _("You have a seat in %(cohort)s already.") % {"cohort": cohort.name},
            fix=_("Open your cohort."),
            where="my_cohort",
        )
    raise NotAllowed.because(
        "seat_elsewhere",
        _("You have a seat in %(cohort)s.") % {"cohort": other.cohort.name},
        fix=_("On that cohort's page you can move your seat to a later cohort, or give it back."),
        where="my_cohort",
    )


def _sit_down(cohort: Cohort, person: Person, by: User, intended_category: str, now: datetime) -> Enrolment:
    second = now.replace(microsecond=0)
    taken = Cohort.objects.filter(
        pk=cohort.pk,
        published_at__isnull=False,
        opens_at__lte=now,
        closes_at__gte=second,
        seats_taken__lt=F("capacity"),
    ).update(seats_taken=F("seats_taken") + 1)
    cohort = Cohort.objects.select_related("association").get(pk=cohort.pk)
    if not taken:
        raise _why_no_seat(cohort, now)
    enrolment, created = Enrolment.objects.get_or_create(
        cohort=cohort, person=person, defaults={"seated_at": now, "intended_category": intended_category}
    )
    if not created:
        enrolment.state = EnrolmentState.SEATED
        enrolment.seated_at = now
        enrolment.ended_at = None
        enrolment.reason = ""
        enrolment.intended_category = intended_category or enrolment.intended_category
        enrolment.save()
    event = record(
        verb="cohort.seat_reserved",
        obj=enrolment,
        by=by,
        chain=cohort.association.code,
        data={"cohort": str(cohort.uuid), "seats_taken": cohort.seats_taken},
    )
    tell(
        to=recipient(person),
        cohort=cohort,
        kind="seat_confirmed",
        key=f"seat:{event.pk}:confirmed",
        context={
            "deadline": cohort.submission_deadline_at,
            "calendar": absolute("cohorts:calendar", cohort.uuid),
            "welcome": cohort.welcome,
        },
    )
    return enrolment


def _why_no_seat(cohort: Cohort, now: datetime) -> NotAllowed:
    phase = calendar.phase(rules.dates_of(cohort), now)
    if phase == Phase.OPEN:
        following = next_with_seats(cohort, now)
        fix = _("The next cohort with free seats is %(cohort)s.") % {"cohort": following.name} if following else ""
        where = f"cohort_page {following.uuid}" if following else ""
        message = _("Every seat of %(cohort)s is taken.") % {"cohort": cohort.name}
        return NotAllowed.because("cohort_full", message, fix=fix or _("New cohorts open every quarter."), where=where)
    if phase == Phase.ANNOUNCED:
        return NotAllowed.because(
            "not_open_yet",
            _("Seats in %(cohort)s cannot be reserved yet.") % {"cohort": cohort.name},
            fix=_("Come back on the opening day; it is on the cohort's page."),
            where=f"cohort_page {cohort.uuid}",
        )
    return NotAllowed.because(
        "enrollment_over",
        _("Enrollment for %(cohort)s is over.") % {"cohort": cohort.name},
        fix=_("See which cohort comes next."),
        where="cohorts:list",
    )


def _refuse_after_deadline(cohort: Cohort, now: datetime) -> None:
    if not calendar.in_time(cohort.submission_deadline_at, now):
        raise NotAllowed.because(
            "deadline_passed",
            _("Applications of this cohort are due already, so the seat can no longer be given back."),
            fix=_("Write to your coordinator if you want to withdraw."),
        )


def _demand_reason(reason: str) -> None:
    if not reason.strip():
        raise NotAllowed.because("reason", _("Please give a reason in a few words."))


def _stand_up(
    enrolment: Enrolment, state: EnrolmentState, by: User, reason: str, now: datetime, *, tell_person: bool = True
) -> Enrolment:
    """End an enrolment and free its seat, if it held one."""
    ending = {"state": state, "ended_at": now, "reason": reason.strip(), "updated_at": now}
    mine = Enrolment.objects.filter(pk=enrolment.pk)
    if mine.filter(state=EnrolmentState.SEATED).update(**ending):
        Cohort.objects.filter(pk=enrolment.cohort_id, seats_taken__gt=0).update(seats_taken=F("seats_taken") - 1)
    elif state != EnrolmentState.MOVED or not mine.filter(state=EnrolmentState.PAUSED).update(**ending):
        raise LostRace.because("not_seated", _("This seat was given back already."), where="cohorts:list")
    enrolment.refresh_from_db()
    cohort = enrolment.cohort
    event = record(
        verb=f"cohort.seat_{state}",
        obj=enrolment,
        by=by,
        chain=cohort.association.code,
        data={"cohort": str(cohort.uuid)},
        text=reason.strip(),
    )
    if tell_person:
        tell(
            to=recipient(enrolment.person),
            cohort=cohort,
            kind="cohort_seat_ended",
            key=f"seat:{event.pk}:ended",
            context={"paused": state == EnrolmentState.PAUSED, "cohorts": absolute("cohorts:list")},
        )
    return enrolment
