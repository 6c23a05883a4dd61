"""Each test of the rules, in its order, and each refusal with its reason."""

import datetime
from dataclasses import replace

import pytest

from applications import evaluators
from competencies.assessment import EVALUATORS, AssessmentSettings, all_met, assess, portfolio_met
from competencies.enums import RequirementKind
from competencies.facts import DocumentFact, EducationFact, LicenseFact, PortfolioFacts, StandingFact
from competencies.judging import work
from competencies.judging.case import months_before
from competencies.specs import ProviderPeriod, RscRule, TrainingRule
from endorsement_portal.workflow import Finding
from tests.competencies.standard import AS_OF, CODES, EARLY, INFANT, job, mentor, of, reasons, session, specs, training

MASTER = EducationFact("e1", "master", awarded_on=datetime.date(2015, 5, 20))
LICENSE = LicenseFact("l1", "mental_health", "LCSW", starts_on=datetime.date(2016, 1, 1))


def judged(code: str, requirement: str, facts: PortfolioFacts, **settings) -> Finding:
    return of(assess(specs()[code], facts, as_of=AS_OF, settings=AssessmentSettings(**settings)), requirement)


def changed(code: str, requirement: str, facts: PortfolioFacts, **rule) -> Finding:
    """The same, under a rule with other parameters."""
    spec = specs()[code]
    requirements = tuple(
        replace(row, rule=replace(row.rule, **rule)) if row.key == requirement else row for row in spec.requirements
    )
    return of(assess(replace(spec, requirements=requirements), facts, as_of=AS_OF), requirement)


def test_each_kind_has_exactly_one_evaluator():
    assert set(EVALUATORS) | set(evaluators.EVALUATORS) == set(RequirementKind)
    assert set(EVALUATORS) & set(evaluators.EVALUATORS) == set()


# --- RSC: decision 1, in its order -------------------------------------------------------------------

UNQUALIFIED = mentor(StandingFact("IFS", "endorsed", datetime.date(2020, 1, 1)), key="p2")
LOSING = {
    "provider_declined": {"state": "declined", "attested_on": None},
    "no_named_provider": {"provider": None},
    "provider_not_qualified_on_date": {"provider": "p2"},
    "outside_age_range": {"ages": (EARLY,)},
    "format_not_accepted": {"format": "group"},
    "group_too_large": {"group_size": 9},
    "outside_window": {"on": datetime.date(2023, 1, 14)},
    "awaiting_confirmation": {"attested_on": None, "state": "sent"},
}
STRICT = {"formats": frozenset({"individual"}), "max_group_size": 8, "window_months": 36}


def rsc(**values) -> Finding:
    facts = PortfolioFacts(supervision=(session(**values),), providers=(mentor(), UNQUALIFIED))
    return changed("IFS", "rsc", facts, **STRICT)


@pytest.mark.parametrize("reason", LOSING)
def test_a_session_fails_for_one_reason(reason):
    finding = rsc(**LOSING[reason])
    assert reasons(finding) == {"s1": reason}
    assert (finding.have_minutes, finding.logged_minutes) == (0, 60)


@pytest.mark.parametrize(
    ("first", "later"),
    [(first, later) for place, first in enumerate(LOSING) for later in list(LOSING)[place + 1 :]],
)
def test_the_first_failing_test_wins(first, later):
    assert reasons(rsc(**{**LOSING[later], **LOSING[first]})) == {"s1": first}


@pytest.mark.parametrize(
    ("values", "have"),
    [
        ({"group_size": 8}, 60),
        ({"group_size": None}, 60),
        ({"on": datetime.date(2023, 1, 15)}, 60),
        ({"attested_on": AS_OF}, 60),
        ({"attested_on": AS_OF + datetime.timedelta(days=1)}, 0),
        ({"on": AS_OF}, 60),
        ({"ages": (INFANT, EARLY)}, 60),
    ],
)
def test_limits_are_included(values, have):
    assert rsc(**values).have_minutes == have


