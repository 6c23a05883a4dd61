"""What a cohort's dates mean, second by second and zone by zone."""

import datetime
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts import calendar
from cohorts.calendar import CohortDates, WallTimeRefused
from cohorts.enums import MilestoneKind, Phase, Season

ZONES = ("America/Chicago", "Pacific/Kiritimati", "Etc/GMT+12", "Europe/Berlin", "Asia/Kathmandu", "America/Asuncion")
SECOND = timedelta(seconds=1)
zones = st.sampled_from(ZONES)
days = st.dates(datetime.date(2020, 1, 1), datetime.date(2040, 12, 31))


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def dates(**changes) -> CohortDates:
    values = {
        "published": True,
        "opens_at": at("2026-03-02T15:00:00+00:00"),
        "closes_at": at("2026-05-30T04:59:59+00:00"),
        "submission_deadline_at": at("2026-06-26T22:00:00+00:00"),
        "review_ends_on": datetime.date(2026, 9, 18),
        "zone": "America/Chicago",
    }
    return CohortDates(**{**values, **changes})


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-02T14:59:59.999999+00:00", Phase.ANNOUNCED),
        ("2026-03-02T15:00:00+00:00", Phase.OPEN),
        ("2026-05-30T04:59:58+00:00", Phase.OPEN),
        ("2026-05-30T04:59:59+00:00", Phase.OPEN),
        ("2026-05-30T04:59:59.999999+00:00", Phase.OPEN),
        ("2026-05-30T05:00:00+00:00", Phase.WORKING),
        ("2026-06-26T21:59:59+00:00", Phase.WORKING),
        ("2026-06-26T22:00:00.999999+00:00", Phase.WORKING),
        ("2026-06-26T22:00:01+00:00", Phase.REVIEW),
        ("2026-09-19T04:59:59.999999+00:00", Phase.REVIEW),
        ("2026-09-19T05:00:00+00:00", Phase.CLOSED),
    ],
)
def test_phase_at_each_boundary(now, expected):
    assert calendar.phase(dates(), at(now)) == expected


def test_an_unpublished_cohort_is_a_draft_whenever_asked():
    assert calendar.phase(dates(published=False), at("2026-04-01T00:00:00+00:00")) == Phase.DRAFT


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_the_review_ends_with_the_day_of_the_cohorts_own_zone(zone):
    last = calendar.last_second_of(datetime.date(2026, 9, 18), zone)
    assert calendar.phase(dates(zone=zone), last) == Phase.REVIEW
    assert calendar.phase(dates(zone=zone), last + SECOND) == Phase.CLOSED


@given(st.datetimes(at("2026-01-01T00:00:00"), at("2026-12-31T00:00:00")), st.floats(0, 400 * 86400))
def test_phases_only_go_forward(start, seconds):
    order = list(Phase)
    earlier = start.replace(tzinfo=UTC)
    first, second = (calendar.phase(dates(), now) for now in (earlier, earlier + timedelta(seconds=seconds)))
    assert order.index(first) <= order.index(second)


@given(zones, days)
def test_the_last_second_of_a_day_is_the_last(zone, day):
    last = calendar.last_second_of(day, zone)
    assert calendar.local_day(last, zone) == day
    assert calendar.local_day(last + SECOND, zone) == day + timedelta(days=1)


@pytest.mark.parametrize(
    ("wall", "zone", "instant"),
    [
        ("2026-06-26T17:00:00", "America/Chicago", "2026-06-26T22:00:00+00:00"),
        ("2026-12-18T17:00:00", "America/Chicago", "2026-12-18T23:00:00+00:00"),
        ("2028-02-29T23:59:59", "America/Chicago", "2028-03-01T05:59:59+00:00"),
        ("2026-03-31T23:59:59", "Pacific/Kiritimati", "2026-03-31T09:59:59+00:00"),
        ("2026-03-31T23:59:59", "Etc/GMT+12", "2026-04-01T11:59:59+00:00"),
        ("2026-03-08T03:00:00", "America/Chicago", "2026-03-08T08:00:00+00:00"),
        ("2026-03-08T01:59:59", "America/Chicago", "2026-03-08T07:59:59+00:00"),
        ("2026-11-01T00:59:59", "America/Chicago", "2026-11-01T05:59:59+00:00"),
        ("2026-11-01T02:00:00", "America/Chicago", "2026-11-01T08:00:00+00:00"),
    ],
)
def test_wall_times_that_name_one_instant(wall, zone, instant):
    assert calendar.instant_of(at(wall), zone) == at(instant)


