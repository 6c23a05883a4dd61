"""Pure: the category finder. Six plain answers, one table of conditions, one result for each license.

A role fits when all its conditions hold. The best fit is the most specific one that does; Family Associate is open to
everyone who does not yet meet another, so there is always a best fit. What would change the result is found by trying
other answers in the same table, nearest first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import product

from competencies.enums import LicenseCode


class Ages(StrEnum):
    INFANT = "infant"
    EARLY_CHILDHOOD = "early_childhood"
    BOTH = "both"


class Work(StrEnum):
    EVERYDAY = "everyday"
    PREVENTION = "prevention"
    THERAPY = "therapy"
    PRACTICE_LEADERSHIP = "practice_leadership"
    POLICY = "policy"
    TEACHING_RESEARCH = "teaching_research"


class Years(StrEnum):
    UNDER_TWO = "under_two"
    TWO = "two"
    THREE_OR_MORE = "three_or_more"


class Degree(StrEnum):
    NONE = "none"
    UNDERGRADUATE = "undergraduate"
    GRADUATE = "graduate"


class License(StrEnum):
    """A state's professional license in mental health, held or in reach."""

    YES = "yes"
    NO = "no"


class Supervision(StrEnum):
    NONE = "none"
    RECEIVED = "received"
    GIVEN = "given"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Answers:
    """One answer to each question, in the order of the questions."""

    ages: Ages
    work: Work
    years: Years
    degree: Degree
    license: License
    supervision: Supervision


QUESTIONS: dict[str, type[StrEnum]] = {
    "ages": Ages,
    "work": Work,
    "years": Years,
    "degree": Degree,
    "license": License,
    "supervision": Supervision,
}
SESSION_KEY = "finder"
"""Where a browser's answers are kept: through signing up and signing in too."""


def given(kept: Mapping[str, str]) -> dict[str, str]:
    """The answers so far; what is no longer a choice is forgotten."""
    return {key: kept[key] for key, choices in QUESTIONS.items() if kept.get(key) in list(choices)}


def is_answered(kept: Mapping[str, str]) -> bool:
    """Whether there is a result to show."""
    return len(given(kept)) == len(QUESTIONS)


class Role(StrEnum):
    """The roles of either license, most specific first: the value stands in category codes."""

    MENTOR_CLINICAL = "MHM-C"
    MENTOR_POLICY = "MHM-P"
    MENTOR_RESEARCH = "MHM-R/F"
    MENTAL_HEALTH_SPECIALIST = "MHS"
    FAMILY_SPECIALIST = "FS"
    FAMILY_ASSOCIATE = "FA"


