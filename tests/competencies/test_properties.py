"""What holds for any portfolio and every category."""

import datetime
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competencies.assessment import AssessmentSettings, all_met, assess, portfolio_met
from competencies.enums import EducationLevel, Reason, RequirementKind, StandingKind, WorkRole
from competencies.facts import (
    EducationFact,
    LicenseFact,
    PortfolioFacts,
    ProviderFact,
    StandingFact,
    SupervisionFact,
    TrainingFact,
    WorkFact,
)
from competencies.specs import CategorySpec, age_range
from tests.competencies.standard import AS_OF, CODES, mentor, of, session, specs, training

HOURS = (RequirementKind.TRAINING_HOURS, RequirementKind.RSC_HOURS)
DAYS = st.dates(datetime.date(2018, 1, 1), datetime.date(2026, 3, 1))
AGES = st.sampled_from([(), ("0-36",), ("37-71",), ("0-36", "37-71")])
TOPICS = st.sampled_from(["core", "rsc", "dei"])
MINUTES = st.integers(1, 3000)


def spans(kind, key, **fields):
    """Something with a first and perhaps a last day."""

    def ordered(values):
        first, last = values.pop("first"), values.pop("last")
        return kind(key=key, starts_on=first, ends_on=last and max(first, last), **values)

    return st.fixed_dictionaries({"first": DAYS, "last": st.none() | DAYS, **fields}).map(ordered)


def numbered(make, prefix: str, most: int):
    return st.integers(0, most).flatmap(lambda count: st.tuples(*(make(f"{prefix}{n}") for n in range(count))))


def trainings(key: str):
    return st.builds(
        TrainingFact,
        key=st.just(key),
        on=DAYS,
        title=st.sampled_from(["A", "B", "C"]),
        minutes=st.sampled_from([60, 90]) | MINUTES,
        topics=st.lists(TOPICS, unique=True).map(tuple),
        topic_minutes=st.lists(st.tuples(TOPICS, MINUTES), unique_by=lambda part: part[0]).map(tuple),
        ages=AGES,
        accepted=st.booleans(),
        selected=st.booleans(),
    )


def sessions(key: str):
    return st.builds(
        SupervisionFact,
        key=st.just(key),
        on=DAYS,
        minutes=MINUTES,
        provider=st.sampled_from([None, "p0", "p1", "p2"]),
        format=st.sampled_from(["individual", "group"]),
        group_size=st.none() | st.integers(1, 20),
        mode=st.sampled_from(["in_person", "distance"]),
        about_own_provision=st.booleans(),
        ages=AGES,
        state=st.sampled_from(["logged", "confirmed", "declined"]),
        attested_on=st.none() | DAYS,
        accepted=st.booleans(),
        selected=st.booleans(),
    )


STANDINGS = st.fixed_dictionaries(
    {
        "code": st.sampled_from(["IMHM-C", "ERS-IMH", "IFS", "ECMHM-C"]),
        "kind": st.sampled_from(list(StandingKind.values)),
        "first": DAYS,
        "last": st.none() | DAYS,
        "trusted": st.booleans(),
    }
).map(
    lambda row: StandingFact(
        row["code"], row["kind"], row["first"], row["last"] and max(row["first"], row["last"]), row["trusted"]
    )
)
PROVIDERS = st.tuples(
    *(
        st.lists(STANDINGS, max_size=3).map(lambda rows, n=n: ProviderFact(f"p{n}", f"Provider {n}", tuple(rows)))
        for n in range(3)
    )
)
PORTFOLIOS = st.builds(
    PortfolioFacts,
    education=numbered(
        lambda key: st.builds(
            EducationFact,
            key=st.just(key),
            level=st.sampled_from(list(EducationLevel.values)),
            awarded_on=st.none() | DAYS,
            accepted=st.booleans(),
            selected=st.booleans(),
        ),
        "e",
        2,
    ),
    licenses=numbered(
        lambda key: spans(LicenseFact, key, license_kind=st.sampled_from(["mental_health", "other"])), "l", 2
    ),
    work=numbered(
        lambda key: spans(
            WorkFact,
            key,
            title=st.just("Work"),
            hours_per_week=st.none() | st.integers(0, 60),
            paid=st.booleans(),
            supervised=st.booleans(),
            roles=st.lists(st.sampled_from(list(WorkRole.values)), unique=True, max_size=3).map(tuple),
            families_served=st.integers(0, 15),
            ages=AGES,
            selected=st.booleans(),
        ),
        "w",
        4,
    ),
    training=numbered(trainings, "t", 6),
    supervision=numbered(sessions, "s", 6),
    providers=PROVIDERS,
)
SETTINGS = st.builds(
    AssessmentSettings,
    vetted_until=st.none() | DAYS,
    confirmation_required=st.booleans(),
    emerging=st.booleans(),
)
CATEGORIES = st.sampled_from(CODES).map(lambda code: specs()[code])


