"""The table of weights against the standard it was made from."""

import json

import pytest

from competencies.enums import CourseForm
from competencies.evidence_weights import ENOUGH, FORMS, WEIGHTS, Strength, points, strength
from competencies.standards_files import STANDARDS
from members.enums import Evidence


def published() -> dict:
    return json.loads((STANDARDS / "competencies.json").read_text())


def test_every_way_of_the_standard_has_a_weight():
    assert set(WEIGHTS) == {way["code"] for way in published()["demonstration_ways"]}


def test_the_order_is_the_published_one_and_what_it_does_not_name_waits():
    order = published()["weighting"]["order"]
    ranked = [name for name in WEIGHTS if name in order]
    assert ranked == ["education", "reference_rating", "work"]
    assert [WEIGHTS[name].points for name in ranked] == sorted((WEIGHTS[name].points for name in ranked), reverse=True)
    assert order.index("training_series") < order.index("conference") < order.index("reference_rating")
    assert WEIGHTS["education"].points > WEIGHTS["training"].points > WEIGHTS["reference_rating"].points
    assert {name for name, weight in WEIGHTS.items() if weight.evidence == Evidence.UNCONFIRMED} == {"rsc", "exam"}


def test_the_forms_of_trainings_stand_in_the_published_order():
    forms = [CourseForm.SERIES, CourseForm.SHORT, CourseForm.CONFERENCE]
    assert set(FORMS) == set(CourseForm.values)
    assert [points("training", form) for form in forms] == [5, 4, 3]
    order = published()["weighting"]["order"]
    assert [order.index(name) for name in ("training_series", "training_short", "conference")] == [1, 2, 3]
    assert WEIGHTS["education"].points > points("training", CourseForm.SERIES)
    assert points("training", CourseForm.CONFERENCE) > WEIGHTS["reference_rating"].points


@pytest.mark.parametrize(
    ("way", "form", "weight"),
    [("training", "", 4), ("training", "training_series", 5), ("education", "", 6), ("work", "", 1), ("rsc", "", 2)],
)
def test_what_one_entry_weighs(way, form, weight):
    assert points(way, form) == weight


@pytest.mark.parametrize(
    ("weight", "word"), [(0, Strength.NONE), (1, Strength.THIN), (5, Strength.THIN), (6, Strength.ENOUGH)]
)
def test_strength(weight, word):
    assert strength(weight) == word


def test_enough_is_one_course():
    assert WEIGHTS["education"].points == ENOUGH
