"""Reminder ladders: what is due, when it stops, and that nothing repeats. No database."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.enums import Reminder
from applications.reminders import (
    DAY,
    DONE_WHEN,
    LADDERS,
    ReminderFacts,
    SeatFacts,
    Subject,
    brief_is_due,
    clock,
    due,
    judge,
    judged,
    mails,
    office_hours,
    steps,
)
from cohorts.enums import MilestoneKind

ZONE = "America/Chicago"
DEADLINE = datetime.datetime(2026, 6, 26, 22, 0, tzinfo=datetime.UTC)
"""Friday, 5 pm in Chicago."""
LONG_AGO = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def subject(kind=Reminder.COHORT_CLOSING, **values):
    return Subject(
        **{
            "kind": kind,
            "object": "c1",
            "person": 7,
            "zone": ZONE,
            "due_at": DEADLINE,
            "starts_at": LONG_AGO,
            "ends_at_due": kind != Reminder.REVIEW_DUE,
            **values,
        }
    )


def at(day, hour=10, minute=0, month=6):
    """An instant on the reader's clock."""
    return datetime.datetime(2026, month, day, hour, minute, tzinfo=clock(ZONE))


def keys(now, *subjects, **facts):
    return [reminder.key for reminder in due(now, ReminderFacts(subjects=subjects, **facts))]


def test_each_kind_has_a_ladder_and_each_milestone_an_end():
    assert set(LADDERS) == set(Reminder)
    assert set(DONE_WHEN) == set(MilestoneKind)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(14, 12, month=5), []),
        (at(15, 7, 59, month=5), []),
        (at(15, 8, 0, month=5), ["cohort-close:c1:7:T-42"]),
        (at(15, 17, 59, month=5), ["cohort-close:c1:7:T-42"]),
        (at(15, 18, 0, month=5), []),
        (at(29, month=5), ["cohort-close:c1:7:T-28"]),
        (at(12), ["cohort-close:c1:7:T-14"]),
        (at(19), ["cohort-close:c1:7:T-7"]),
        (at(23), ["cohort-close:c1:7:T-3"]),
        (at(25), ["cohort-close:c1:7:T-1"]),
        (at(26, 9), ["cohort-close:c1:7:T-1"]),
        (at(26, 17, 0), ["cohort-close:c1:7:T-1"]),
        (at(26, 17, 1), []),
    ],
)
def test_the_ladder_of_a_cohort(now, expected):
    assert keys(now, subject()) == expected


def test_nothing_is_due_when_done():
    assert keys(at(23), subject(done=True)) == []


def test_a_taken_step_does_not_go_again():
    taken = frozenset({"cohort-close:c1:7:T-7", "cohort-close:c1:7:T-14"})
    assert keys(at(20), subject(), taken=taken) == []


def test_late_is_judged_only_the_step_still_true_goes():
    found = judged(at(20), ReminderFacts(subjects=(subject(starts_at=at(1, month=5)),)))
    assert [reminder.key for reminder in found.due] == ["cohort-close:c1:7:T-7"]
    assert [(step.key, step.reason) for step in found.passed_over] == [
        ("cohort-close:c1:7:T-42", "a later step is due"),
        ("cohort-close:c1:7:T-28", "a later step is due"),
        ("cohort-close:c1:7:T-14", "a later step is due"),
    ]


def test_a_step_within_a_day_of_the_next_is_passed_over():
    near = subject(Reminder.RATING, starts_at=at(12, 9), due_at=at(27, 23, 59))
    found = judge(at(19), near, frozenset())
    assert (found.due, [(step.key, step.reason) for step in found.passed_over]) == (
        (),
        [("rate-rem:c1:+7", "the next step is within a day")],
    )
    assert keys(at(20), near) == ["rate-rem:c1:T-7"]


def test_steps_before_somebody_knew_of_it_never_existed():
    late_comer = subject(starts_at=at(20, 9))
    assert [step.key for step in steps(late_comer)] == ["cohort-close:c1:7:T-3", "cohort-close:c1:7:T-1"]
    assert judge(at(21), late_comer, frozenset()).passed_over == ()


def test_a_sunday_waits_for_monday_unless_it_is_the_last_day():
    assert keys(at(14, 10, month=6), subject(due_at=at(28, 17))) == []
    assert keys(at(15, 10), subject(due_at=at(28, 17))) == ["cohort-close:c1:7:T-14"]
    assert keys(at(28, 9), subject(due_at=at(28, 17))) == ["cohort-close:c1:7:T-1"]


def test_the_readers_clock_decides():
    hawaii = subject(zone="Pacific/Honolulu")
    assert keys(at(23, 9), subject()) == ["cohort-close:c1:7:T-3"]
    assert keys(at(23, 9), hawaii) == []


def test_an_unknown_zone_is_read_as_utc():
    assert clock("Nowhere/Land") is datetime.UTC
    assert clock("../../etc/passwd") is datetime.UTC
    assert keys(datetime.datetime(2026, 6, 23, 8, 0, tzinfo=datetime.UTC), subject(zone="Nowhere")) == [
        "cohort-close:c1:7:T-3"
    ]


