"""Seats: taken once, given back, moved; each refusal with its reason and its remedy."""

import datetime
from datetime import timedelta

import pytest

from cohorts.actions import enrolment as seats
from cohorts.enums import EnrolmentState
from cohorts.models import Cohort, Enrolment
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.workflow import LostRace, NotAllowed
from tests.factories.cohorts import CohortFactory, EnrolmentFactory

SUMMER = {
    "name": "Summer 2026",
    "season": "summer",
    "opens_at": datetime.datetime(2026, 5, 1, 14, 0, tzinfo=datetime.UTC),
    "closes_at": datetime.datetime(2026, 6, 27, 4, 59, 59, tzinfo=datetime.UTC),
    "submission_deadline_at": datetime.datetime(2026, 9, 25, 22, 0, tzinfo=datetime.UTC),
    "review_ends_on": datetime.date(2026, 11, 20),
}


@pytest.fixture
def cohort(association):
    return CohortFactory(association=association, name="Spring 2026")


@pytest.fixture
def summer(association):
    return CohortFactory(association=association, **SUMMER)


def taken(cohort):
    return Cohort.objects.get(pk=cohort.pk).seats_taken


def refusal(call, **arguments):
    with pytest.raises(NotAllowed) as caught:
        call(**arguments)
    (finding,) = caught.value.findings
    return finding


def reserve(cohort, person, now, **more):
    return seats.reserve(cohort=cohort, person=person, by=person.user, now=now, **more)


def test_a_seat_is_taken(cohort, applicant, now):
    enrolment = reserve(cohort, applicant, now, intended_category="IFS")
    assert (enrolment.state, enrolment.seated_at, enrolment.intended_category) == (EnrolmentState.SEATED, now, "IFS")
    assert taken(cohort) == 1
    event = AuditEvent.objects.get(verb="cohort.seat_reserved")
    assert (event.chain, event.object_id) == ("XX-PR", str(enrolment.uuid))
    mail = OutgoingMessage.objects.get(kind="seat_confirmed")
    assert (mail.to_email, mail.key, mail.scope) == (applicant.email, f"seat:{event.pk}:confirmed", "XX-PR")


def test_the_same_person_twice(cohort, applicant, now):
    reserve(cohort, applicant, now)
    finding = refusal(reserve, cohort=cohort, person=applicant, now=now)
    assert (finding.requirement, finding.where) == ("already_seated", "my_cohort")
    assert taken(cohort) == 1
    assert OutgoingMessage.objects.count() == 1


def test_one_seat_at_a_time_in_an_association(cohort, summer, applicant, now):
    reserve(cohort, applicant, now)
    finding = refusal(reserve, cohort=summer, person=applicant, now=now)
    assert (finding.requirement, finding.message) == ("seat_elsewhere", "You have a seat in Spring 2026.")
    assert taken(summer) == 0


def test_a_cohort_whose_deadline_has_passed_holds_nobody_back(cohort, summer, applicant, now):
    reserve(cohort, applicant, now)
    last = cohort.submission_deadline_at + timedelta(microseconds=999_999)
    assert refusal(reserve, cohort=summer, person=applicant, now=last).requirement == "seat_elsewhere"
    summer.closes_at = last + timedelta(days=1)
    summer.save()
    assert reserve(summer, applicant, last + timedelta(seconds=1)).cohort == summer


def test_another_association_has_its_own_seats(cohort, other_association, applicant, now):
    reserve(cohort, applicant, now)
    assert reserve(CohortFactory(association=other_association), applicant, now).state == EnrolmentState.SEATED


def test_the_last_seat_and_nobody_after(cohort, summer, applicant, other_applicant, now):
    Cohort.objects.filter(pk=cohort.pk).update(capacity=1)
    reserve(cohort, applicant, now)
    finding = refusal(reserve, cohort=cohort, person=other_applicant, now=now)
    assert finding.requirement == "cohort_full"
    assert finding.message == "Every seat of Spring 2026 is taken."
    assert finding.fix == "The next cohort with free seats is Summer 2026."
    assert finding.where == f"cohort_page {summer.uuid}"
    assert not Enrolment.objects.filter(person=other_applicant).exists()


def test_a_full_cohort_without_a_following_one(cohort, applicant, other_applicant, now):
    Cohort.objects.filter(pk=cohort.pk).update(capacity=1)
    reserve(cohort, applicant, now)
    finding = refusal(reserve, cohort=cohort, person=other_applicant, now=now)
    assert (finding.fix, finding.where) == ("New cohorts open every quarter.", "")


def test_seats_are_taken_from_the_opening_to_the_closing_second(cohort, applicant, now):
    early = refusal(reserve, cohort=cohort, person=applicant, now=cohort.opens_at - timedelta(seconds=1))
    assert (early.requirement, early.where) == ("not_open_yet", f"cohort_page {cohort.uuid}")
    late = refusal(reserve, cohort=cohort, person=applicant, now=cohort.closes_at + timedelta(seconds=1))
    assert (late.requirement, late.where) == ("enrollment_over", "cohorts:list")
    assert taken(cohort) == 0
    assert reserve(cohort, applicant, cohort.closes_at + timedelta(microseconds=999_999)).state == "seated"


def test_a_cohort_that_is_not_published_has_no_seats(association, applicant, now):
    draft = CohortFactory(association=association, published_at=None)
    assert refusal(reserve, cohort=draft, person=applicant, now=now).requirement == "enrollment_over"


