"""The competency matrix as its pages show it: how each competency is shown, how strongly, and the gaps first."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.enums import ReferenceState
from applications.models import Application
from applications.queries.facts import day_in, house_facts
from applications.queries.gap import open_application
from competencies.coverage import (
    EXAM_WAY,
    RATING_WAY,
    CoverageTotal,
    TalliedCompetency,
    bands_fitting,
    tallied,
    tallied_total,
)
from competencies.enums import EntryKind
from competencies.evidence_weights import WEIGHTS, Strength
from competencies.models import Category
from competencies.queries import library, matrix
from competencies.queries.standards import category_spec, edition_for
from competencies.specs import CategorySpec, CompetencySpec
from endorsement_portal.prepared import PreparedTuples
from endorsement_portal.web.addresses import row_address
from members.models import Person

LIST_OF = {
    "education": EntryKind.EDUCATION,
    "training": EntryKind.TRAINING,
    "work": EntryKind.WORK,
    "rsc": EntryKind.SUPERVISION,
}
WAYS = {
    "education": gettext_lazy("Course"),
    "training": gettext_lazy("Training"),
    "exam": gettext_lazy("Exam"),
    "reference_rating": gettext_lazy("Rating"),
    "rsc": gettext_lazy("RSC"),
    "work": gettext_lazy("Work"),
}
STRENGTHS = {
    Strength.NONE: ("none", "short", gettext_lazy("Nothing yet")),
    Strength.THIN: ("thin", "waiting", gettext_lazy("Thin")),
    Strength.ENOUGH: ("covered", "met", gettext_lazy("Well shown")),
}
GAPS_SHOWN = 8
COURSES_SHOWN = 3
_ORDER = {"none": 0, "thin": 1, "rated": 2, "covered": 3}


@dataclass(frozen=True, slots=True)
class Cell:
    """One competency. `by_way` follows the order of WAYS: its name and a count, None where it is no way to show it."""

    code: str
    name: str
    count: int
    kind: str
    """covered, thin, none or rated."""
    state: str
    word: str
    weight: int
    by_way: tuple[tuple[str, int | None], ...]
    href: str
    ways: tuple[str, ...]
    """Names of the ways that may show it, the heaviest first."""

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """`by_way` as the table shows it."""
        return tuple((way, "–" if count is None else str(count)) for way, count in self.by_way)


@dataclass(frozen=True, slots=True)
class Domain:
    code: str
    name: str
    count: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course of a training library, and which of the gaps it would close."""

    title: str
    association: str
    minutes: int
    closes: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True)
class MatrixPage:
    domains: tuple[Domain, ...]
    gaps: tuple[Cell, ...]
    """Empty ones, then thin ones."""
    total: CoverageTotal
    thin: int
    courses: tuple[CourseRow, ...]
    """Courses of the library that show what is empty, or else what is thin."""
    ratings: int
    """Ratings received for the open application of this category. What they say is nobody's here."""

    @property
    def first_gaps(self) -> tuple[Cell, ...]:
        return self.gaps[:GAPS_SHOWN]

    @property
    def more_gaps(self) -> tuple[Cell, ...]:
        return self.gaps[GAPS_SHOWN:]


@dataclass(frozen=True, slots=True)
class ShowingEntry:
    what: str
    way: str
    on: datetime.date
    href: str


@dataclass(frozen=True, slots=True)
class CompetencyPage:
    cell: Cell
    area: str
    description: str
    looked: matrix.Looked
    competency: CompetencySpec
    add: tuple[tuple[str, str], ...]
    """Ways to add something that shows it: words and address."""
    courses: tuple[CourseRow, ...]


def matrix_page(person: Person, category: Category) -> MatrixPage:
    looked, rows, ratings = _judged(person, category)
    spec = looked.category
    domains = tuple(_domain(spec, list(group)) for _area, group in groupby(rows, key=lambda row: row.competency.area))
    cells = [cell for domain in domains for cell in domain.cells]
    empty = [cell for cell in cells if cell.kind == "none"]
    thin = [cell for cell in cells if cell.kind == "thin"]
    return MatrixPage(
        domains=domains,
        gaps=(*empty, *thin),
        total=tallied_total(rows),
        thin=len(thin),
        courses=courses(person, looked, empty or thin),
        ratings=ratings,
    )


def competency_page(person: Person, category: Category, code: str) -> CompetencyPage | None:
    """One competency of the category; None when it has no such one."""
    looked, rows, _ratings = _judged(person, category)
    row = next((row for row in rows if row.competency.code == code), None)
    if row is None:
        return None
    item = row.competency
    cell = _cell(looked.category, row, way_names())
    return CompetencyPage(
        cell=cell,
        courses=courses(person, looked, [cell]),
        area=_(item.area_name),
        description=_(item.description) if item.description else "",
        looked=looked,
        competency=item,
        add=tuple(
            (str(LIST_OF[way].label), reverse("portfolio:add", args=[LIST_OF[way]]))
            for way in WEIGHTS
            if way in item.ways and way in LIST_OF
        ),
    )


