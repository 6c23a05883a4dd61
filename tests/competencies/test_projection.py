"""When missing hours would be there: the cases of the specification, each boundary, and what holds for any plan."""

import datetime
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competencies.assessment import assess
from competencies.facts import PortfolioFacts
from competencies.projection import (
    MONTHS_MAX,
    RECENT_DAYS,
    Need,
    Outlook,
    Plan,
    Projected,
    months_after,
    needs,
    project,
    to_go,
)
from endorsement_portal.workflow import Finding, Part
from tests.competencies.standard import AS_OF, CODES, mentor, session, specs, training
from tests.competencies.test_properties import PORTFOLIOS

HOUR = 60


def one(to_go: int, *, pace: int = 0, plans=()) -> Projected:
    outlook = project([Need("rsc", to_go)], as_of=AS_OF, paces={"rsc": pace}, plans=plans)
    return outlook.rows[0]


@pytest.mark.parametrize(
    ("a_month", "months"),
    [(2 * HOUR, 7), (4 * HOUR, 4), (14 * HOUR, 1), (14 * HOUR - 1, 2), (13 * HOUR + 59, 2), (24 * HOUR, 1), (1, 840)],
)
def test_ten_of_twenty_four_hours(a_month, months):
    """10 h of 24 h are confirmed: at 2 h a month the rest takes 7 months, at 4 h a month 4, rounded up."""
    expected = months_after(AS_OF, months) if months <= MONTHS_MAX else None
    assert one(14 * HOUR, pace=a_month).ready_on == expected


def test_the_plan_of_the_specification():
    """24 h of group RSC, 2 h twice a month, from January: there after six months."""
    january = datetime.date(2027, 1, 1)
    plan = Plan("rsc", minutes_each=2 * HOUR, times_a_month=2, starts_on=january, total=24 * HOUR)
    assert one(24 * HOUR, plans=[plan]).ready_on == datetime.date(2027, 7, 1)
    assert one(24 * HOUR + 1, plans=[plan]).ready_on is None
    assert one(24 * HOUR + 1, plans=[replace(plan, total=None)]).ready_on == datetime.date(2027, 8, 1)


def test_a_plan_that_began_earlier_begins_today():
    plan = Plan("rsc", 2 * HOUR, 2, AS_OF - datetime.timedelta(days=400))
    assert one(4 * HOUR, plans=[plan]).ready_on == months_after(AS_OF, 1)


def test_pace_and_plan_run_together_and_each_counts_when_its_own_month_is_over():
    plan = Plan("rsc", 60, 2, AS_OF + datetime.timedelta(days=10))
    assert one(180, pace=60, plans=[plan]).ready_on == months_after(AS_OF + datetime.timedelta(days=10), 1)
    assert one(181, pace=60, plans=[plan]).ready_on == months_after(AS_OF, 2)
    assert one(181, pace=60, plans=[replace(plan, requirement="training")]).ready_on == months_after(AS_OF, 4)


def test_the_end_of_a_month_is_its_last_day():
    assert months_after(datetime.date(2026, 1, 31), 1) == datetime.date(2026, 2, 28)
    assert months_after(datetime.date(2026, 11, 30), 3) == datetime.date(2027, 2, 28)


def test_no_pace_no_date_and_what_is_met_has_none_either():
    assert one(1) == Projected("rsc", 1, 0, None)
    assert one(1).is_open_ended is True
    assert one(0, pace=60) == Projected("rsc", 0, 60, None)
    assert (one(0).is_met, one(0).is_open_ended) == (True, False)


def test_the_bottleneck_takes_longest_and_no_date_takes_longer_than_any():
    slow = Need("training", 40 * HOUR, recent=3 * HOUR)
    fast = Need("rsc", 2 * HOUR, recent=6 * HOUR)
    never = Need("about", 1)
    done = Need("done", 0)
    outlook = project([slow, fast, done], as_of=AS_OF)
    assert outlook.bottleneck.requirement == "training"
    assert outlook.ready_on == months_after(AS_OF, 40)
    assert [row.requirement for row in outlook.unmet] == ["training", "rsc"]
    outlook = project([slow, fast, never, done], as_of=AS_OF)
    assert (outlook.bottleneck.requirement, outlook.ready_on) == ("about", None)
    assert (project([done], as_of=AS_OF).bottleneck, project([done], as_of=AS_OF).ready_on) == (None, None)


# --- Needs, from findings ------------------------------------------------------------------------------------


def found(**values) -> Finding:
    given = {"requirement": "rsc", "kind": "rsc_hours", "met": False, "message": "", "need_minutes": 600}
    return Finding(**{**given, "have_minutes": 0, "short_minutes": 600, **values})


def test_short_parts_may_ask_for_more_than_the_total():
    assert to_go(found()) == 600
    parts = (Part("dei", 60, 180, False), Part("rsc", 0, 600, False), Part("core", 900, 300, True))
    assert to_go(found(short_minutes=300, parts=parts)) == 720
    assert to_go(found(short_minutes=None, parts=(), met=True)) == 0


def test_only_hours_that_are_asked_for():
    rows = [
        found(),
        found(kind="work"),
        found(need_minutes=0),
        found(required=False),
        found(required=False, group="any", requirement="one"),
    ]
    assert [need.requirement for need in needs(rows, {}, AS_OF)] == ["rsc", "one"]


