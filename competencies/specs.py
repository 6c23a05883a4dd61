"""Pure: the standard as frozen, typed specifications, read from the plain data of standards/*.json or of their rows.

Times become whole minutes here, lengths of work whole days (one year is 365 days). A null or absent parameter means
that its test is not applied (decision 1).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from competencies.enums import EducationLevel, RequirementKind, Stage

Data = Mapping[str, Any]

DAYS_PER_YEAR = 365
GRADUATE = (EducationLevel.MASTER, EducationLevel.DOCTORATE, EducationLevel.OTHER_GRADUATE)
DEGREES = ("cda", "associate", "bachelor", "master", "doctorate")
"""From the least to the most; `degree_min` asks for one of these or more."""
_MINUTES = {"clock_hours": 60, "minutes": 1}
_MONTHS = {"years": 12, "months": 1}


def minutes_of(quantity: Data | None) -> int:
    """Whole minutes of a quantity such as {"value": 24, "unit": "clock_hours"}; none: 0."""
    if quantity is None:
        return 0
    minutes = quantity["value"] * _MINUTES[quantity["unit"]]
    if minutes != int(minutes):
        raise ValueError(f"{quantity['value']} {quantity['unit']} is not a whole number of minutes")
    return int(minutes)


def months_of(quantity: Data | None) -> int | None:
    return None if quantity is None else int(quantity["value"] * _MONTHS[quantity["unit"]])


def days_of_months(months: int) -> int:
    """Whole days of so many months at 365 days a year, rounded up."""
    return -(-months * DAYS_PER_YEAR // 12)


@dataclass(frozen=True, slots=True)
class AgeRange:
    """Ages of children in whole months, both ends included."""

    min_months: int
    max_months: int

    def overlaps(self, other: AgeRange) -> bool:
        return self.min_months <= other.max_months and other.min_months <= self.max_months


def age_range(text: str) -> AgeRange:
    """An age band of the portfolio: "0-36"."""
    low, _, high = text.partition("-")
    return AgeRange(int(low), int(high))


@dataclass(frozen=True, slots=True)
class EducationRule:
    levels: frozenset[str] = frozenset()
    license_kind: str | None = None
    """A current professional license of this kind is enough too."""
    checks: tuple[str, ...] = ()

    @property
    def asks_nothing(self) -> bool:
        return not self.levels and self.license_kind is None


@dataclass(frozen=True, slots=True)
class Internship:
    max_days: int
    min_hours_per_week: int
    roles_any: frozenset[str]


@dataclass(frozen=True, slots=True)
class WorkRule:
    roles_any: frozenset[str]
    days_min: int
    paid: str | None = None
    """required, any, paid_or_supervised_volunteer, or None: any."""
    supervised: bool = False
    ages: AgeRange | None = None
    after_degree_level: str | None = None
    families_min: int | None = None
    internship: Internship | None = None
    waivable_while: str | None = None
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SubMinimum:
    key: str
    topic: str
    topic_name: str
    minutes: int


@dataclass(frozen=True, slots=True)
class TrainingRule:
    minutes: int
    sub_minimums: tuple[SubMinimum, ...] = ()
    typical_minutes: int | None = None
    expiry_months: int | None = None
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProviderPeriod:
    """Which standings qualify a provider for sessions between two days, both included; None: open."""

    codes: frozenset[str]
    starts_on: datetime.date | None = None
    ends_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class RscRule:
    minutes: int
    about_own_provision_minutes: int = 0
    formats: frozenset[str] | None = None
    modes: frozenset[str] | None = None
    max_group_size: int | None = None
    peers_count: bool = False
    providers: tuple[ProviderPeriod, ...] | None = None
    """None: any named provider."""
    window_months: int | None = None
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentRule:
    document_type: str
    when: str | None = None
    """study_used or license_used: asked only when the thing it proves is used. None: always."""
    checks: tuple[str, ...] = ()


Rule = EducationRule | WorkRule | TrainingRule | RscRule | DocumentRule


@dataclass(frozen=True, slots=True)
class RequirementSpec:
    key: str
    kind: str
    label: str
    required: bool
    stage: str
    group: str | None
    params: Data
    """As published: the rules evaluated above this floor read it."""
    rule: Rule | None
    """Typed, for the kinds that a portfolio answers."""
    source_url: str = ""
    as_of: str = ""
    evidence: str = "confirmed"
    association_setting: bool = False
    note: str = ""
    borrowed: Data | None = None
    """The work rule of another category that this one runs (`meets_category_work`)."""


@dataclass(frozen=True, slots=True)
class CompetencySpec:
    code: str
    name: str
    area: str
    area_name: str
    description: str = ""
    ways: tuple[str, ...] = ()
    evidence: str = "confirmed"


@dataclass(frozen=True, slots=True)
class CategorySpec:
    code: str
    name: str
    license: str
    ages: AgeRange
    requirements: tuple[RequirementSpec, ...]
    edition: str
    slug: str = ""
    role: str = ""
    edition_title: str = ""
    edition_sha256: str = ""
    edition_from: datetime.date | None = None
    """The first day on which the edition is in force."""
    overlay: str | None = None
    """Association code and version: "US-MO/2". None: the plain edition."""
    active: bool = True
    superseded_by: str = ""
    is_add_on: bool = False
    base_any_of: tuple[str, ...] = ()
    emerging_max_months: int | None = None
    competencies: tuple[CompetencySpec, ...] = ()

    def requirement(self, key: str) -> RequirementSpec:
        return next(requirement for requirement in self.requirements if requirement.key == key)


@dataclass(frozen=True, slots=True)
class AssessmentSettings:
    """What an association may set around the rules, and how the person applies."""

    vetted_until: datetime.date | None = None
    """The last day on which a vetted provider counts; None: never."""
    confirmation_required: bool = True
    """False: RSC minutes count before the provider has confirmed them."""
    emerging: bool = False
    """The person applies as emerging, which waives what is `waivable_while` emerging."""


def settings_from(overlay: Data | None, *, emerging: bool = False) -> AssessmentSettings:
    data = overlay or {}
    until = data.get("vetted_until")
    return AssessmentSettings(
        vetted_until=datetime.date.fromisoformat(until) if until else None,
        confirmation_required=data.get("rsc_confirmation_required", True),
        emerging=emerging,
    )


def requirement_from(data: Data, *, borrowed: Data | None = None) -> RequirementSpec:
    """`borrowed` is the params of the work rule named by `meets_category_work`."""
    params: Data = data["params"]
    parse = _PARSERS.get(data["kind"])
    return RequirementSpec(
        key=data["key"],
        kind=data["kind"],
        label=data["label"],
        required=data["required"],
        stage=data.get("stage", Stage.SUBMISSION),
        group=params.get("group"),
        params=params,
        rule=parse(borrowed if borrowed is not None else params) if parse else None,
        source_url=data.get("source_url") or "",
        as_of=data.get("as_of") or "",
        evidence=data.get("evidence", "confirmed"),
        association_setting=data.get("association_setting", False),
        note=data.get("note", ""),
        borrowed=borrowed,
    )


def _levels(named: Iterable[str]) -> frozenset[str]:
    """A master's degree is met by a doctorate and by any other graduate degree too (decision 5)."""
    levels = set(named)
    if EducationLevel.MASTER in levels:
        levels.update(GRADUATE)
    return frozenset(levels)