def entered(facts: PortfolioFacts, kind: RequirementKind) -> dict[str, int]:
    entries = facts.training if kind == RequirementKind.TRAINING_HOURS else facts.supervision
    return {entry.key: entry.minutes for entry in entries if entry.on <= AS_OF}


@given(category=CATEGORIES, facts=PORTFOLIOS, how=SETTINGS)
@settings(deadline=None)
def test_counted_and_uncounted_are_what_was_entered_with_one_reason_each(category, facts, how):
    for finding in assess(category, facts, as_of=AS_OF, settings=how):
        if finding.kind not in HOURS:
            continue
        there = entered(facts, finding.kind)
        counted = {entry.entry: entry.minutes for entry in finding.counted}
        uncounted = {entry.entry: entry.minutes for entry in finding.uncounted}
        assert len(finding.counted) == len(counted)
        assert len(finding.uncounted) == len(uncounted)
        assert {**counted, **uncounted} == there
        assert not set(counted) & set(uncounted)
        assert finding.have_minutes == sum(counted.values())
        assert finding.logged_minutes == sum(there.values())
        assert finding.short_minutes == max(0, finding.need_minutes - finding.have_minutes)
        assert all(entry.reason in Reason.values for entry in finding.uncounted)
        assert all(0 <= part.have_minutes <= finding.have_minutes for part in finding.parts)


@given(category=CATEGORIES, facts=PORTFOLIOS, how=SETTINGS)
@settings(deadline=None)
def test_met_if_and_only_if_the_report_says_so(category, facts, how):
    findings = assess(category, facts, as_of=AS_OF, settings=how)
    for finding in findings:
        if finding.kind in HOURS:
            enough = finding.have_minutes >= finding.need_minutes
            assert finding.met is (enough and all(part.met for part in finding.parts))
            assert all(part.met is (part.have_minutes >= part.need_minutes) for part in finding.parts)
        assert not (finding.met and finding.fix)
    groups = {finding.group for finding in findings if finding.group}
    said = all(finding.met for finding in findings if finding.required and not finding.group) and all(
        any(finding.met for finding in findings if finding.group == group) for group in groups
    )
    assert all_met(findings) is said
    assert portfolio_met(findings) or not said


@given(category=CATEGORIES, facts=PORTFOLIOS, how=SETTINGS, seed=st.integers(0, 99))
@settings(deadline=None)
def test_the_order_of_entries_does_not_matter(category, facts, how, seed):
    def shuffled(entries: tuple) -> tuple:
        return tuple(random.Random(seed).sample(entries, len(entries)))

    other = PortfolioFacts(
        education=shuffled(facts.education),
        licenses=shuffled(facts.licenses),
        work=shuffled(facts.work),
        training=shuffled(facts.training),
        supervision=shuffled(facts.supervision),
        providers=shuffled(facts.providers),
    )
    first = assess(category, facts, as_of=AS_OF, settings=how)
    assert assess(category, other, as_of=AS_OF, settings=how) == first


