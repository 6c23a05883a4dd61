"""Pure: which competencies a portfolio shows, and how. No requirement, a section of its own (decision 8)."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from competencies.enums import Ages
from competencies.evidence_weights import Strength, points, strength
from competencies.facts import EducationFact, PortfolioFacts, SupervisionFact, TrainingFact, WorkFact
from competencies.judging.case import AgeTest
from competencies.specs import CategorySpec, CompetencySpec

ENTRY_WAYS = ("education", "training", "work", "rsc")
"""Ways that an entry of the portfolio shows. The others, reference_rating and exam, are answered elsewhere."""
RATING_WAY, EXAM_WAY = "reference_rating", "exam"


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry that shows a competency in one way."""

    way: str
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class CompetencyCoverage:
    competency: CompetencySpec
    shown: tuple[Shown, ...]

    @property
    def name(self) -> str:
        return self.competency.name

    @property
    def rated(self) -> bool:
        """No entry shows it, and none has to: reference ratings are its main evidence."""
        return not self.shown and self.competency.ways[:1] == (RATING_WAY,)

    @property
    def covered(self) -> bool:
        return bool(self.shown) or self.rated

    def by(self, way: str) -> tuple[Shown, ...]:
        return tuple(entry for entry in self.shown if entry.way == way)


@dataclass(frozen=True, slots=True)
class Tally:
    """So many entries of one way that name a competency."""

    way: str
    competency: str
    count: int
    form: str = ""
    """That of the library's course, where a training was made from one."""


@dataclass(frozen=True, slots=True)
class TalliedCompetency:
    """How a competency is shown: way -> how often. Only ways that may count for it, and only those that do."""

    competency: CompetencySpec
    counts: Mapping[str, int]
    weight: int

    @property
    def entries(self) -> int:
        """Entries of the portfolio."""
        return sum(count for way, count in self.counts.items() if way in ENTRY_WAYS)

    @property
    def strength(self) -> Strength:
        return strength(self.weight)

    @property
    def by_ratings(self) -> bool:
        """No entry shows it, and none has to: reference ratings are its main evidence."""
        return not self.entries and self.competency.ways[:1] == (RATING_WAY,)


@dataclass(frozen=True, slots=True)
class CoverageTotal:
    """What a person's own entries show of what they are asked to show, apart from what raters show for them."""

    shown: int
    missing: int
    by_ratings: int
    """Shown by nothing yet and asked of nobody's entries: the reference ratings show them later."""

    @property
    def asked(self) -> int:
        return self.shown + self.missing

    @property
    def complete(self) -> bool:
        return not self.missing


def coverage(category: CategorySpec, facts: PortfolioFacts, *, as_of: datetime.date) -> tuple[CompetencyCoverage, ...]:
    """One row for each competency of the category. Only ways that may count for it are shown."""
    tagged: dict[str, list[Shown]] = defaultdict(list)
    for code, shown in sorted(_tags(category, facts, as_of), key=lambda tag: (tag[1].way, tag[1].key)):
        tagged[code].append(shown)
    return tuple(
        CompetencyCoverage(item, tuple(shown for shown in tagged.get(item.code, ()) if shown.way in item.ways))
        for item in category.competencies
    )


def tallied(
    category: CategorySpec, tallies: Iterable[Tally], others: Mapping[str, int] | None = None
) -> tuple[TalliedCompetency, ...]:
    """One row for each competency of the category. `others`: ratings and exams, which no entry of a portfolio shows."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    weight: dict[str, Counter[str]] = defaultdict(Counter)
    for tally in tallies:
        found[tally.competency][tally.way] += tally.count
        weight[tally.competency][tally.way] += tally.count * points(tally.way, tally.form)
    elsewhere = {way: count for way, count in (others or {}).items() if count}
    return tuple(
        TalliedCompetency(
            item,
            {way: count for way in item.ways if (count := found[item.code][way] or elsewhere.get(way, 0))},
            sum(weight[item.code][way] or points(way) * elsewhere.get(way, 0) for way in item.ways),
        )
        for item in category.competencies
    )


def bands_fitting(category: CategorySpec) -> tuple[str, ...]:
    """The age bands of entries that fit the category. Entries without ages fit too."""
    fits = AgeTest(category.ages).fits
    return tuple(band for band in Ages.values if fits((band,)))


def total_of(category: CategorySpec, facts: PortfolioFacts, *, as_of: datetime.date) -> CoverageTotal:
    """What `total` says of `coverage`, without a row for each entry: 5,000 entries name few sets of competencies."""
    named = {(way, entry.competencies) for way, entry in _showing(category, facts, as_of)}
    return tallied_total(tallied(category, (Tally(way, code, 1) for way, codes in named for code in codes)))


def tallied_total(rows: Iterable[TalliedCompetency]) -> CoverageTotal:
    """The same count as `total`, of tallied rows."""
    rows = tuple(rows)
    shown = sum(bool(row.entries) for row in rows)
    by_ratings = sum(row.by_ratings for row in rows)
    return CoverageTotal(shown=shown, missing=len(rows) - shown - by_ratings, by_ratings=by_ratings)


def total(rows: Iterable[CompetencyCoverage]) -> CoverageTotal:
    """The one count of competencies: the gap report, the matrix and the hub read it."""
    rows = tuple(rows)
    return CoverageTotal(
        shown=sum(bool(row.shown) for row in rows),
        missing=sum(not row.covered for row in rows),
        by_ratings=sum(row.rated for row in rows),
    )


Showing = EducationFact | WorkFact | TrainingFact | SupervisionFact


def _tags(category: CategorySpec, facts: PortfolioFacts, as_of: datetime.date) -> Iterator[tuple[str, Shown]]:
    names = {provider.key: provider.name for provider in facts.providers}
    for way, entry in _showing(category, facts, as_of):
        if entry.competencies:
            title = _title(entry, names)
            yield from ((code, Shown(way, entry.key, title)) for code in entry.competencies)


def _title(entry: Showing, providers: Mapping[str, str]) -> str:
    if isinstance(entry, EducationFact):
        return entry.field or entry.institution
    if isinstance(entry, SupervisionFact):
        return providers.get(entry.provider or "", "")
    return entry.title


def _showing(category: CategorySpec, facts: PortfolioFacts, as_of: datetime.date) -> Iterator[tuple[str, Showing]]:
    """The entries that may show something: selected, accepted, there on the day, of fitting ages."""
    fits = AgeTest(category.ages).fits
    for study in facts.education:
        if study.selected and study.accepted and study.awarded_on is not None and study.awarded_on <= as_of:
            yield "education", study
    for job in facts.work:
        if job.selected and job.accepted and job.starts_on <= as_of and fits(job.ages):
            yield "work", job
    for training in facts.training:
        if training.selected and training.accepted and training.on <= as_of and fits(training.ages):
            yield "training", training
    for session in facts.supervision:
        if session.selected and session.accepted and session.on <= as_of and fits(session.ages):
            yield "rsc", session