def test_absent_parameters_are_not_tested():
    facts = PortfolioFacts(
        supervision=(session(format="group", group_size=400, mode="distance", on=datetime.date(1999, 1, 1)),),
        providers=(mentor(StandingFact("IFS", "endorsed", datetime.date(1990, 1, 1))),),
    )
    finding = changed("IFS", "rsc", facts, providers=None, formats=None, modes=None, window_months=None)
    assert finding.have_minutes == 60


def test_a_mode_may_be_refused():
    facts = PortfolioFacts(supervision=(session(mode="distance"),), providers=(mentor(),))
    assert reasons(changed("IFS", "rsc", facts, modes=frozenset({"in_person"}))) == {"s1": "format_not_accepted"}


def test_peers_count_where_a_rule_says_so():
    facts = PortfolioFacts(supervision=(session(provider=None),))
    assert changed("IFS", "rsc", facts, peers_count=True).have_minutes == 60


def test_confirmation_may_be_lifted():
    facts = PortfolioFacts(supervision=(session(attested_on=None, state="logged"),), providers=(mentor(),))
    assert judged("IFS", "rsc", facts).fix == "Ask your providers to confirm the sessions that are waiting."
    assert judged("IFS", "rsc", facts, confirmation_required=False).have_minutes == 60


def test_sessions_after_the_day_are_not_there_yet():
    facts = PortfolioFacts(supervision=(session(on=AS_OF + datetime.timedelta(days=1)),), providers=(mentor(),))
    finding = judged("IFS", "rsc", facts)
    assert (finding.logged_minutes, finding.uncounted) == (0, ())


@pytest.mark.parametrize(
    ("code", "until", "counts"),
    [
        ("IMHM-C", None, False),
        ("IMHM-C", datetime.date(2025, 2, 3), True),
        ("IMHM-C", datetime.date(2025, 2, 2), False),
        ("IFS", datetime.date(2025, 2, 3), True),
        ("IFA", datetime.date(2025, 2, 3), False),
    ],
)
def test_vetted_providers_count_until_the_association_says(code, until, counts):
    provider = mentor(StandingFact(code, "vetted", datetime.date(2020, 1, 1)))
    facts = PortfolioFacts(supervision=(session(),), providers=(provider,))
    assert (judged("IFS", "rsc", facts, vetted_until=until).have_minutes == 60) is counts


def test_a_stated_standing_waits_for_a_coordinator():
    stated = mentor(StandingFact("IMHM-C", "endorsed", datetime.date(2020, 1, 1), trusted=False))
    finding = judged("IFS", "rsc", PortfolioFacts(supervision=(session(),), providers=(stated,)))
    assert reasons(finding) == {"s1": "not_accepted_yet"}
    assert finding.uncounted[0].detail == (
        "The standing of Ines Larkmoor on February 3, 2025 is not confirmed by a coordinator yet"
    )


def test_periods_of_qualifying_providers():
    early = ProviderPeriod(frozenset({"IFS"}), None, datetime.date(2024, 12, 31))
    late = ProviderPeriod(frozenset({"IMHM-C"}), datetime.date(2025, 1, 1))
    ifs = mentor(StandingFact("IFS", "endorsed", datetime.date(2020, 1, 1)))
    facts = PortfolioFacts(
        supervision=(session("s1", on=datetime.date(2024, 12, 31)), session("s2", on=datetime.date(2025, 1, 1))),
        providers=(ifs,),
    )
    assert reasons(changed("IFS", "rsc", facts, providers=(early, late))) == {"s2": "provider_not_qualified_on_date"}


def test_an_import_that_waits_and_what_is_left_out():
    facts = PortfolioFacts(
        supervision=(session("s1", accepted=False), session("s2", provider=None)), providers=(mentor(),)
    ).without({"supervision": ["s2"]})
    assert reasons(judged("IFS", "rsc", facts)) == {"s1": "not_accepted_yet", "s2": "not_selected"}