def _education(params: Data) -> EducationRule:
    named = list(params.get("accepted") or [])
    license_kind = None
    for option in (params, *(params.get("any_of") or [])):
        if option.get("degree_min"):
            named.extend(DEGREES[DEGREES.index(option["degree_min"]) :])
        license_kind = option.get("license") or license_kind
    return EducationRule(levels=_levels(named), license_kind=license_kind, checks=_checks(params))


def _ages(params: Data) -> AgeRange | None:
    ages = params.get("ages_overlap")
    if ages and ages["min_months"] > ages["max_months"]:
        raise ValueError("ages_overlap ends before it begins")
    return AgeRange(ages["min_months"], ages["max_months"]) if ages else None


def _work(params: Data) -> WorkRule:
    internship = params.get("internship")
    return WorkRule(
        roles_any=frozenset(params["roles_any"]),
        days_min=days_of_months(params["months_min"]),
        paid=params.get("paid"),
        supervised=bool(params.get("supervised")),
        ages=_ages(params),
        after_degree_level=params.get("after_degree_level"),
        families_min=params.get("families_min"),
        internship=Internship(
            max_days=days_of_months(internship["max_months"]),
            min_hours_per_week=internship["min_hours_per_week"],
            roles_any=frozenset(internship["roles_any"]),
        )
        if internship
        else None,
        waivable_while=params.get("waivable_while"),
        checks=_checks(params),
    )


def _training(params: Data) -> TrainingRule:
    return TrainingRule(
        minutes=minutes_of(params["min"]),
        sub_minimums=tuple(
            SubMinimum(
                key=part["key"],
                topic=part["topic"],
                topic_name=part.get("topic_name") or part["topic"],
                minutes=minutes_of(part["min"]),
            )
            for part in params.get("sub_minimums") or []
        ),
        typical_minutes=minutes_of(params["typical_total"]) if params.get("typical_total") else None,
        expiry_months=months_of(params.get("expiry")),
        checks=_checks(params),
    )


def _period(data: Data) -> ProviderPeriod:
    starts_on = datetime.date.fromisoformat(data["from"]) if data.get("from") else None
    ends_on = datetime.date.fromisoformat(data["to"]) if data.get("to") else None
    if starts_on and ends_on and ends_on < starts_on:
        raise ValueError("a period of qualifying_providers ends before it begins")
    return ProviderPeriod(codes=frozenset(data["codes"]), starts_on=starts_on, ends_on=ends_on)


def _rsc(params: Data) -> RscRule:
    providers = params.get("qualifying_providers")
    window = params.get("window")
    return RscRule(
        minutes=minutes_of(params["min_received"]),
        about_own_provision_minutes=minutes_of(params.get("about_own_provision_min")),
        formats=frozenset(params["formats"]) if params.get("formats") else None,
        modes=frozenset(params["delivery"]) if params.get("delivery") else None,
        max_group_size=params.get("max_group_size"),
        peers_count=bool(params.get("peer_supervision_counts")),
        providers=tuple(_period(period) for period in providers) if providers else None,
        window_months=months_of(window["max"]) if window else None,
        checks=_checks(params),
    )


def _document(params: Data) -> DocumentRule:
    return DocumentRule(document_type=params["document_type"], when=params.get("when"), checks=_checks(params))


def _checks(params: Data) -> tuple[str, ...]:
    return tuple(params.get("reviewer_checks") or ())


_PARSERS: dict[str, Callable[[Data], Rule]] = {
    RequirementKind.EDUCATION: _education,
    RequirementKind.WORK: _work,
    RequirementKind.TRAINING_HOURS: _training,
    RequirementKind.RSC_HOURS: _rsc,
    RequirementKind.DOCUMENT: _document,
}