@given(category=CATEGORIES, facts=PORTFOLIOS, minutes=MINUTES, on=DAYS.filter(lambda day: day <= AS_OF))
@settings(deadline=None)
def test_adding_a_counting_entry_never_lowers_have(category: CategorySpec, facts, minutes, on):
    before = assess(category, facts, as_of=AS_OF)
    more = replace(
        facts,
        training=(*facts.training, training("z9", on=on, minutes=minutes, title="New to this portfolio")),
        supervision=(*facts.supervision, session("z9", on=on, minutes=minutes, provider="z", attested_on=on)),
        providers=(*facts.providers, mentor(key="z")),
    )
    after = assess(category, more, as_of=AS_OF)
    for requirement, kind in (("training", HOURS[0]), ("rsc", HOURS[1])):
        old, new = of(before, requirement), of(after, requirement)
        assert new.kind == kind
        assert new.have_minutes == old.have_minutes + minutes
        assert new.met or not old.met
        for was, now in zip(old.parts, new.parts, strict=True):
            assert now.have_minutes >= was.have_minutes


@given(category=CATEGORIES, facts=PORTFOLIOS)
@settings(deadline=None)
def test_leaving_out_keeps_the_account_whole(category, facts):
    left_out = {"training": [entry.key for entry in facts.training[::2]], "supervision": ["s0"]}
    for finding in assess(category, facts.without(left_out), as_of=AS_OF):
        if finding.kind in HOURS:
            assert finding.logged_minutes == sum(entered(facts, finding.kind).values())


@pytest.mark.parametrize("code", CODES)
def test_nothing_left_out_is_the_same_portfolio(code):
    facts = PortfolioFacts(training=(training(),))
    assert facts.without({}) is facts
    assert facts.without({"training": []}) is facts
    assert facts.entry_count() == 1


PAIRS = [(code, code.replace("I", "EC", 1)) for code in ("IFA", "IFS", "IMHS", "IMHM-C", "IMHM-P", "IMHM-R/F")]
AGE_OF = {"IMH-E": "0-36", "ECMH-E": "37-71"}


@given(pair=st.sampled_from(PAIRS), facts=PORTFOLIOS, how=SETTINGS)
@settings(deadline=None)
def test_an_entry_counts_for_both_licenses_when_its_ages_allow_and_only_then(pair, facts, how):
    """The rules of a pair mirror each other but for ages and providers: any provider here holds both endorsements."""
    both = replace(
        facts,
        providers=tuple(
            replace(
                provider,
                standings=tuple(
                    replace(one, code=code) for one in provider.standings for code in ("IMHM-C", "ECMHM-C")
                ),
            )
            for provider in facts.providers
        ),
    )
    ages = {entry.key: entry.ages for entry in (*facts.training, *facts.supervision)}
    mine, other = (assess(specs()[code], both, as_of=AS_OF, settings=how) for code in pair)
    for first, second in zip(mine, other, strict=True):
        assert first.requirement == second.requirement
        if first.kind not in HOURS:
            continue
        counted = [{entry.entry for entry in finding.counted} for finding in (first, second)]
        for license_code, own, others in (("IMH-E", *counted), ("ECMH-E", *counted[::-1])):
            for key in own:
                assert not ages[key] or AGE_OF[license_code] in ages[key]
                fits_other = not ages[key] or len(ages[key]) == 2
                assert (key in others) is fits_other


@given(pair=st.sampled_from(PAIRS), facts=PORTFOLIOS)
@settings(deadline=None)
def test_work_counts_for_both_licenses_only_when_its_ages_allow(pair, facts):
    ages = {job.key: job.ages for job in facts.work}
    found = [assess(specs()[code], facts, as_of=AS_OF) for code in pair]
    for findings in zip(*found, strict=True):
        if findings[0].kind != RequirementKind.WORK:
            continue
        counted = [{entry.entry for entry in finding.counted} for finding in findings]
        rules = [specs()[code].requirement(findings[0].requirement).rule for code in pair]
        for key in set().union(*counted):
            fits = [
                rule.ages is None or not ages[key] or any(rule.ages.overlaps(age_range(band)) for band in ages[key])
                for rule in rules
            ]
            assert [key in keys for keys in counted] == fits
