"""Which competencies a portfolio shows, and the rule in words."""

import datetime
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competencies.coverage import Shown, Tally, bands_fitting, coverage, tallied, total, total_of
from competencies.facts import EducationFact, PortfolioFacts
from competencies.overlays import overlaid
from competencies.rule_texts import REVIEWER_CHECKS, RULE_LABELS, TOPICS, translated
from competencies.rule_words import in_words
from competencies.specs import CompetencySpec
from tests.competencies.standard import AS_OF, CODES, EARLY, job, mentor, session, specs, training
from tests.competencies.test_properties import PORTFOLIOS

ITEMS = (
    CompetencySpec("TF.pregnancy", "Pregnancy", "TF", "Theory", ways=("education", "training", "work", "rsc")),
    CompetencySpec("WWO.conflict", "Conflict", "WWO", "Others", ways=("reference_rating", "work")),
    CompetencySpec("LRP.law", "Law", "LRP", "Law", ways=("training",)),
)
CATEGORY = replace(specs()["IFS"], competencies=ITEMS)
TAG = {"competencies": ("TF.pregnancy", "WWO.conflict", "TF.unknown")}


def covered(**facts):
    return {row.competency.code: row for row in coverage(CATEGORY, PortfolioFacts(**facts), as_of=AS_OF)}


def test_each_way_that_may_count():
    rows = covered(
        education=(EducationFact("e1", "master", "Social work", awarded_on=AS_OF, **TAG),),
        work=(job("w1", starts_on=AS_OF, **TAG),),
        training=(training("t1", on=AS_OF, title="Course", **TAG),),
        supervision=(session("s1", on=AS_OF, **TAG),),
        providers=(mentor(),),
    )
    assert rows["TF.pregnancy"].shown == (
        Shown("education", "e1", "Social work"),
        Shown("rsc", "s1", "Ines Larkmoor"),
        Shown("training", "t1", "Course"),
        Shown("work", "w1", "Home visitor"),
    )
    assert rows["TF.pregnancy"].by("work") == (Shown("work", "w1", "Home visitor"),)
    assert rows["WWO.conflict"].shown == (Shown("work", "w1", "Home visitor"),)
    assert rows["WWO.conflict"].rated is False
    assert (rows["LRP.law"].covered, rows["LRP.law"].name) == (False, "Law")


def test_ratings_are_the_main_evidence_of_some():
    rows = covered()
    assert (rows["WWO.conflict"].rated, rows["WWO.conflict"].covered) == (True, True)
    assert (rows["TF.pregnancy"].rated, rows["TF.pregnancy"].covered) == (False, False)
    sums = total(rows.values())
    assert (sums.shown, sums.asked, sums.missing, sums.by_ratings, sums.complete) == (0, 2, 2, 1, False)


@given(code=st.sampled_from(CODES), facts=PORTFOLIOS, seed=st.integers(0, 999))
@settings(deadline=None)
def test_the_short_count_is_the_long_one(code, facts, seed):
    pick = random.Random(seed)

    def tagged(entries):
        return tuple(
            replace(entry, competencies=tuple(pick.sample(("TF.pregnancy", "WWO.conflict", "LRP.law", "X"), 2)))
            for entry in entries
        )

    category = replace(specs()[code], competencies=ITEMS)
    named = replace(
        facts,
        education=tagged(facts.education),
        work=tagged(facts.work),
        training=tagged(facts.training),
        supervision=tagged(facts.supervision),
    )
    assert total_of(category, named, as_of=AS_OF) == total(coverage(category, named, as_of=AS_OF))


def test_tallies_keep_the_ways_of_the_category():
    found = tallied(
        CATEGORY,
        [
            Tally("training", "TF.pregnancy", 3),
            Tally("training", "WWO.conflict", 3),
            Tally("training", "TF.pregnancy", 1, "training_series"),
            Tally("work", "WWO.conflict", 2),
            Tally("work", "LRP.law", 2),
        ],
        {"reference_rating": 1, "exam": 2},
    )
    assert {row.competency.code: row.counts for row in found} == {
        "TF.pregnancy": {"training": 4},
        "WWO.conflict": {"reference_rating": 1, "work": 2},
        "LRP.law": {},
    }
    assert [(row.entries, row.weight, row.strength.value, row.by_ratings) for row in found] == [
        (4, 17, "enough", False), (2, 4, "thin", False), (0, 0, "none", False),
    ]  # fmt: skip
    (rated,) = [row for row in tallied(CATEGORY, ()) if row.by_ratings]
    assert (rated.competency.code, dict(rated.counts)) == ("WWO.conflict", {})


def test_ages_that_fit_a_category():
    assert bands_fitting(specs()["IFS"]) == ("0-36",)
    assert bands_fitting(specs()["ECFS"]) == ("37-71",)


LATER = AS_OF + datetime.timedelta(days=1)


@pytest.mark.parametrize("change", [{"selected": False}, {"accepted": False}, {"ages": (EARLY,)}, {"on": LATER}])
def test_what_shows_nothing(change):
    rows = covered(training=(training(**TAG, **change),), supervision=(session(provider=None, **TAG, **change),))
    assert rows["TF.pregnancy"].shown == ()


