"""Pure: how much each kind of evidence weighs when a competency is looked at. Advice to applicants, never a rule.

The order is the one that the self-assessment guide of Alaska's association gives (`weighting` in the standard's
competencies.json): college courses, series, short trainings, conferences, references, work. The points and the limit
are ours, made from that order, and wait for the association's word; so does the place of what the guide does not name
(RSC, the exam).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from competencies.enums import CourseForm
from members.enums import Evidence


@dataclass(frozen=True, slots=True)
class Weight:
    points: int
    evidence: str
    """How well its place in the order is known."""


WEIGHTS: Mapping[str, Weight] = {
    "education": Weight(6, Evidence.CONFIRMED),
    "training": Weight(4, Evidence.CONFIRMED),  # a short one; FORMS has the others, where the course is known
    "exam": Weight(4, Evidence.UNCONFIRMED),
    "reference_rating": Weight(2, Evidence.CONFIRMED),
    "rsc": Weight(2, Evidence.UNCONFIRMED),
    "work": Weight(1, Evidence.CONFIRMED),
}
"""Way of showing a competency -> what one entry of it weighs. The order of the columns on the page."""
FORMS: Mapping[str, Weight] = {
    CourseForm.SERIES: Weight(5, Evidence.CONFIRMED),
    CourseForm.SHORT: WEIGHTS["training"],
    CourseForm.CONFERENCE: Weight(3, Evidence.CONFIRMED),
}
"""Form of a course of the library -> what a training made from it weighs."""
ENOUGH = 6
"""From here on a competency is well shown: as much as one college course, or two trainings."""


class Strength(StrEnum):
    NONE = "none"
    THIN = "thin"
    ENOUGH = "enough"


def points(way: str, form: str = "") -> int:
    """What one entry weighs. `form`: that of the course it was made from, where there is one."""
    return (FORMS[form] if form in FORMS else WEIGHTS[way]).points


def strength(weight: int) -> Strength:
    if weight <= 0:
        return Strength.NONE
    return Strength.ENOUGH if weight >= ENOUGH else Strength.THIN