def courses(person: Person, looked: matrix.Looked, gaps: Sequence[Cell]) -> tuple[CourseRow, ...]:
    """From gaps to courses of fitting ages that would close them, those that close most first. At most two queries."""
    fitting = set(bands_fitting(looked.category))
    names = {gap.code: gap.name for gap in gaps if str(WAYS["training"]) in gap.ways}
    found = (
        match
        for match in library.courses_showing(names, person, today=looked.as_of)
        if not match.version.ages or fitting & set(match.version.ages)
    )
    return tuple(
        CourseRow(
            title=match.version.course.title,
            association=match.version.course.association.name,
            minutes=match.version.minutes,
            closes=tuple(names[code] for code in match.shows),
            href=reverse("portfolio:attend", args=[match.version.course.uuid]),
        )
        for match in islice(found, COURSES_SHOWN)
    )


def showing_entry(row: dict[str, Any]) -> ShowingEntry:
    kind = LIST_OF[row["way"]]
    title = row["shown_title"] or (_("Peer meeting") if kind == EntryKind.SUPERVISION else str(kind.label))
    if kind == EntryKind.SUPERVISION and row["shown_title"]:
        title = _("Session with %(name)s") % {"name": title}
    return ShowingEntry(
        what=title,
        way=str(WAYS[row["way"]]),
        on=row["shown_on"],
        href=reverse("portfolio:edit", args=[kind, row["uuid"]]),
    )


def _judged(person: Person, category: Category) -> tuple[matrix.Looked, tuple[TalliedCompetency, ...], int]:
    """As the gap report judges: an open application by its own edition, day and selection of entries."""
    application = open_application(person, category)
    today = day_in(house_facts(application.association if application else None).time_zone, timezone.now())
    spec = category_spec(category, application.edition if application else edition_for(today))
    ((ratings, exams),) = _shown_by_others(application.pk) if application else [(0, 0)]
    looked = matrix.Looked(spec, today, application.left_out if application else {})
    found = matrix.tallies(person, looked)
    return looked, tallied(spec, found, {RATING_WAY: ratings, EXAM_WAY: exams}), ratings


@PreparedTuples
def _shown_by_others(application: int) -> QuerySet[Application, Any]:
    """Ratings received and exams passed."""
    return (
        Application.objects.filter(pk=application)
        .annotate(
            ratings=Count("references", filter=Q(references__state=ReferenceState.RECEIVED), distinct=True),
            exams=Count("exam_results", filter=Q(exam_results__passed=True), distinct=True),
        )
        .values_list("ratings", "exams")
    )


def _domain(spec: CategorySpec, rows: list[TalliedCompetency]) -> Domain:
    first = rows[0].competency
    names = way_names()
    cells = sorted((_cell(spec, row, names) for row in rows), key=lambda cell: _ORDER[cell.kind])
    return Domain(code=first.area, name=_(first.area_name), count=_count(tallied_total(rows)), cells=tuple(cells))


def _count(sums: CoverageTotal) -> str:
    """What is left to enter in a domain; where nothing is, who shows the rest."""
    if sums.missing:
        return _("%(missing)s of %(asked)s still to show") % {"missing": sums.missing, "asked": sums.asked}
    if not sums.asked:
        return _("Your ratings show these later")
    return ngettext("The one is shown", "All %(count)s shown", sums.asked) % {"count": sums.asked}


def way_names() -> dict[str, str]:
    """The ways in the reader's language, the heaviest first."""
    return {way: str(label) for way, label in WAYS.items()}


def _cell(spec: CategorySpec, row: TalliedCompetency, names: Mapping[str, str]) -> Cell:
    item = row.competency
    kind, state, word = STRENGTHS[row.strength]
    if row.by_ratings:
        kind, state, word = (
            "rated",
            "progress",
            gettext_lazy("Shown later by your ratings") if not row.counts else gettext_lazy("Shown by your ratings"),
        )
    return Cell(
        code=item.code,
        name=_(item.name),
        count=row.entries,
        kind=kind,
        state=state,
        word=str(word),
        weight=row.weight,
        by_way=tuple((label, row.counts.get(way, 0) if way in item.ways else None) for way, label in names.items()),
        href=row_address("competency", spec.slug, item.code),
        ways=tuple(label for way, label in names.items() if way in item.ways),
    )


def entries_showing(person: Person, page: CompetencyPage, *, q: str = "", way: str = "") -> Any:
    """The list of one competency, filtered; the ways it may be shown by are those of the category."""
    ways = [name for name in page.competency.ways if name in LIST_OF and way in ("", name)]
    if not ways:
        return []
    return matrix.showing(person, page.looked, page.competency.code, ways=ways, q=q)
