"""Two assessments compared: what moved, what it says, and that nothing is said where nothing moved."""

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.assessment import assess
from competencies.facts import PortfolioFacts, ProviderFact, StandingFact
from competencies.overlays import overlaid
from competencies.recount import Moved, RuleChange, recount
from competencies.recount_words import because, needed_now, sentences
from competencies.standings import as_facts, with_standings
from endorsement_portal.workflow import Finding
from tests.competencies.standard import AS_OF, job, session, specs, training

DAY = datetime.date
OPEN = (StandingFact("IMHM-C", "endorsed", DAY(2020, 1, 1)),)
ENDED = (StandingFact("IMHM-C", "endorsed", DAY(2020, 1, 1), DAY(2025, 6, 30)),)


def portfolio(standings=OPEN, minutes=90):
    sessions = tuple(session(f"s{n}", on=DAY(2025, 5 + n, 15), minutes=minutes) for n in range(5))
    return PortfolioFacts(supervision=sessions, providers=(ProviderFact("p1", "Ines Larkmoor", standings),))


def compared(before: PortfolioFacts, after: PortfolioFacts, code="IFS"):
    return recount(assess(specs()[code], before, as_of=AS_OF), assess(specs()[code], after, as_of=AS_OF), after)


def test_sessions_that_fall_out_are_told_with_provider_time_and_date():
    found = compared(portfolio(), with_standings(portfolio(), "p1", ENDED))
    why = "Ines Larkmoor's standing as IMHM-C ended on June 30, 2025"
    assert sentences(found, "IMH-E IFS") == [
        f"3 sessions (4 h 30 min) with Ines Larkmoor no longer count for IMH-E IFS, because {why}.",
        "Reflective supervision/consultation received: 3 h counted, before it was 7 h 30 min; 21 h missing.",
    ]
    assert (found.minutes_moved, found.rule_flipped, found.judged_otherwise) == (True, False, True)


def test_sessions_that_come_in_are_told_too():
    found = compared(with_standings(portfolio(minutes=600), "p1", ENDED), portfolio(minutes=600))
    assert sentences(found, "IFS") == [
        "3 sessions (30 h) with Ines Larkmoor now count for IFS.",
        "Reflective supervision/consultation received: 50 h counted, before it was 20 h.",
    ]
    assert found.rule_flipped is True


def test_one_entry_without_a_provider_reads_in_the_singular():
    old = overlaid(specs()["IFS"], {})
    new = overlaid(specs()["IFS"], {"training_expiry_months": 6})
    later = PortfolioFacts(training=(training("t1"), training("t2", on=DAY(2025, 12, 1))))
    found = recount(assess(old, later, as_of=AS_OF), assess(new, later, as_of=AS_OF), later)
    assert sentences(found, "IFS")[0] == "1 entry (1 h) no longer counts for IFS, because before July 15, 2025."


def test_nothing_moved_says_nothing():
    found = compared(portfolio(), portfolio())
    assert (found.changes, sentences(found, "IFS"), found.minutes_moved) == ((), [], False)


@pytest.mark.parametrize(
    ("moved", "words"),
    [
        (Moved(1, 60, "X", "group_too_large", "A group of 9; the limit is 8"), "a group of 9; the limit is 8"),
        (Moved(1, 60, "X", "no_named_provider"), "no provider is named; peer supervision does not count"),
        (
            Moved(1, 60, "X", "provider_not_qualified_on_date", "X has no standing recorded"),
            "X has no standing recorded",
        ),
    ],
)
def test_because(moved, words):
    assert because(moved) == words


def change(**values):
    given = {
        "requirement": "rsc", "label": "RSC", "met_before": True, "met_after": True, "have_before": 60,
        "have_after": 60, "need_before": 60, "need_after": 60, "short_before": 0, "short_after": 0,
    }  # fmt: skip
    return RuleChange(**{**given, **values})


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"need_after": 90, "short_after": 30, "met_after": False},
         "RSC: 1 h 30 min are asked, before it was 1 h; you have 1 h. 30 min missing."),
        ({"have_after": 30, "short_after": 30}, "RSC: you have 30 min of 1 h. 30 min missing."),
        ({"need_before": None, "have_before": None}, "RSC: you have 1 h of 1 h."),
        ({"need_before": None, "need_after": None, "met_after": False}, "RSC: not met by the new rules."),
        ({"need_before": None, "need_after": None, "met_before": False}, "RSC: met by the new rules."),
        ({"need_before": None, "need_after": None}, "RSC: other entries count."),
    ],
)  # fmt: skip
def test_needed_now(values, words):
    assert needed_now(change(**values)) == words


def test_a_rule_that_is_new_or_gone_counts_as_met_on_the_other_side():
    new = Finding("rsc", "rsc_hours", False, "", have_minutes=0, need_minutes=60, short_minutes=60)
    found = recount((), (new,), PortfolioFacts())
    assert [(row.met_before, row.met_after, row.short_after, row.lost) for row in found.changes] == [
        (True, False, 60, ())
    ]
    back = recount((new,), (), PortfolioFacts())
    assert [(row.met_before, row.met_after, row.short_before) for row in back.changes] == [(False, True, 60)]
    assert (found.met_before, found.met_after, found.short_before, found.short_after) == (True, False, 0, 60)


def test_only_a_need_that_is_met_either_way_judges_nobody_otherwise():
    assert change(need_after=30).judged_otherwise is False
    assert change(lost=(Moved(1, 0, "", "not_paid"),)).judged_otherwise is True


def test_standings_are_read_back_from_plain_rows():
    rows = [
        {"code": "IMHM-C", "kind": "endorsed", "starts_on": "2020-01-01", "ends_on": "2025-06-30", "trusted": True},
        {"code": "IFS", "kind": "vetted", "starts_on": "2021-01-01", "ends_on": None, "trusted": False},
    ]
    assert as_facts(rows) == (ENDED[0], StandingFact("IFS", "vetted", DAY(2021, 1, 1), None, trusted=False))
    facts = replace(portfolio(), providers=(*portfolio().providers, ProviderFact("p2", "Y")))
    changed = with_standings(facts, "p1", ENDED)
    assert [provider.standings for provider in changed.providers] == [ENDED, ()]


days = st.dates(DAY(2024, 1, 1), DAY(2026, 1, 1))
spans = st.lists(st.tuples(st.sampled_from(["IMHM-C", "IFS", "ERS-IMH"]), days, st.none() | days), max_size=3)


def standings_from(rows):
    return tuple(
        StandingFact(code, "endorsed", first, last if last is None or last >= first else None)
        for code, first, last in rows
    )


@given(st.lists(st.tuples(days, st.integers(1, 300)), max_size=8), spans, spans)
def test_minutes_lost_and_gained_are_the_difference_of_what_counts(logged, before, after):
    facts = PortfolioFacts(
        supervision=tuple(session(f"s{n}", on=day, minutes=minutes) for n, (day, minutes) in enumerate(logged)),
        work=(job(days=800),),
        providers=(ProviderFact("p1", "Ines Larkmoor"),),
    )
    one = with_standings(facts, "p1", standings_from(before))
    other = with_standings(facts, "p1", standings_from(after))
    for change_ in compared(one, other).changes:
        lost = sum(moved.minutes for moved in change_.lost)
        gained = sum(moved.minutes for moved in change_.gained)
        assert (change_.have_after or 0) - (change_.have_before or 0) == gained - lost
    back = compared(other, one)
    assert back.minutes_moved is compared(one, other).minutes_moved
