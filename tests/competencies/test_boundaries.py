"""A line for each boundary of each category: the figures of the standard, one minute or one day to either side."""

import datetime

import pytest

from competencies.assessment import assess
from competencies.enums import RequirementKind
from competencies.facts import EducationFact, PortfolioFacts, StandingFact
from tests.competencies.standard import (
    AS_OF,
    CODES,
    EARLY,
    INFANT,
    job,
    mentor,
    of,
    other_ages,
    own_ages,
    reasons,
    session,
    specs,
    training,
)

HOURS = {
    "training": {
        "IFA": 30, "ECFA": 30, "IFS": 30, "ECFS": 30, "IFRS": 48, "ECFRS": 48, "IMHS": 33, "ECMHS": 33,
        "IMHM-C": 48, "ECMHM-C": 48, "IMHM-P": 33, "ECMHM-P": 33, "IMHM-R/F": 33, "ECMHM-R/F": 33,
        "ERS-IMH": 15, "ERS-ECMH": 15,
    },
    "rsc": {
        "IFA": 0, "ECFA": 0, "IFS": 24, "ECFS": 24, "IFRS": 24, "ECFRS": 24, "IMHS": 50, "ECMHS": 50,
        "IMHM-C": 50, "ECMHM-C": 50, "IMHM-P": 0, "ECMHM-P": 0, "IMHM-R/F": 0, "ECMHM-R/F": 0,
        "ERS-IMH": 12, "ERS-ECMH": 12,
    },
}  # fmt: skip
ABOUT_OWN = {"IFRS": 12, "ECFRS": 12, "IMHM-C": 25, "ECMHM-C": 25, "ERS-IMH": 12, "ERS-ECMH": 12}
PARTS = {
    "IFRS": {"core": 30, "rsc": 15, "dei": 3}, "ECFRS": {"core": 30, "rsc": 15, "dei": 3},
    "IMHM-C": {"core": 30, "rsc": 15, "dei": 3}, "ECMHM-C": {"core": 30, "rsc": 15, "dei": 3},
    "IMHS": {"core": 30, "dei": 3}, "ECMHS": {"core": 30, "dei": 3},
    "IMHM-P": {"core": 30, "dei": 3}, "ECMHM-P": {"core": 30, "dei": 3},
    "IMHM-R/F": {"core": 30, "dei": 3}, "ECMHM-R/F": {"core": 30, "dei": 3},
    "ERS-IMH": {"rsc": 15}, "ERS-ECMH": {"rsc": 15},
}  # fmt: skip


def judged(code: str, requirement: str, facts: PortfolioFacts, as_of: datetime.date = AS_OF):
    return of(assess(specs()[code], facts, as_of=as_of), requirement)


def test_the_tables_name_every_category():
    assert set(HOURS["training"]) == set(HOURS["rsc"]) == set(CODES)
    assert len(CODES) == 16


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(("beside", "met"), [(-1, False), (0, True), (1, True)])
def test_training_hours(code, beside, met):
    need = HOURS["training"][code] * 60
    facts = PortfolioFacts(training=(training(minutes=need + beside, topics=("core", "rsc", "dei")),))
    finding = judged(code, "training", facts)
    assert (finding.need_minutes, finding.have_minutes, finding.met) == (need, need + beside, met)
    assert finding.short_minutes == max(0, -beside)


@pytest.mark.parametrize(("code", "topic"), [(code, topic) for code, parts in PARTS.items() for topic in parts])
@pytest.mark.parametrize(("beside", "met"), [(-1, False), (0, True), (1, True)])
def test_sub_minimums_inside_the_total(code, topic, beside, met):
    need = PARTS[code][topic] * 60
    others = {name: hours * 60 for name, hours in PARTS[code].items() if name != topic}
    facts = PortfolioFacts(
        training=(training(minutes=6000, topics=(), topic_minutes=((topic, need + beside), *others.items())),)
    )
    finding = judged(code, "training", facts)
    part = next(part for part in finding.parts if part.key == topic)
    assert (part.need_minutes, part.have_minutes, part.met) == (need, need + beside, met)
    assert finding.met is met
    assert {part.key for part in finding.parts} == set(PARTS[code])


@pytest.mark.parametrize("code", [code for code in CODES if code not in PARTS])
def test_no_sub_minimum_where_the_standard_has_none(code):
    assert judged(code, "training", PortfolioFacts()).parts == ()


