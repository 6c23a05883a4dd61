"""Editions side by side: every difference in words with its unit, and none where there is none."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.edition_diff import Kind, diff
from competencies.overlays import DEI_NAME
from competencies.rule_values import LABELS, WRITERS, label_of, value_in_words
from competencies.standards_files import STANDARDS, Standards, read
from competencies.standards_specs import specs_of

FILES = read()
PLAIN = specs_of(FILES)


def changed(edit):
    """The specifications of the files after `edit(categories, competencies)`."""
    categories, competencies = copy.deepcopy(FILES.categories), copy.deepcopy(FILES.competencies)
    edit({row["code"]: row for row in (*categories["categories"], *categories["add_ons"])}, competencies)
    return specs_of(Standards(categories, competencies, FILES.associations, FILES.renewal, FILES.fees))


def rule(categories, code, key):
    return next(row for row in categories[code]["requirements"] if row["key"] == key)


def values(edit):
    return [
        (category.code, requirement.key, value.label, value.old, value.new, value.judges)
        for category in diff(PLAIN, changed(edit))
        for requirement in category.requirements
        for value in requirement.values
    ]


def setting(code, key, **params):
    def edit(categories, _competencies):
        rule(categories, code, key)["params"].update(params)

    return edit


HOURS_40 = {"value": 40, "unit": "clock_hours"}
PERIODS = (
    "IMHM-C from January 1, 2025 to December 31, 2025; ERS-IMH until December 31, 2024; "
    "IMHM-C, ECMHM-C from January 1, 2026 on"
)


@pytest.mark.parametrize(
    ("edit", "found"),
    [
        (setting("IFS", "rsc", min_received={"value": 30, "unit": "clock_hours"}),
         [("IFS", "rsc", "Hours asked", "24 h", "30 h", True)]),
        (setting("IFS", "rsc", min_received={"value": 1470, "unit": "minutes"}),
         [("IFS", "rsc", "Hours asked", "24 h", "24 h 30 min", True)]),
        (setting("IFS", "rsc", min_received={"value": 1440, "unit": "minutes"}),
         [("IFS", "rsc", "Hours asked", "24 h", "24 h (written otherwise)", False)]),
        (setting("IFS", "rsc", max_group_size=8), [("IFS", "rsc", "Largest group", "not asked", "8", True)]),
        (setting("IFS", "rsc", window={"max": {"value": 24, "unit": "months"}}),
         [("IFS", "rsc", "Sessions that count", "not asked", "the last 24 months", True)]),
        (setting("IFS", "rsc", formats=["individual"]),
         [("IFS", "rsc", "Formats", "Individual, Group", "Individual", True)]),
        (setting("IFA", "training", expiry={"value": 3, "unit": "years"}),
         [("IFA", "training", "Training counts for", "not asked", "3 years", True)]),
        (setting("IFA", "training", sub_minimums=[
            {"key": "dei", "topic": "dei", "topic_name": DEI_NAME, "min": HOURS_40}]),
         [("IFA", "training", "Within it", "not asked", "40 h on diversity, equity and inclusion in the field", True)]),
        (setting("IFS", "rsc", qualifying_providers=[
            {"from": "2025-01-01", "to": "2025-12-31", "codes": ["IMHM-C"]}, {"from": None, "to": "2024-12-31",
             "codes": ["ERS-IMH"]}, {"from": "2026-01-01", "to": None, "codes": ["IMHM-C", "ECMHM-C"]}]),
         [("IFS", "rsc", "Qualifying providers", "IMHM-C, ERS-IMH, ECMHM-C, ERS-ECMH",
           PERIODS, True)]),
        (setting("IFA", "references", min_from_endorsed=2),
         [("IFA", "references", "From endorsed people, at least", "1", "2", True)]),
        (setting("IFS", "rsc", peer_supervision_counts=True),
         [("IFS", "rsc", "Peer meetings count", "no", "yes", True)]),
    ],
)  # fmt: skip
def test_a_changed_value_reads_old_and_new_with_its_unit(edit, found):
    assert values(edit) == found


def test_a_changed_work_rule_reaches_the_category_that_runs_it():
    found = values(setting("IMHS", "work", months_min=12))
    assert found == [
        ("IMHS", "work", "Length", "24 months", "12 months", True),
        ("IMHM-C", "work.clinical", "Length", "24 months", "12 months", True),
    ]


def test_rules_added_removed_and_of_another_kind():
    def edit(categories, _competencies):
        rules = categories["IFA"]["requirements"]
        rules.remove(rule(categories, "IFA", "cv"))
        rules.append({**copy.deepcopy(rule(categories, "IFS", "rsc")), "key": "rsc.more"})
        rule(categories, "IFA", "agreement").update(kind="document", params={"document_type": "certificate"})

    (category,) = diff(PLAIN, changed(edit))
    by_key = {row.key: row for row in category.requirements}
    assert {key: row.kind for key, row in by_key.items()} == {
        "rsc.more": Kind.ADDED, "cv": Kind.REMOVED, "agreement": Kind.CHANGED,
    }  # fmt: skip
    assert by_key["cv"].words == "Curriculum vitae or resume."
    assert by_key["rsc.more"].words.startswith("At least 24 h of reflective supervision/consultation received")
    assert [value.label for value in by_key["agreement"].values] == ["Kind", "Document"]
    assert all(row.judges for row in (category, *by_key.values()))


def test_a_source_or_a_remark_judges_nobody():
    def edit(categories, _competencies):
        rule(categories, "IFA", "cv").update(note="Asked everywhere.", as_of="2026", required=False)

    (category,) = diff(PLAIN, changed(edit))
    assert [(value.label, value.judges) for value in category.requirements[0].values] == [
        ("Remark", False), ("As of", False),
    ]  # fmt: skip
    assert (category.judges, category.requirements[0].judges) == (False, False)


def test_the_matrix_and_the_name_belong_to_the_category():
    def edit(categories, competencies):
        categories["IFA"]["name"] = "Infant Family Worker"
        cells = competencies["matrix"][0]["competencies"]
        cells["TF.pregnancy"] = ["training"]
        del cells["TF.development"]

    (category,) = diff(PLAIN, changed(edit))
    assert [(value.label, value.old, value.new, value.judges) for value in category.values] == [
        ("Name", "Infant Family Associate", "Infant Family Worker", False),
        ("Competency: Pregnancy and early parenthood", "education, training, work", "training", True),
        ("Competency: Infant and young child development and behavior", "education, training, work", "not asked", True),
    ]
    assert category.judges is True


def test_categories_that_come_and_go():
    fewer = {code: spec for code, spec in PLAIN.items() if code != "IFA"}
    assert [(row.code, row.kind, row.judges) for row in diff(PLAIN, fewer)] == [("IFA", Kind.REMOVED, True)]
    assert [(row.code, row.kind) for row in diff(fewer, PLAIN)] == [("IFA", Kind.ADDED)]
    assert diff(PLAIN, PLAIN) == ()


def _params(schema):
    """Every parameter of every kind in the schema, nested ones of the rating form and of the exam too."""
    for branch in schema["$defs"]["requirement"]["allOf"]:
        params = branch["then"]["properties"]["params"]
        for option in params.get("oneOf", [params]):
            yield from option["properties"]


def test_every_field_and_parameter_has_its_name():
    schema = json.loads((STANDARDS / "schemas" / "categories.json").read_text())
    fields = set(schema["$defs"]["requirement"]["properties"]) - {"key", "kind", "params"}
    assert sorted((fields | set(_params(schema))) - set(LABELS)) == []
    assert sorted(set(WRITERS) - set(LABELS) - {"valid_for", "rater_known_applicant_min", "time"}) == []
    assert label_of("primary_evidence_for") == "Primary evidence for"


def test_every_value_of_the_files_can_be_said():
    for spec in PLAIN.values():
        for requirement in spec.requirements:
            for key, value in requirement.params.items():
                words = value_in_words(key, value)
                assert words
                assert "{" not in words, (key, words)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("months_min", 1, "1 month"), ("time", {"value": 90, "unit": "minutes"}, "90 min"),
        ("internship", {"max_months": 12, "min_hours_per_week": 35, "roles_any": []},
         "up to 12 months, from 35 hours a week"),
        ("any_of", ["IFS", "IMHS"], "IFS, IMHS"),
        ("any_of", [{"degree_min": "master"}, {"license": "mental_health"}],
         "Least degree: Master's degree or Professional license: Mental health"),
        ("slots", [{"slot": 2, "who": ["teacher", "trainer"], "endorsed_only": True, "vetted_ok": True},
                   {"slot": 3, "who": ["parent"], "endorsed_only": True, "vetted_ok": False}],
         "2. teacher or trainer (endorsed or vetted); 3. parent (endorsed)"),
        ("legacy_window", {"min": {"value": 12, "unit": "months"}, "max": {"value": 2, "unit": "years"}},
         "the last 2 years, at least 12 months"),
        ("delivery", "online", "online"), ("delivery", ["distance"], "Online or by phone"),
        ("ages_overlap", {"min_months": 0, "max_months": 36}, "0 to 36 months"),
        ("form", {"overall_recommendation": True, "valid_for": {"value": 1, "unit": "years"}},
         "Overall recommendation: yes; Valid for: 1 year"),
        ("reviewer_checks", ["One.", "Two."], "One. Two."), ("paid", None, "not asked"), ("supervised", False, "no"),
    ],
)  # fmt: skip
def test_values_in_words(key, value, words):
    assert value_in_words(key, value) == words


@given(st.integers(0, 100), st.integers(0, 100), st.sampled_from(["IFS", "IMHS", "ECFS"]))
def test_there_and_back_swaps_old_and_new(one, other, code):
    first = changed(setting(code, "rsc", min_received={"value": one, "unit": "clock_hours"}))
    second = changed(setting(code, "rsc", min_received={"value": other, "unit": "clock_hours"}))
    there = [(value.old, value.new) for row in diff(first, second) for req in row.requirements for value in req.values]
    back = [(value.new, value.old) for row in diff(second, first) for req in row.requirements for value in req.values]
    assert there == back
    assert bool(there) is (one != other)
