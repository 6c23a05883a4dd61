"""Reading the rules, and an association's settings laid over them."""

import datetime

import pytest

from competencies.assessment import assess
from competencies.enums import EducationLevel
from competencies.facts import PortfolioFacts
from competencies.overlays import overlaid
from competencies.specs import (
    AgeRange,
    AssessmentSettings,
    EducationRule,
    age_range,
    days_of_months,
    minutes_of,
    months_of,
    requirement_from,
    settings_from,
)
from tests.competencies.standard import AS_OF, mentor, of, session, specs, training


@pytest.mark.parametrize(
    ("quantity", "minutes"),
    [
        (None, 0),
        ({"value": 24, "unit": "clock_hours"}, 1440),
        ({"value": 1.5, "unit": "clock_hours"}, 90),
        ({"value": 45, "unit": "minutes"}, 45),
    ],
)
def test_minutes(quantity, minutes):
    assert minutes_of(quantity) == minutes


def test_minutes_are_whole():
    with pytest.raises(ValueError, match="not a whole number of minutes"):
        minutes_of({"value": 0.333, "unit": "clock_hours"})


def test_months_and_days():
    assert months_of(None) is None
    assert months_of({"value": 2, "unit": "years"}) == 24
    assert [days_of_months(months) for months in (0, 1, 12, 18, 24, 36)] == [0, 31, 365, 548, 730, 1095]


@pytest.mark.parametrize(("first", "second", "overlap"), [((0, 36), (36, 71), True), ((0, 36), (37, 71), False)])
def test_ages_overlap(first, second, overlap):
    assert AgeRange(*first).overlaps(AgeRange(*second)) is overlap
    assert AgeRange(*second).overlaps(AgeRange(*first)) is overlap
    assert age_range("37-71") == AgeRange(37, 71)


def education(**params) -> EducationRule:
    rule = requirement_from(
        {"key": "education", "kind": "education", "label": "Study", "required": True, "params": params}
    ).rule
    assert isinstance(rule, EducationRule)
    return rule


def test_degrees():
    graduate = {EducationLevel.MASTER, EducationLevel.DOCTORATE, EducationLevel.OTHER_GRADUATE}
    assert education(degree_min="master").levels == graduate
    assert education(degree_min="bachelor").levels == graduate | {EducationLevel.BACHELOR}
    assert education(degree_min="doctorate").levels == {EducationLevel.DOCTORATE}
    assert education(accepted=["cda", "associate"]).levels == {EducationLevel.CDA, EducationLevel.ASSOCIATE}
    assert education(accepted=["master"]).levels == graduate
    either = education(any_of=[{"degree_min": "master"}, {"license": "mental_health"}])
    assert (either.levels, either.license_kind) == (graduate, "mental_health")
    assert education(accepted=[]).asks_nothing


def test_kinds_of_the_upper_floor_keep_their_parameters():
    references = specs()["IFA"].requirement("references")
    assert references.rule is None
    assert references.params["count"] == 3
    assert specs()["IMHM-C"].requirement("exam").stage == "award"
    assert {rule.stage for spec in specs().values() for rule in spec.requirements if rule.kind != "exam"} == {
        "submission"
    }


@pytest.mark.parametrize("code", ["ERS-IMH", "ERS-ECMH"])
def test_an_add_on_asks_for_its_base(code):
    base = specs()[code].requirement("base_endorsement")
    bases = ["IFS", "IMHS"] if code == "ERS-IMH" else ["ECFS", "ECMHS"]
    assert (base.kind, base.required, base.params) == ("endorsement", True, {"any_of": bases})


# --- Settings of an association ---------------------------------------------------------------------------


def test_settings():
    assert settings_from(None) == AssessmentSettings()
    assert settings_from({"vetted_until": "2027-12-31", "rsc_confirmation_required": False}, emerging=True) == (
        AssessmentSettings(datetime.date(2027, 12, 31), confirmation_required=False, emerging=True)
    )


def test_an_overlay_changes_figures_and_nothing_else():
    data = {
        "requirements": {
            "IFS": {
                "training": {
                    "params": {
                        "min": {"value": 40, "unit": "clock_hours"},
                        "sub_minimums": [{"key": "dei", "topic": "dei", "min": {"value": 3, "unit": "clock_hours"}}],
                    },
                    "label": "Forty hours",
                },
                "education": {"params": {"accepted": ["bachelor"]}, "required": True},
                "cv": {"required": True, "stage": "decision"},
            }
        }
    }
    plain = specs()["IFS"]
    laid = overlaid(plain, data, name="US-MO/2")
    assert laid.overlay == "US-MO/2"
    assert (laid.requirement("training").label, laid.requirement("training").rule.minutes) == ("Forty hours", 2400)
    assert laid.requirement("training").rule.sub_minimums[0].topic_name == "dei"
    assert laid.requirement("education").required is True
    assert (laid.requirement("cv").required, laid.requirement("cv").stage) == (True, "decision")
    assert laid.requirement("work") == plain.requirement("work")
    assert plain.requirement("training").rule.minutes == 1800
    assert overlaid(specs()["ECFS"], data, name="US-MO/2").requirements == specs()["ECFS"].requirements
    finding = of(assess(laid, PortfolioFacts(training=(training(minutes=2400),)), as_of=AS_OF), "training")
    assert (finding.met, [part.key for part in finding.parts]) == (False, ["dei"])


def test_a_limit_of_the_group_for_all_categories_and_for_one():
    data = {"max_group_size": 8, "requirements": {"IFS": {"rsc": {"params": {"max_group_size": 6}}}}}
    facts = PortfolioFacts(supervision=(session(group_size=7, format="group"),), providers=(mentor(),))
    for code, have in (("IFS", 0), ("IMHS", 60)):
        assert of(assess(overlaid(specs()[code], data), facts, as_of=AS_OF), "rsc").have_minutes == have


def test_an_overlay_of_the_specialists_work_reaches_the_mentor():
    data = {"requirements": {"IMHS": {"work": {"params": {"months_min": 12}}}}}
    assert overlaid(specs()["IMHM-C"], data).requirement("work.clinical").rule.days_min == 365
    assert overlaid(specs()["IMHS"], data).requirement("work").rule.days_min == 365