def test_words_of_rsc():
    facts = PortfolioFacts(supervision=(session(minutes=1110),), providers=(mentor(),))
    finding = judged("IFS", "rsc", facts)
    assert (finding.message, finding.short_minutes) == ("18 h 30 min of 24 h counted", 330)
    assert finding.fix == "Log more RSC sessions with a qualified provider, and have them confirmed."
    assert judged("IMHM-C", "rsc", facts).message == (
        "18 h 30 min of 50 h counted; 0 h of 25 h counted about the RSC you give"
    )


# --- Training -----------------------------------------------------------------------------------------


def test_of_equal_trainings_the_smallest_key_counts():
    same = {"title": "Twice", "on": datetime.date(2025, 1, 1)}
    facts = PortfolioFacts(training=(training("t3", **same), training("t1", **same), training("t2", **same)))
    finding = judged("IFS", "training", facts)
    assert reasons(finding) == {"t2": "duplicate", "t3": "duplicate"}
    assert (finding.have_minutes, finding.logged_minutes) == (60, 180)


@pytest.mark.parametrize("other", [{"title": "Other"}, {"minutes": 61}, {"on": datetime.date(2025, 1, 2)}])
def test_equal_means_date_title_and_minutes(other):
    same = {"title": "Twice", "on": datetime.date(2025, 1, 1), "minutes": 60}
    facts = PortfolioFacts(training=(training("t1", **same), training("t2", **{**same, **other})))
    assert reasons(judged("IFS", "training", facts)) == {}


def test_what_is_left_out_or_waits_pushes_nothing_out():
    same = {"title": "Twice", "on": datetime.date(2025, 1, 1)}
    facts = PortfolioFacts(training=(training("t1", **same), training("t2", **same)))
    assert reasons(judged("IFS", "training", facts.without({"training": ["t1"]}))) == {"t1": "not_selected"}
    waiting = PortfolioFacts(training=(training("t1", accepted=False, **same), training("t2", **same)))
    assert reasons(judged("IFS", "training", waiting)) == {"t1": "not_accepted_yet"}


def test_duplicate_comes_before_ages_and_ages_before_expiry():
    old = datetime.date(2020, 1, 1)
    facts = PortfolioFacts(
        training=(
            training("t1", title="A", on=old, ages=(EARLY,)),
            training("t2", title="A", on=old, ages=(EARLY,)),
            training("t3", title="B", on=old),
            training("t4", title="C", on=datetime.date(2024, 1, 15)),
            training("t5", title="D", on=datetime.date(2024, 1, 14)),
        )
    )
    finding = changed("IFS", "training", facts, expiry_months=24)
    assert reasons(finding) == {"t1": "outside_age_range", "t2": "duplicate", "t3": "expired", "t5": "expired"}
    assert finding.uncounted[-1].detail == "Before January 15, 2024"


def test_a_minute_may_count_in_several_parts_and_once_in_the_total():
    facts = PortfolioFacts(
        training=(
            training("t1", minutes=120, topics=("core", "rsc"), topic_minutes=(("dei", 30),)),
            training("t2", minutes=60, topics=(), topic_minutes=(("dei", 90), ("core", 10))),
            training("t3", minutes=15, topics=()),
        )
    )
    finding = judged("IMHM-C", "training", facts)
    assert {part.key: part.have_minutes for part in finding.parts} == {"core": 130, "rsc": 120, "dei": 90}
    assert finding.have_minutes == 195


def test_words_of_training_say_which_part_is_short():
    facts = PortfolioFacts(training=(training(minutes=48 * 60, topics=("core", "rsc")),))
    finding = judged("IMHM-C", "training", facts)
    assert finding.met is False
    assert finding.message == "48 h of 48 h counted; 0 h of 3 h counted on diversity, equity and inclusion in the field"
    assert finding.fix == "Log more training, and tag it with its topics."


# --- Work ---------------------------------------------------------------------------------------------