UPWARD_ANSWERS_MAX = 2
Answer = tuple[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing a role asks for. Any of the alternatives meets it; an alternative is one or more answers together."""

    key: str
    alternatives: tuple[tuple[Answer, ...], ...]

    def met_by(self, answers: Answers) -> tuple[str, ...]:
        """The questions whose answers meet this condition; none: it does not hold."""
        met = [
            question
            for together in self.alternatives
            if all(getattr(answers, question) in accepted for question, accepted in together)
            for question, _ in together
        ]
        return tuple(dict.fromkeys(met))

    @property
    def asks(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(question for together in self.alternatives for question, _ in together))


def _answer(question: str, *accepted: str) -> Answer:
    return question, frozenset(accepted)


def _needs(key: str, *together: Answer) -> Condition:
    return Condition(key, (together,))


_TWO_YEARS = _needs("two_years", _answer("years", Years.TWO, Years.THREE_OR_MORE))
_THREE_YEARS = _needs("three_years", _answer("years", Years.THREE_OR_MORE))
_GRADUATE = _needs("graduate", _answer("degree", Degree.GRADUATE))
_GRADUATE_OR_LICENSE = Condition(
    "graduate_or_license", ((_answer("degree", Degree.GRADUATE),), (_answer("license", License.YES),))
)
_STUDY_OR_WORK = Condition(
    "study_or_work",
    (
        (_answer("degree", Degree.UNDERGRADUATE, Degree.GRADUATE),),
        (
            _answer("years", Years.TWO, Years.THREE_OR_MORE),
            _answer("work", Work.EVERYDAY, Work.PREVENTION, Work.THERAPY, Work.PRACTICE_LEADERSHIP),
        ),
    ),
)
_RECEIVES = _needs("receives", _answer("supervision", Supervision.RECEIVED, Supervision.BOTH))
_GIVES = _needs("gives", _answer("supervision", Supervision.GIVEN, Supervision.BOTH))
_LEADS_PRACTICE = _needs("leads_practice", _answer("work", Work.PRACTICE_LEADERSHIP))
_LEADS_POLICY = _needs("leads_policy", _answer("work", Work.POLICY))
_LEADS_TEACHING = _needs("leads_teaching", _answer("work", Work.TEACHING_RESEARCH))
_THERAPY = _needs("therapy", _answer("work", Work.THERAPY))
_WITH_FAMILIES = _needs("with_families", _answer("work", Work.PREVENTION, Work.THERAPY, Work.PRACTICE_LEADERSHIP))

TABLE: dict[Role, tuple[Condition, ...]] = {
    Role.MENTOR_CLINICAL: (_LEADS_PRACTICE, _THREE_YEARS, _GRADUATE, _GIVES),
    Role.MENTOR_POLICY: (_LEADS_POLICY, _THREE_YEARS, _GRADUATE),
    Role.MENTOR_RESEARCH: (_LEADS_TEACHING, _THREE_YEARS, _GRADUATE),
    Role.MENTAL_HEALTH_SPECIALIST: (_THERAPY, _TWO_YEARS, _GRADUATE_OR_LICENSE, _RECEIVES),
    Role.FAMILY_SPECIALIST: (_WITH_FAMILIES, _TWO_YEARS, _RECEIVES),
    Role.FAMILY_ASSOCIATE: (_STUDY_OR_WORK,),
}


def category_code(license_code: LicenseCode, role: Role) -> str:
    """The category of a role under a license: FS under IMH-E is IFS, MHS is IMHS."""
    prefix = "I" if license_code == LicenseCode.IMH else "EC"
    return f"{prefix}{role.value}"


@dataclass(frozen=True, slots=True)
class Fit:
    """How a role fits: the questions whose answers speak for it, and the conditions that are still open."""

    role: Role
    reasons: tuple[str, ...]
    missing: tuple[Condition, ...]

    @property
    def complete(self) -> bool:
        return not self.missing


@dataclass(frozen=True, slots=True)
class Change:
    """Other answers (question, answer) that would make another role the best fit."""

    answers: tuple[tuple[str, str], ...]
    role: Role
    complete: bool


@dataclass(frozen=True, slots=True)
class LicenseResult:
    license: LicenseCode
    best: Fit
    runner_up: Fit
    changes: tuple[Change, ...]
    """The nearest answers that lead higher, where one or two do, and the nearest that lead anywhere else."""
    add_on: bool
    """Whether the reflective supervisor add-on may go on top of the best fit."""

    @property
    def deciding(self) -> tuple[str, ...]:
        """The questions whose answers carried this result, in the order of the page."""
        named = {*self.best.reasons, *(question for condition in self.best.missing for question in condition.asks)}
        return tuple(question for question in QUESTIONS if question in named)


@dataclass(frozen=True, slots=True)
class FinderResult:
    answers: Answers
    licenses: tuple[LicenseResult, ...]


def fit(role: Role, answers: Answers) -> Fit:
    met = [(condition, condition.met_by(answers)) for condition in TABLE[role]]
    reasons = dict.fromkeys(question for _, questions in met for question in questions)
    return Fit(
        role=role,
        reasons=tuple(question for question in QUESTIONS if question in reasons),
        missing=tuple(condition for condition, questions in met if not questions),
    )


def best_fit(answers: Answers) -> Fit:
    """The most specific role that holds in full; else Family Associate with what it still needs."""
    fits = [fit(role, answers) for role in Role]
    return next((one for one in fits if one.complete), fits[-1])


def runner_up(answers: Answers, best: Fit) -> Fit:
    """The most specific other role that holds; else the one with the fewest open conditions, the nearest in scope."""
    others = [fit(role, answers) for role in Role if role is not best.role]
    complete = [one for one in others if one.complete]
    return complete[0] if complete else min(reversed(others), key=lambda one: len(one.missing))


@cache
def _outcomes() -> tuple[tuple[dict[str, StrEnum], Role, bool], ...]:
    """The best fit of every combination of answers. Ages decide the license, not the role."""
    questions = [question for question in QUESTIONS if question != "ages"]
    outcomes = []
    for values in product(*(QUESTIONS[question] for question in questions)):
        given = dict(zip(questions, values, strict=True))
        best = best_fit(Answers(ages=Ages.BOTH, **given))  # type: ignore[arg-type]
        outcomes.append((given, best.role, best.complete))
    return tuple(outcomes)


def _steps(answers: Answers, change: Change) -> int:
    """How far the other answers are from those given, counted along the list of choices."""
    total = 0
    for question, value in change.answers:
        choices = [str(choice) for choice in QUESTIONS[question]]
        total += abs(choices.index(value) - choices.index(getattr(answers, question)))
    return total


def changes(answers: Answers) -> tuple[Change, ...]:
    """What would change the result, found by trying other answers: fewest first, another kind of work last."""
    best = best_fit(answers)
    order = list(Role)
    found = []
    for given, role, complete in _outcomes():
        if (role, complete) != (best.role, best.complete):
            differing = tuple((name, value) for name, value in given.items() if getattr(answers, name) != value)
            found.append(Change(answers=differing, role=role, complete=complete))
    found.sort(key=lambda change: (len(change.answers), "work" in dict(change.answers), _steps(answers, change)))
    upward = [
        change
        for change in found
        if len(change.answers) <= UPWARD_ANSWERS_MAX
        and (order.index(change.role) < order.index(best.role) or not best.complete)
    ]
    return tuple(dict.fromkeys([*upward[:1], found[0]]))


def licenses_for(ages: Ages) -> tuple[LicenseCode, ...]:
    return {
        Ages.INFANT: (LicenseCode.IMH,),
        Ages.EARLY_CHILDHOOD: (LicenseCode.ECMH,),
        Ages.BOTH: (LicenseCode.IMH, LicenseCode.ECMH),
    }[ages]


def result(answers: Answers) -> FinderResult:
    """Best fit, runner-up and what would change it, for each license that the ages point to."""
    best = best_fit(answers)
    second = runner_up(answers, best)
    add_on = best.role in (Role.FAMILY_SPECIALIST, Role.MENTAL_HEALTH_SPECIALIST) and bool(_GIVES.met_by(answers))
    return FinderResult(
        answers=answers,
        licenses=tuple(
            LicenseResult(license=code, best=best, runner_up=second, changes=changes(answers), add_on=add_on)
            for code in licenses_for(answers.ages)
        ),
    )