@pytest.mark.parametrize("code", [code for code, hours in HOURS["rsc"].items() if hours])
@pytest.mark.parametrize(("beside", "met"), [(-1, False), (0, True), (1, True)])
def test_rsc_hours(code, beside, met):
    """23:59, 24:00, 24:01."""
    need = HOURS["rsc"][code] * 60
    facts = PortfolioFacts(
        supervision=(session(minutes=need + beside, about_own_provision=True),), providers=(mentor(),)
    )
    finding = judged(code, "rsc", facts)
    own_need = ABOUT_OWN.get(code, 0) * 60
    assert (finding.need_minutes, finding.have_minutes) == (need, need + beside)
    assert finding.met is met
    assert [part.need_minutes for part in finding.parts] == ([own_need] if own_need else [])


@pytest.mark.parametrize("code", ABOUT_OWN)
@pytest.mark.parametrize(("beside", "met"), [(-1, False), (0, True), (1, True)])
def test_rsc_about_the_rsc_one_gives(code, beside, met):
    need = ABOUT_OWN[code] * 60
    facts = PortfolioFacts(
        supervision=(session("s1", minutes=need + beside, about_own_provision=True), session("s2", minutes=3000)),
        providers=(mentor(),),
    )
    finding = judged(code, "rsc", facts)
    assert [(part.key, part.have_minutes, part.met) for part in finding.parts] == [
        ("about_own_provision", need + beside, met)
    ]
    assert finding.met is met


@pytest.mark.parametrize("code", [code for code, hours in HOURS["rsc"].items() if not hours])
def test_rsc_without_a_minimum_is_met(code):
    finding = judged(code, "rsc", PortfolioFacts(supervision=(session(),), providers=(mentor(),)))
    assert (finding.met, finding.required, finding.need_minutes, finding.have_minutes) == (True, False, 0, 60)


@pytest.mark.parametrize("code", CODES)
def test_ages_of_the_license(code):
    facts = PortfolioFacts(
        training=(
            training("t1", ages=(own_ages(code),)),
            training("t2", ages=(other_ages(code),)),
            training("t3", ages=()),
            training("t4", ages=(INFANT, EARLY)),
        ),
        supervision=(session("s1", ages=(own_ages(code),)), session("s2", ages=(other_ages(code),))),
        providers=(mentor(),),
    )
    assert reasons(judged(code, "training", facts)) == {"t2": "outside_age_range"}
    assert reasons(judged(code, "rsc", facts)) == {"s2": "outside_age_range"}


# Category, key, role, days at 365 a year, families.
WORK = [
    ("IFA", "education_or_experience.work", "direct_service", 730, None),
    ("ECFA", "education_or_experience.work", "qualifying_volunteer", 730, None),
    ("IFS", "work", "direct_service", 730, 10),
    ("ECFS", "work", "direct_service", 730, 10),
    ("IFRS", "work.direct", "direct_service", 730, 10),
    ("ECFRS", "work.direct", "direct_service", 730, 10),
    ("IFRS", "work.rsc_provided", "rsc_provision", 365, None),
    ("ECFRS", "work.rsc_provided", "rsc_provision", 365, None),
    ("IFRS", "leadership", "practice_leadership", 365, None),
    ("ECFRS", "leadership", "practice_leadership", 365, None),
    ("IMHS", "work", "dyadic_therapy", 730, None),
    ("ECMHS", "work", "dyadic_therapy", 730, None),
    ("IMHM-C", "work.clinical", "dyadic_therapy", 730, None),
    ("ECMHM-C", "work.clinical", "dyadic_therapy", 730, None),
    ("IMHM-C", "work.rsc_provided", "rsc_provision", 1095, None),
    ("ECMHM-C", "work.rsc_provided", "rsc_provision", 1095, None),
    ("IMHM-C", "leadership", "practice_leadership", 1095, None),
    ("ECMHM-C", "leadership", "practice_leadership", 1095, None),
    ("IMHM-P", "work", "policy_leadership", 1095, None),
    ("ECMHM-P", "work", "policy_leadership", 1095, None),
    ("IMHM-P", "leadership", "practice_leadership", 1095, None),
    ("ECMHM-P", "leadership", "practice_leadership", 1095, None),
    ("IMHM-R/F", "work", "teaching_research_leadership", 1095, None),
    ("ECMHM-R/F", "work", "teaching_research_leadership", 1095, None),
    ("IMHM-R/F", "leadership", "practice_leadership", 1095, None),
    ("ECMHM-R/F", "leadership", "practice_leadership", 1095, None),
    ("ERS-IMH", "work.rsc_provided", "rsc_provision", 365, None),
    ("ERS-ECMH", "work.rsc_provided", "rsc_provision", 365, None),
]
GRADUATE = EducationFact("e1", "master", awarded_on=datetime.date(2015, 5, 20))