def test_own_pace_is_what_counted_in_the_last_ninety_days():
    edge = AS_OF - datetime.timedelta(days=RECENT_DAYS)
    inside = edge + datetime.timedelta(days=1)
    facts = PortfolioFacts(
        supervision=(
            session("s1", on=edge, minutes=600),
            session("s2", on=inside, minutes=61, attested_on=AS_OF),
            session("s3", on=AS_OF, minutes=60, attested_on=AS_OF),
            session("s4", on=AS_OF, minutes=600, attested_on=None, state="logged"),
        ),
        training=(training("t1", on=AS_OF, minutes=95),),
        providers=(mentor(),),
    )
    days = {
        "rsc_hours": {entry.key: entry.on for entry in facts.supervision},
        "training_hours": {entry.key: entry.on for entry in facts.training},
    }
    both = {need.requirement: need for need in needs(assess(specs()["IFS"], facts, as_of=AS_OF), days, AS_OF)}
    assert (both["rsc"].recent, both["rsc"].own_pace) == (121, 40)
    assert (both["training"].recent, both["training"].own_pace) == (95, 31)


# --- What holds for any pace and plan ------------------------------------------------------------------------

DAYS = st.dates(datetime.date(2025, 1, 1), datetime.date(2030, 12, 31))
PLANS = st.lists(
    st.builds(
        Plan,
        requirement=st.sampled_from(["rsc", "training"]),
        minutes_each=st.integers(1, 600),
        times_a_month=st.integers(1, 31),
        starts_on=DAYS,
        total=st.none() | st.integers(1, 6000),
    ),
    max_size=4,
)
NEEDS = st.tuples(
    st.builds(Need, st.just("rsc"), st.integers(0, 5000), st.integers(0, 2000)),
    st.builds(Need, st.just("training"), st.integers(0, 5000), st.integers(0, 2000)),
)
NEVER = datetime.date.max


def dates(outlook: Outlook) -> list[datetime.date]:
    """Met before everything, no date after everything."""
    return [datetime.date.min if row.is_met else row.ready_on or NEVER for row in outlook.rows]


@given(needed=NEEDS, plans=PLANS, pace=st.integers(0, 3000), more=st.integers(0, 3000))
@settings(deadline=None)
def test_more_hours_a_month_never_give_a_later_date(needed, plans, pace, more):
    slow = project(needed, as_of=AS_OF, paces={"rsc": pace, "training": pace}, plans=plans)
    fast = project(needed, as_of=AS_OF, paces={"rsc": pace + more, "training": pace + more}, plans=plans)
    assert all(new <= old for new, old in zip(dates(fast), dates(slow), strict=True))
    keener = [replace(plan, minutes_each=plan.minutes_each + more) for plan in plans]
    planned = project(needed, as_of=AS_OF, paces={"rsc": pace, "training": pace}, plans=keener)
    assert all(new <= old for new, old in zip(dates(planned), dates(slow), strict=True))


@given(needed=NEEDS, plans=PLANS, extra=PLANS)
@settings(deadline=None)
def test_a_plan_never_makes_anything_later_and_touches_only_its_own_requirement(needed, plans, extra):
    before = project(needed, as_of=AS_OF, plans=plans)
    after = project(needed, as_of=AS_OF, plans=[*plans, *extra])
    named = {plan.requirement for plan in extra}
    for old, new, was, now in zip(before.rows, after.rows, dates(before), dates(after), strict=True):
        assert now <= was
        assert (new.to_go, new.pace) == (old.to_go, old.pace)
        assert new == old or new.requirement in named
    late = [datetime.date.min if not outlook.unmet else outlook.ready_on or NEVER for outlook in (before, after)]
    assert late[1] <= late[0]


@given(needed=NEEDS, plans=PLANS, seed=st.integers(0, 99))
@settings(deadline=None)
def test_the_order_of_plans_and_needs_does_not_matter(needed, plans, seed):
    first = project(needed, as_of=AS_OF, plans=plans)
    other = project(needed[::-1], as_of=AS_OF, plans=random.Random(seed).sample(plans, len(plans)))
    assert other.rows[::-1] == first.rows
    assert other.bottleneck == first.bottleneck


@given(needed=NEEDS, plans=PLANS)
@settings(deadline=None)
def test_a_date_is_there_if_and_only_if_something_is_missing_and_arrives(needed, plans):
    outlook = project(needed, as_of=AS_OF, plans=plans)
    for row, need in zip(outlook.rows, needed, strict=True):
        mine = [plan for plan in plans if plan.requirement == row.requirement]
        assert row.is_met is (need.to_go == 0)
        assert not (row.is_met and row.ready_on)
        if row.ready_on:
            assert row.ready_on > AS_OF
        endless = row.pace > need.to_go // MONTHS_MAX or any(plan.total is None for plan in mine)
        if need.to_go and endless:
            assert row.ready_on is not None
        if not row.pace and not mine:
            assert row.ready_on is None


@given(code=st.sampled_from(CODES), facts=PORTFOLIOS)
@settings(deadline=None)
def test_what_is_to_go_is_never_less_than_what_is_short_and_nothing_when_met(code, facts):
    findings = assess(specs()[code], facts, as_of=AS_OF)
    for finding in findings:
        if finding.kind in ("training_hours", "rsc_hours"):
            assert to_go(finding) >= finding.short_minutes
            assert (to_go(finding) == 0) is finding.met