def worked(code: str, *jobs, key: str = "work", education=(MASTER,), **settings) -> Finding:
    return judged(code, key, PortfolioFacts(work=jobs, education=education), **settings)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"roles": ("rsc_provision",)}, "role_not_counted"),
        ({"roles": ()}, "role_not_counted"),
        ({"paid": False}, "not_paid"),
        ({"ages": (EARLY,)}, "outside_age_range"),
        ({"selected": False}, "not_selected"),
        ({"accepted": False}, "not_accepted_yet"),
        ({"paid": False, "ages": (EARLY,)}, "not_paid"),
    ],
)
def test_a_job_that_does_not_count(values, reason):
    finding = worked("IFS", job(days=730, **values))
    assert reasons(finding) == {"w1": reason}
    assert finding.message == "0 days of 2 years counted; 0 of 10 families"
    assert finding.fix == "Add or complete your work experience in your portfolio."


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, None),
        ({"paid": False}, "not_paid"),
        ({"paid": False, "roles": ("qualifying_volunteer",)}, None),
        ({"paid": False, "roles": ("qualifying_volunteer",), "supervised": False}, "not_supervised"),
        ({"roles": ("qualifying_volunteer",), "supervised": False}, None),
    ],
)
def test_volunteering_of_a_family_associate(values, reason):
    finding = worked("IFA", job(days=730, **values), key="education_or_experience.work")
    assert reasons(finding) == ({"w1": reason} if reason else {})
    assert finding.met is (reason is None)


@pytest.mark.parametrize(("supervised", "met"), [(True, True), (False, False)])
def test_therapy_is_supervised(supervised, met):
    finding = worked("IMHS", job(days=730, roles=("dyadic_therapy",), supervised=supervised))
    assert finding.met is met
    assert reasons(finding) == ({} if met else {"w1": "not_supervised"})
    assert len(finding.checks) == 3


def intern(key: str = "w2", **values):
    given = {
        "roles": ("supervised_internship",),
        "paid": False,
        "hours_per_week": 35,
        "starts_on": datetime.date(2010, 1, 1),
    }
    return job(key, **{**given, "days": 730, **values})


@pytest.mark.parametrize(
    ("values", "message", "reason"),
    [
        ({}, "1 year of 2 years counted", None),
        ({"days": 364}, "364 days of 2 years counted", None),
        ({"days": 365}, "1 year of 2 years counted", None),
        ({"hours_per_week": 34}, "0 days of 2 years counted", "hours_too_few"),
        ({"hours_per_week": None}, "0 days of 2 years counted", "hours_too_few"),
        ({"supervised": False}, "0 days of 2 years counted", "not_supervised"),
        ({"ages": (EARLY,)}, "0 days of 2 years counted", "outside_age_range"),
    ],
)
def test_an_internship_counts_up_to_a_year(values, message, reason):
    finding = worked("IMHS", intern(**values))
    assert finding.message == message
    assert reasons(finding) == ({"w2": reason} if reason else {})


def test_an_internship_adds_only_days_that_the_work_does_not_have():
    therapy = {"roles": ("dyadic_therapy",)}
    year = job("w1", days=365, **therapy)
    assert worked("IMHS", year, intern(starts_on=year.starts_on, days=365)).message == "1 year of 2 years counted"
    beside = worked("IMHS", year, intern(starts_on=year.starts_on, days=700))
    assert beside.message == "1 year and 335 days of 2 years counted"
    assert worked("IMHS", year, intern(days=365)).met
    both = worked("IMHS", job(days=730, roles=("dyadic_therapy", "supervised_internship")))
    assert both.met


def test_overlapping_jobs_count_each_day_once():
    first = job("w1", starts_on=datetime.date(2020, 1, 1), ends_on=datetime.date(2020, 6, 30))
    inside = job("w2", starts_on=datetime.date(2020, 2, 1), ends_on=datetime.date(2020, 3, 1))
    next_day = job("w3", starts_on=datetime.date(2020, 7, 1), ends_on=datetime.date(2020, 12, 31))
    assert worked("IFS", next_day, inside, first).message == "1 year and 1 day of 2 years counted; 75 of 10 families"