@pytest.mark.parametrize(
    ("day", "month", "expected"),
    [
        (19, 6, ["rev-due:c1:T-7"]),
        (24, 6, ["rev-due:c1:T-2"]),
        (25, 6, ["rev-due:c1:T-2"]),
        (26, 6, []),
        (27, 6, ["rev-due:c1:T+1"]),
        (1, 7, ["rev-due:c1:T+5"]),
        (6, 7, ["rev-due:c1:T+5"]),
    ],
)
def test_the_ladder_of_a_review_goes_on_after_its_day(day, month, expected):
    assert keys(at(day, month=month), subject(Reminder.REVIEW_DUE, due_at=at(26, 23, 59))) == expected


def test_who_had_a_mail_today_gets_the_next_one_tomorrow():
    assert keys(at(12), subject(), mailed_today=frozenset({7})) == []
    assert keys(at(13), subject()) == ["cohort-close:c1:7:T-14"]


def test_one_mail_a_person_and_day_the_nearest_first():
    facts = ReminderFacts(
        subjects=(
            subject(Reminder.MEMBERSHIP_LAPSE, object="m1", due_at=at(30, 23, 59)),
            subject(),
            subject(person=8),
        )
    )
    made = mails(at(23), due(at(23), facts))
    assert [(mail.key, [reminder.key for reminder in mail.reminders]) for mail in made] == [
        ("reminders:7:2026-06-23", ["cohort-close:c1:7:T-3", "member:m1:T-7"]),
        ("reminders:8:2026-06-23", ["cohort-close:c1:8:T-3"]),
    ]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(22, 8, 29), False),
        (at(22, 8, 30), True),
        (at(22, 17, 59), True),
        (at(22, 18, 0), False),
        (at(20, 9), False),
        (at(21, 9), False),
    ],
)
def test_the_brief_goes_on_working_days_from_half_past_eight(now, expected):
    assert brief_is_due(now, ZONE) is expected


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        (MilestoneKind.PORTFOLIO_STARTED, SeatFacts(), SeatFacts(entries=1)),
        (MilestoneKind.APPLICATION_STARTED, SeatFacts(), SeatFacts(applications=1)),
        (
            MilestoneKind.RATERS_NAMED,
            SeatFacts(applications=1, raters_named=2, raters_needed=3),
            SeatFacts(applications=1, raters_named=3, raters_needed=3),
        ),
        (
            MilestoneKind.RATINGS_RECEIVED,
            SeatFacts(applications=2, ratings_received=5, raters_needed=6),
            SeatFacts(applications=2, ratings_received=6, raters_needed=6),
        ),
        (MilestoneKind.SUBMITTED, SeatFacts(applications=2, submitted=1), SeatFacts(applications=2, submitted=2)),
    ],
)
def test_when_a_milestone_is_done(kind, before, after):
    assert (DONE_WHEN[kind](before), DONE_WHEN[kind](after)) == (False, True)


def test_no_application_leaves_raters_and_submission_open():
    seat = SeatFacts(entries=5)
    assert [kind for kind in MilestoneKind if DONE_WHEN[kind](seat)] == [MilestoneKind.PORTFOLIO_STARTED]


instants = st.datetimes(
    min_value=datetime.datetime(2026, 3, 1), max_value=datetime.datetime(2026, 8, 1), timezones=st.just(datetime.UTC)
)
subjects = st.builds(
    subject,
    kind=st.sampled_from(Reminder),
    zone=st.sampled_from(["America/Chicago", "Asia/Kolkata", "Pacific/Kiritimati", "UTC"]),
    due_at=instants,
    starts_at=instants,
)


@given(subjects)
def test_a_ladder_never_repeats_a_key_and_rises(one):
    found = steps(one)
    assert len({step.key for step in found}) == len(found)
    assert [step.at for step in found] == sorted(step.at for step in found)


@given(subjects, st.lists(instants, min_size=2, max_size=12))
def test_sweeps_at_any_moments_send_each_step_once_and_never_go_back(one, moments):
    order = [step.key for step in steps(one)]
    taken: set[str] = set()
    sent: list[str] = []
    for now in sorted(moments):
        found = judge(now, one, frozenset(taken))
        assert len(found.due) <= 1
        went = [reminder.key for reminder in found.due]
        over = [step.key for step in found.passed_over]
        assert taken.isdisjoint(went)
        assert taken.isdisjoint(over)
        sent += went
        taken.update(went, over)
    assert [order.index(key) for key in sent] == sorted({order.index(key) for key in sent})


@given(subjects, instants)
def test_what_goes_goes_in_office_hours_with_a_day_to_the_next(one, now):
    for _reminder in judge(now, one, frozenset()).due:
        assert office_hours(now, one.zone, one.due_at)
        assert all(step.at <= now or step.at - now > DAY for step in steps(one))
        assert not one.ends_at_due or now <= one.due_at


@given(subjects, instants)
def test_a_done_subject_is_silent(one, now):
    silent = subject(one.kind, zone=one.zone, due_at=one.due_at, starts_at=one.starts_at, done=True)
    assert judge(now, silent, frozenset()).due == ()