@pytest.mark.parametrize(
    ("wall", "zone", "code"),
    [
        ("2026-03-08T02:00:00", "America/Chicago", "missing"),
        ("2026-03-08T02:59:59", "America/Chicago", "missing"),
        ("2026-11-01T01:00:00", "America/Chicago", "ambiguous"),
        ("2026-11-01T01:59:59", "America/Chicago", "ambiguous"),
        ("2026-10-25T02:30:00", "Europe/Berlin", "ambiguous"),
        ("2026-06-26T17:00:00", "Central time", "unknown_zone"),
        ("2026-06-26T17:00:00", "../etc/passwd", "unknown_zone"),
        ("2026-06-26T17:00:00", "", "unknown_zone"),
        ("0001-01-01T00:00:00", "Europe/Berlin", "out_of_range"),
        ("9999-12-31T23:59:59", "Etc/GMT+12", "out_of_range"),
    ],
)
def test_wall_times_that_are_refused(wall, zone, code):
    with pytest.raises(WallTimeRefused) as refusal:
        calendar.instant_of(at(wall), zone)
    assert refusal.value.code == code
    assert refusal.value.message


@given(zones, st.datetimes(at("2020-01-01T00:00:00"), at("2040-12-31T00:00:00")))
def test_an_accepted_wall_time_comes_back_the_same(zone, wall):
    try:
        instant = calendar.instant_of(wall, zone)
    except WallTimeRefused:
        return
    assert instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) == wall


def test_the_text_of_a_deadline():
    assert calendar.wall_text(at("2026-06-26T17:00:00"), "America/Chicago") == "2026-06-26 17:00:00 America/Chicago"


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("2026-06-26T22:00:00+00:00", 0),
        ("2026-06-26T05:00:00+00:00", 0),
        ("2026-06-26T04:59:59+00:00", 1),
        ("2026-06-27T05:00:00+00:00", -1),
    ],
)
def test_days_left_are_days_of_the_cohorts_calendar(now, left):
    assert calendar.days_left(dates().submission_deadline_at, at(now), "America/Chicago") == left


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        ("2026-01-01", (2026, Season.WINTER)),
        ("2028-02-29", (2028, Season.WINTER)),
        ("2026-04-01", (2026, Season.SPRING)),
        ("2026-09-30", (2026, Season.SUMMER)),
        ("2026-12-31", (2026, Season.FALL)),
    ],
)
def test_the_quarter_of_a_day(day, quarter):
    assert calendar.quarter_of(datetime.date.fromisoformat(day)) == quarter


def test_quarters_follow_one_another():
    assert calendar.next_quarter(2026, Season.WINTER) == (2026, Season.SPRING)
    assert calendar.next_quarter(2026, Season.FALL) == (2027, Season.WINTER)


def test_the_plan_of_a_quarter():
    plan = calendar.quarter_plan(2026, Season.SUMMER)
    assert plan.opens == at("2026-05-11T09:00:00")
    assert plan.closes == at("2026-06-26T23:59:59")
    assert plan.deadline == at("2026-09-25T17:00:00")
    assert plan.review_ends_on == datetime.date(2026, 11, 20)
    assert plan.milestones == {
        MilestoneKind.PORTFOLIO_STARTED: at("2026-07-13T23:59:59"),
        MilestoneKind.APPLICATION_STARTED: at("2026-07-20T23:59:59"),
        MilestoneKind.RATERS_NAMED: at("2026-08-03T23:59:59"),
        MilestoneKind.RATINGS_RECEIVED: at("2026-08-31T23:59:59"),
        MilestoneKind.SUBMITTED: at("2026-09-25T17:00:00"),
    }


def test_every_milestone_has_its_place_in_the_plan():
    assert set(calendar.MILESTONE_WEEKS) == set(MilestoneKind)


@given(st.integers(calendar.YEARS.start, calendar.YEARS.stop - 1), st.sampled_from(list(Season)))
def test_every_plan_is_in_order_and_of_its_quarter(year, season):
    plan = calendar.quarter_plan(year, season)
    assert plan.opens < plan.closes < plan.deadline
    assert plan.deadline.date() < plan.review_ends_on
    assert list(plan.milestones.values()) == sorted(plan.milestones.values())
    assert plan.milestones[MilestoneKind.SUBMITTED] == plan.deadline
    assert calendar.quarter_of(plan.deadline.date()) == (year, season)
    assert (plan.deadline.weekday(), calendar.first_monday(year, season).weekday()) == (4, 0)


@pytest.mark.parametrize(
    ("now", "percent"),
    [("2026-01-01", 0), ("2026-01-06", 50), ("2026-01-11", 100), ("2025-01-01", 0), ("2027-01-01", 100)],
)
def test_the_share_that_has_passed(now, percent):
    start, end = at("2026-01-01T00:00:00+00:00"), at("2026-01-11T00:00:00+00:00")
    assert calendar.share_passed(start, end, at(f"{now}T00:00:00+00:00")) == percent


def test_the_share_of_no_time_at_all():
    start = at("2026-01-01T00:00:00+00:00")
    assert calendar.share_passed(start, start, start - SECOND) == 0
    assert calendar.share_passed(start, start, start) == 100


@pytest.mark.parametrize(
    ("now", "week"), [("2026-05-12", 1), ("2026-05-29", 1), ("2026-06-05", 2), ("2026-06-26", 4), ("2026-09-01", 4)]
)
def test_the_week_of_the_working_time(now, week):
    assert calendar.week_of(dates(), at(f"{now}T17:00:00+00:00")) == (week, 4)