def test_an_open_job_lasts_until_the_day_of_the_report_and_a_later_one_is_not_there():
    assert worked("IFS", job(starts_on=datetime.date(2026, 1, 14))).message.startswith("2 days of")
    assert worked("IFS", job(starts_on=AS_OF)).message.startswith("1 day of")
    later = worked("IFS", job(starts_on=AS_OF + datetime.timedelta(days=1)))
    assert (later.counted, later.uncounted) == ((), ())
    ends_later = worked("IFS", job(starts_on=AS_OF, ends_on=datetime.date(2030, 1, 1)))
    assert ends_later.message.startswith("1 day of")


@pytest.mark.parametrize(
    ("education", "message", "reason"),
    [
        ((replace(MASTER, awarded_on=datetime.date(2020, 12, 30)),), "2 days of 3 years counted", None),
        ((replace(MASTER, awarded_on=datetime.date(2020, 12, 31)),), "1 day of 3 years counted", None),
        ((replace(MASTER, awarded_on=datetime.date(2021, 1, 1)),), "0 days of 3 years counted", "before_degree"),
        ((replace(MASTER, level="bachelor"),), "0 days of 3 years counted", "before_degree"),
        ((replace(MASTER, awarded_on=None),), "0 days of 3 years counted", "before_degree"),
        ((replace(MASTER, selected=False),), "0 days of 3 years counted", "before_degree"),
        ((replace(MASTER, awarded_on=datetime.date(2030, 1, 1)),), "0 days of 3 years counted", "before_degree"),
        ((), "0 days of 3 years counted", "before_degree"),
        (
            (replace(MASTER, level="doctorate", awarded_on=datetime.date(2020, 12, 31)), MASTER),
            "1 year and 1 day of 3 years counted",
            None,
        ),
    ],
)
def test_work_is_clipped_to_the_degree(education, message, reason):
    year = job(starts_on=datetime.date(2020, 1, 1), ends_on=datetime.date(2020, 12, 31), roles=("policy_leadership",))
    finding = worked("IMHM-P", year, education=education)
    assert finding.message == message
    assert reasons(finding) == ({"w1": reason} if reason else {})


def test_a_mentor_is_judged_by_the_specialists_own_work_rule():
    unsupervised = job(days=730, roles=("dyadic_therapy",), supervised=False)
    assert reasons(worked("IMHM-C", unsupervised, key="work.clinical")) == {"w1": "not_supervised"}
    assert worked("IMHM-C", intern(days=365), key="work.clinical").message == "1 year of 2 years counted"


def test_the_ages_of_early_childhood_therapy_begin_at_36_months():
    """The source writes 36 months where the license begins at 37: the figure of the rule stands."""
    infants = job(days=730, roles=("dyadic_therapy",), ages=(INFANT,))
    assert worked("ECMHS", infants).met
    assert reasons(worked("ECFS", job(days=730, ages=(INFANT,)))) == {"w1": "outside_age_range"}


@pytest.mark.parametrize("code", ["ERS-IMH", "ERS-ECMH", "IFRS", "ECFRS"])
def test_giving_rsc_is_not_asked_of_those_who_apply_as_emerging(code):
    finding = worked(code, key="work.rsc_provided", emerging=True)
    assert (finding.required, finding.met, finding.fix) == (False, False, "")
    assert finding.message == "0 days of 1 year counted; not asked while you apply as emerging"
    assert worked(code, key="work.rsc_provided").required is True


def test_emerging_waives_nothing_else():
    assert worked("IMHM-C", key="work.rsc_provided", emerging=True).required is True