def test_leaving_frees_the_seat_and_coming_back_takes_it_again(cohort, applicant, now):
    enrolment = reserve(cohort, applicant, now, intended_category="IFS")
    left = seats.leave(enrolment=enrolment, by=applicant.user, reason=" A new job. ", now=now)
    assert (left.state, left.ended_at, left.reason, taken(cohort)) == (EnrolmentState.LEFT, now, "A new job.", 0)
    assert OutgoingMessage.objects.get(kind="cohort_seat_ended").context["paused"] is False
    back = reserve(cohort, applicant, now)
    assert (back.pk, back.state, back.ended_at, back.reason) == (enrolment.pk, EnrolmentState.SEATED, None, "")
    assert back.intended_category == "IFS"
    assert taken(cohort) == 1
    assert OutgoingMessage.objects.filter(kind="seat_confirmed").count() == 2


def test_leaving_twice_frees_one_seat(cohort, applicant, other_applicant, now):
    reserve(cohort, other_applicant, now)
    enrolment = reserve(cohort, applicant, now)
    seats.leave(enrolment=enrolment, by=applicant.user, now=now)
    with pytest.raises(LostRace):
        seats.leave(enrolment=enrolment, by=applicant.user, now=now)
    assert taken(cohort) == 1


def test_nobody_leaves_after_the_deadline(cohort, applicant, now):
    enrolment = reserve(cohort, applicant, now)
    late = cohort.submission_deadline_at + timedelta(seconds=1)
    finding = refusal(seats.leave, enrolment=enrolment, by=applicant.user, now=late)
    assert finding.requirement == "deadline_passed"
    assert taken(cohort) == 1


def test_pausing_needs_a_reason_and_frees_the_seat(cohort, applicant, now):
    enrolment = reserve(cohort, applicant, now)
    assert refusal(seats.pause, enrolment=enrolment, by=applicant.user, reason="  ", now=now).requirement == "reason"
    paused = seats.pause(enrolment=enrolment, by=applicant.user, reason="Parental leave", now=now)
    assert (paused.state, taken(cohort)) == (EnrolmentState.PAUSED, 0)
    assert OutgoingMessage.objects.get(kind="cohort_seat_ended").context["paused"] is True
    with pytest.raises(LostRace):
        seats.pause(enrolment=enrolment, by=applicant.user, reason="Again", now=now)


def test_moving_takes_the_new_seat_and_keeps_the_history(cohort, summer, applicant, now):
    enrolment = reserve(cohort, applicant, now, intended_category="IFS")
    moved = seats.move(enrolment=enrolment, to=summer, by=applicant.user, reason="More time", now=now)
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.reason) == (EnrolmentState.MOVED, "More time")
    assert (moved.cohort, moved.state, moved.intended_category) == (summer, EnrolmentState.SEATED, "IFS")
    assert (taken(cohort), taken(summer)) == (0, 1)
    assert OutgoingMessage.objects.filter(kind="cohort_seat_ended").count() == 0


def test_a_paused_person_moves_without_freeing_a_second_seat(cohort, summer, applicant, other_applicant, now):
    reserve(cohort, other_applicant, now)
    enrolment = reserve(cohort, applicant, now)
    seats.pause(enrolment=enrolment, by=applicant.user, reason="Leave", now=now)
    seats.move(enrolment=enrolment, to=summer, by=applicant.user, reason="Back", now=now)
    assert (taken(cohort), taken(summer)) == (1, 1)


def test_a_move_that_finds_no_seat_changes_nothing(cohort, summer, applicant, now):
    enrolment = reserve(cohort, applicant, now)
    Cohort.objects.filter(pk=summer.pk).update(capacity=0)
    finding = refusal(seats.move, enrolment=enrolment, to=summer, by=applicant.user, reason="More time", now=now)
    enrolment.refresh_from_db()
    assert (finding.requirement, enrolment.state, taken(cohort)) == ("cohort_full", EnrolmentState.SEATED, 1)


def test_a_move_to_the_same_cohort_or_without_reason_is_refused(cohort, summer, applicant, now):
    enrolment = reserve(cohort, applicant, now)
    arguments = {"enrolment": enrolment, "by": applicant.user, "now": now}
    assert refusal(seats.move, to=cohort, reason="x", **arguments).requirement == "same_cohort"
    assert refusal(seats.move, to=summer, reason="", **arguments).requirement == "reason"


def test_who_left_cannot_be_moved(cohort, summer, applicant, now):
    enrolment = EnrolmentFactory(cohort=cohort, person=applicant, state=EnrolmentState.LEFT)
    finding = refusal(seats.move, enrolment=enrolment, to=summer, by=applicant.user, reason="x", now=now)
    assert (finding.requirement, taken(summer)) == ("not_seated", 0)


def test_the_clock_is_read_when_nobody_gives_one(association, applicant):
    far = {"closes_at": datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC)}
    far |= {"submission_deadline_at": far["closes_at"], "review_ends_on": datetime.date(2099, 2, 1)}
    cohort, second = CohortFactory(association=association, **far), CohortFactory(association=association, **far)
    enrolment = seats.reserve(cohort=cohort, person=applicant, by=applicant.user)
    seats.move(enrolment=enrolment, to=second, by=applicant.user, reason="x")
    again = seats.move(enrolment=Enrolment.objects.get(cohort=second), to=cohort, by=applicant.user, reason="y")
    assert seats.leave(enrolment=again, by=applicant.user).state == EnrolmentState.LEFT
    last = seats.reserve(cohort=second, person=applicant, by=applicant.user)
    assert seats.pause(enrolment=last, by=applicant.user, reason="z").state == EnrolmentState.PAUSED