@pytest.mark.parametrize("change", [{"selected": False}, {"accepted": False}, {"starts_on": LATER}])
def test_what_shows_nothing_of_work_and_study(change):
    study = {"awarded_on": change["starts_on"]} if "starts_on" in change else change
    rows = covered(
        work=(job(**{"starts_on": AS_OF, **TAG, **change}),),
        education=(
            EducationFact("e1", "master", **{"awarded_on": AS_OF, **TAG, **study}),
            EducationFact("e2", "cda", **TAG),
        ),
    )
    assert rows["TF.pregnancy"].shown == ()


# --- The rule in words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_every_rule_has_words(code):
    for requirement in specs()[code].requirements:
        words = in_words(requirement)
        assert words.endswith(".")
        assert "None" not in words


@pytest.mark.parametrize(
    ("code", "key", "words"),
    [
        ("IFS", "education", "No degree is required."),
        (
            "IMHS",
            "education",
            (
                "One of these: Master's degree, Doctorate, Other graduate degree. Or a mental health professional "
                "license that is current on the day of the report."
            ),
        ),
        (
            "IFS",
            "work",
            (
                "At least 2 years of this work: Direct service to young children and their families. Every calendar "
                "day counts once, and a year is 365 days. The work is paid. It is about children of 0 to 36 months. "
                "At least 10 families were served."
            ),
        ),
        (
            "IMHS",
            "work",
            (
                "At least 2 years of this work: Therapy with child and caregiver together. Every calendar day counts "
                "once, and a year is 365 days. The work is paid. The work is supervised. It is about children of 0 to "
                "36 months. Up to 1 year of a supervised internship counts, from 35 hours a week."
            ),
        ),
        (
            "IMHM-C",
            "work.rsc_provided",
            (
                "At least 3 years of this work: Giving reflective supervision/consultation. Every calendar day counts "
                "once, and a year is 365 days. Only days after the graduate degree count."
            ),
        ),
        (
            "IMHM-P",
            "training",
            (
                "At least 33 h of training that fits the ages of the license. Within it, at least 30 h on infant "
                "mental health. Within it, at least 3 h on diversity, equity and inclusion in the field. About 75 h "
                "is usual."
            ),
        ),
        (
            "IMHM-C",
            "rsc",
            (
                "At least 50 h of reflective supervision/consultation received, individual or group. Within it, at "
                "least 25 h about the RSC you give. On the day of the session the provider holds one of these: "
                "ECMHM-C, IMHM-C. Peer meetings without a named provider do not count. Minutes count once the "
                "provider has confirmed them."
            ),
        ),
        ("IFA", "rsc", "Reflective supervision/consultation is recommended, and no minimum applies."),
        (
            "IFS",
            "transcripts",
            (
                "Transcripts or certificates for study that is relied on. Asked only for study that counts toward the "
                "education rule."
            ),
        ),
        ("IFS", "references", "3 reference ratings, each from another person. At least 1 is from an endorsed person."),
        ("ERS-IMH", "references", "2 reference ratings, each from another person."),
        ("IFS", "exam", "There is no written exam for this category."),
        ("IMHM-C", "exam", "A written exam in 2 parts, after the review has approved you to sit it."),
        ("ERS-IMH", "base_endorsement", "You hold one of these on the day: IFS, IMHS."),
        ("IFS", "ethics", "Code of Ethics signed in the application."),
    ],
)
def test_the_rule_in_words(code, key, words):
    assert in_words(specs()[code].requirement(key)) == words


def test_words_of_settings():
    span = {"value": 24, "unit": "months"}
    laid = overlaid(
        specs()["IFS"],
        {
            "requirements": {
                "IFS": {
                    "rsc": {
                        "params": {
                            "max_group_size": 8,
                            "window": {"max": span},
                            "peer_supervision_counts": True,
                            "qualifying_providers": None,
                        }
                    },
                    "training": {"params": {"expiry": span}},
                }
            }
        },
    )
    assert in_words(laid.requirement("rsc")) == (
        "At least 24 h of reflective supervision/consultation received, individual or group. Groups have at "
        "most 8 members. Sessions of the last 24 months count. Minutes count once the provider has confirmed "
        "them."
    )
    assert "Training of the last 24 months counts." in in_words(laid.requirement("training"))
    volunteer = in_words(specs()["IFA"].requirement("education_or_experience.work"))
    assert "The work is paid, or it is supervised volunteering after special training." in volunteer
    assert "Not asked while you apply as emerging." in in_words(specs()["ERS-IMH"].requirement("work.rsc_provided"))


def test_every_text_of_the_rules_is_listed_for_translation():
    rules = [(rule.key, rule) for spec in specs().values() for rule in spec.requirements]
    assert {(key, rule.label) for key, rule in rules} == {
        (key, label) for key, labels in RULE_LABELS.items() for label in labels
    }
    topics = {part["topic_name"] for _, rule in rules for part in rule.params.get("sub_minimums") or ()}
    assert topics == set(TOPICS)
    assert {check for _, rule in rules for check in rule.params.get("reviewer_checks") or ()} == set(REVIEWER_CHECKS)
    assert (translated(""), translated("An association's own text")) == ("", "An association's own text")