def test_days_of_a_union():
    assert work.days_of([]) == 0
    assert work.days_of([(5, 5)]) == 1
    assert work.days_of([(5, 9), (1, 3), (3, 4), (20, 20), (6, 7)]) == 10


# --- Education and documents -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "level", "met"),
    [
        ("IFA", "none", False), ("IFA", "cda", True), ("IFA", "associate", True), ("IFA", "bachelor", True),
        ("IFA", "master", True), ("IFA", "doctorate", True), ("IFA", "other_graduate", True),
        ("IMHS", "bachelor", False), ("IMHS", "master", True), ("IMHS", "doctorate", True),
        ("IMHS", "other_graduate", True), ("IMHM-P", "associate", False), ("IMHM-P", "master", True),
    ],
)  # fmt: skip
def test_levels_of_education(code, level, met):
    key = "education_or_experience.education" if code == "IFA" else "education"
    facts = PortfolioFacts(education=(replace(MASTER, level=level),))
    finding = judged(code, key, facts)
    assert finding.met is met
    assert reasons(finding) == ({} if met else {"e1": "level_not_accepted"})
    assert ("The other graduate degree is comparable to a master's degree." in finding.checks) is (
        level == "other_graduate"
    )


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"awarded_on": None}, "not_current"),
        ({"selected": False}, "not_selected"),
        ({"accepted": False}, "not_accepted_yet"),
    ],
)
def test_study_that_does_not_count(values, reason):
    finding = judged("IMHM-P", "education", PortfolioFacts(education=(replace(MASTER, **values),)))
    assert reasons(finding) == {"e1": reason}
    assert finding.message == "Nothing in your portfolio meets this yet"
    assert finding.fix == "Add your degree or certificate to your portfolio."


def test_a_degree_after_the_day_is_not_there_yet():
    later = replace(MASTER, awarded_on=AS_OF + datetime.timedelta(days=1))
    finding = judged("IMHM-P", "education", PortfolioFacts(education=(later,)))
    assert (finding.met, finding.uncounted) == (False, ())
    on_the_day = replace(MASTER, awarded_on=AS_OF)
    assert judged("IMHM-P", "education", PortfolioFacts(education=(on_the_day,))).met


@pytest.mark.parametrize(
    ("values", "met", "reason"),
    [
        ({}, True, None),
        ({"ends_on": AS_OF}, True, None),
        ({"ends_on": AS_OF - datetime.timedelta(days=1)}, False, "not_current"),
        ({"starts_on": AS_OF}, True, None),
        ({"starts_on": AS_OF + datetime.timedelta(days=1)}, False, None),
        ({"starts_on": None}, True, None),
        ({"license_kind": "other"}, False, "level_not_accepted"),
        ({"selected": False}, False, "not_selected"),
        ({"accepted": False}, False, "not_accepted_yet"),
        ({"name": ""}, True, None),
    ],
)
def test_a_professional_license_is_current_on_the_day(values, met, reason):
    finding = judged("IMHS", "education", PortfolioFacts(licenses=(replace(LICENSE, **values),)))
    assert finding.met is met
    assert reasons(finding) == ({"l1": reason} if reason else {})


def test_a_license_is_not_enough_for_a_mentor():
    assert judged("IMHM-C", "education", PortfolioFacts(licenses=(LICENSE,))).met is False


@pytest.mark.parametrize("code", ["IFS", "ECFS", "IFRS", "ECFRS"])
def test_no_degree_is_required_of_family_specialists(code):
    finding = judged(code, "education", PortfolioFacts(education=(MASTER,)))
    assert (finding.met, finding.message, finding.counted) == (True, "No degree is required", ())


def document(kind: str, key: str, document_type: str = "transcript") -> DocumentFact:
    return DocumentFact(kind, key, document_type, "file.pdf")