def test_the_table_names_every_work_rule():
    rules = {
        (code, rule.key)
        for code, spec in specs().items()
        for rule in spec.requirements
        if rule.kind == RequirementKind.WORK
    }
    assert {(code, key) for code, key, *_ in WORK} == rules


@pytest.mark.parametrize(("code", "key", "role", "days", "families"), WORK)
@pytest.mark.parametrize(("beside", "met"), [(-1, False), (0, True), (1, True)])
def test_length_of_work(code, key, role, days, families, beside, met):
    """729, 730, 731 days; one year is 365."""
    facts = PortfolioFacts(work=(job(days=days + beside, roles=(role,)),), education=(GRADUATE,))
    assert judged(code, key, facts).met is met


@pytest.mark.parametrize(("code", "key", "role", "days", "families"), [row for row in WORK if row[4]])
@pytest.mark.parametrize(("beside", "met"), [(-1, False), (0, True), (1, True)])
def test_families_served(code, key, role, days, families, beside, met):
    """9, 10, 11 families, over two jobs that count."""
    jobs = (
        job("w1", days=days, roles=(role,), families_served=4),
        job("w2", days=days, roles=(role,), families_served=families + beside - 4),
        job("w3", days=days, roles=("policy_leadership",), families_served=100),
    )
    finding = judged(code, key, PortfolioFacts(work=jobs))
    assert finding.met is met
    assert f"{families + beside} of {families} families" in finding.message


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (datetime.date(2024, 12, 31), False),
        (datetime.date(2025, 1, 1), True),
        (datetime.date(2025, 6, 30), True),
        (datetime.date(2025, 7, 1), False),
    ],
)
@pytest.mark.parametrize(("kind", "code"), [("endorsed", "IMHM-C"), ("add_on", "ERS-IMH"), ("emerging", "ERS-ECMH")])
def test_a_standing_includes_its_first_and_its_last_day(day, counts, kind, code):
    standing = StandingFact(code, kind, datetime.date(2025, 1, 1), datetime.date(2025, 6, 30))
    facts = PortfolioFacts(supervision=(session(on=day),), providers=(mentor(standing),))
    finding = judged("IFS", "rsc", facts)
    assert finding.have_minutes == (60 if counts else 0)
    if not counts:
        assert reasons(finding) == {"s1": "provider_not_qualified_on_date"}
        assert f"{day.day}, {day.year}" in finding.uncounted[0].detail


@pytest.mark.parametrize(
    ("code", "provider", "counts"),
    [
        ("IFS", "IMHM-C", True), ("IFS", "ECMHM-C", True), ("IFS", "ERS-IMH", True), ("IFS", "ERS-ECMH", True),
        ("IFS", "IMHS", False), ("IFS", "IFS", False), ("IFS", "IMHM-P", False),
        ("IMHS", "ERS-IMH", True), ("IMHS", "IMHS", False),
        ("IMHM-C", "IMHM-C", True), ("IMHM-C", "ECMHM-C", True), ("IMHM-C", "ERS-IMH", False),
        ("ECMHM-C", "IMHM-C", True), ("ECMHM-C", "ERS-ECMH", False),
        ("ECFS", "IMHM-C", True), ("ERS-IMH", "ERS-ECMH", True), ("ERS-ECMH", "IMHM-R/F", False),
    ],
)  # fmt: skip
def test_who_qualifies_as_provider(code, provider, counts):
    facts = PortfolioFacts(
        supervision=(session(),), providers=(mentor(StandingFact(provider, "endorsed", datetime.date(2020, 1, 1))),)
    )
    assert (judged(code, "rsc", facts).have_minutes == 60) is counts