@pytest.mark.parametrize(
    ("facts", "transcripts", "evidence"),
    [
        (PortfolioFacts(), True, True),
        (PortfolioFacts(education=(MASTER,)), False, True),
        (PortfolioFacts(licenses=(LICENSE,)), True, False),
        (PortfolioFacts(education=(MASTER,), documents=(document("education", "e1"),)), True, True),
        (PortfolioFacts(education=(MASTER,), documents=(document("training", "e1"),)), False, True),
        (PortfolioFacts(licenses=(LICENSE,), documents=(document("license", "l1", ""),)), True, True),
        (PortfolioFacts(education=(replace(MASTER, level="bachelor"),)), True, True),
    ],
)
def test_documents_are_asked_only_when_what_they_prove_is_used(facts, transcripts, evidence):
    assert judged("IMHS", "transcripts", facts).met is transcripts
    assert judged("IMHS", "licence_evidence", facts).met is evidence


def test_words_of_documents():
    assert judged("IMHS", "transcripts", PortfolioFacts()).message == "Not asked: no study is relied on"
    finding = judged("IMHS", "transcripts", PortfolioFacts(education=(MASTER,)))
    assert (finding.message, finding.where) == ("Not attached to what it proves", "education")
    assert finding.fix == "Attach a transcript or certificate to the study you rely on."


def test_a_resume_is_optional_and_found_anywhere():
    assert judged("IFS", "cv", PortfolioFacts()).met is False
    assert judged("IFS", "cv", PortfolioFacts()).required is False
    assert judged("IFS", "cv", PortfolioFacts(documents=(document("work", "w1", "cv"),))).met is True


# --- Together ---------------------------------------------------------------------------------------------


def simple(*, met: bool, required: bool = True, group: str | None = None, kind: str = "work") -> Finding:
    return Finding(requirement="x", kind=kind, met=met, message="", required=required, group=group)


@pytest.mark.parametrize(
    ("findings", "met"),
    [
        ([], True),
        ([simple(met=True)], True),
        ([simple(met=False)], False),
        ([simple(met=False, required=False)], True),
        ([simple(met=False, required=False, group="g"), simple(met=True, required=False, group="g")], True),
        ([simple(met=False, required=False, group="g"), simple(met=False, required=False, group="g")], False),
        ([simple(met=True, required=False, group="g"), simple(met=False, required=False, group="h")], False),
    ],
)
def test_all_met(findings, met):
    assert all_met(findings) is met


def test_the_portfolio_alone_leaves_documents_and_the_rest_aside():
    assert portfolio_met([simple(met=True), simple(met=False, kind="document"), simple(met=False, kind="membership")])
    assert not portfolio_met([simple(met=False, kind="rsc_hours")])


@pytest.mark.parametrize("code", ["IFA", "ECFA"])
def test_education_or_experience(code):
    key = "education_or_experience"
    taught = training(minutes=1800)
    assert portfolio_met(assess(specs()[code], PortfolioFacts(training=(taught,), education=(MASTER,)), as_of=AS_OF))
    assert portfolio_met(assess(specs()[code], PortfolioFacts(training=(taught,), work=(job(days=730),)), as_of=AS_OF))
    neither = assess(specs()[code], PortfolioFacts(training=(taught,)), as_of=AS_OF)
    assert not portfolio_met(neither)
    assert {finding.group for finding in neither if finding.group} == {key}


def test_an_empty_portfolio_meets_no_category():
    for code in CODES:
        assert not portfolio_met(assess(specs()[code], PortfolioFacts(), as_of=AS_OF))


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (datetime.date(2026, 3, 31), 1, datetime.date(2026, 2, 28)),
        (datetime.date(2024, 3, 31), 1, datetime.date(2024, 2, 29)),
        (datetime.date(2026, 1, 15), 1, datetime.date(2025, 12, 15)),
        (datetime.date(2026, 1, 15), 24, datetime.date(2024, 1, 15)),
    ],
)
def test_months_before(day, months, before):
    assert months_before(day, months) == before


def test_rules_without_tests_take_everything():
    assert RscRule(minutes=0).providers is None
    assert TrainingRule(minutes=0).sub_minimums == ()
