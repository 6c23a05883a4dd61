"""One portfolio against every open category: by license, by how near it is (D8), and two side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from applications.nearness import Nearness, nearness
from applications.queries.gap import GapReport, own_reports
from competencies.assessment import PORTFOLIO_KINDS
from competencies.enums import RequirementKind
from competencies.models import Category
from competencies.projection import HOURS, to_go
from competencies.rule_texts import translated
from competencies.wording import hours_in_words
from endorsement_portal.workflow import Finding
from members.models import Person


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One category on the overview of all: the part that a portfolio answers."""

    category: Category
    hours: tuple[Finding, ...]
    met_count: int
    count: int
    ready: bool
    nearness: Nearness

    @property
    def missing(self) -> tuple[str, ...]:
        """What is still to do, in words: what takes years first."""
        words = [f"{translated(finding.label)}: {finding.message}" for finding in self.nearness.others]
        words += [
            _("%(hours)s more: %(what)s") % {"hours": hours_in_words(to_go(finding)), "what": translated(finding.label)}
            for finding in self.nearness.hours
        ]
        return tuple(words)


def open_categories() -> list[Category]:
    """In the order of the licenses. One query."""
    categories = Category.objects.open_to_applications().select_related("license")
    return list(categories.order_by("license__age_min_months", "position"))


def twins(categories: list[Category]) -> tuple[str, str]:
    """The codes of the first role that both licenses have: a pair to begin a comparison with."""
    first: dict[str, Category] = {}
    for category in categories:
        other = first.setdefault(category.role, category)
        if other.license_id != category.license_id:
            return other.code, category.code
    return "", ""


def standing(person: Person, categories: list[Category]) -> list[StandingRow]:
    """All of them judged over one reading of the portfolio."""
    return [_standing(*pair) for pair in zip(categories, own_reports(person, categories), strict=True)]


def standing_per_license(person: Person) -> list[tuple[str, list[StandingRow]]]:
    """Open categories of both licenses, one after the other."""
    found: dict[str, list[StandingRow]] = {}
    for row in standing(person, open_categories()):
        found.setdefault(row.category.license.name, []).append(row)
    return list(found.items())


def nearest_first(person: Person, license_code: str = "") -> list[StandingRow]:
    """What would I still need for ...? Open categories, the nearest first."""
    wanted = [row for row in open_categories() if not license_code or row.license_id == license_code]
    return sorted(standing(person, wanted), key=lambda row: row.nearness.distance)


def _standing(category: Category, report: GapReport) -> StandingRow:
    asked = [finding for finding in report.findings if finding.kind in PORTFOLIO_KINDS]
    alone = [finding for finding in asked if finding.required and not finding.group]
    groups = {finding.group: False for finding in asked if finding.group}
    groups.update({finding.group: True for finding in asked if finding.group and finding.met})
    return StandingRow(
        category=category,
        hours=tuple(finding for finding in asked if finding.need_minutes),
        met_count=sum(finding.met for finding in alone) + sum(groups.values()),
        count=len(alone) + len(groups),
        ready=report.portfolio_met,
        nearness=nearness(report.findings),
    )


# --- Two side by side ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """What one category answers in one row; `finding` is None where it has no such rule."""

    finding: Finding | None
    label: str = ""
    kind: str = "idle"
    state: str = ""


@dataclass(frozen=True, slots=True)
class CompareRow:
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """Entries of one kind that count for both categories, and those that count for one of them alone."""

    name: str
    both: tuple[int, int]
    """Entries and their minutes."""
    alone: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    rows: tuple[CompareRow, ...]
    columns: tuple[StandingRow, ...]
    shared: tuple[Shared, ...]


def compared(person: Person, first: Category, second: Category) -> Comparison:
    """Two categories over one reading of the portfolio: rules that a portfolio answers, row by row."""
    categories = [first, second]
    reports = own_reports(person, categories)
    return Comparison(
        rows=tuple(_rows(reports)),
        columns=tuple(_standing(*pair) for pair in zip(categories, reports, strict=True)),
        shared=tuple(_shared(kind, reports) for kind in RequirementKind if kind in HOURS),
    )


def _rows(reports: list[GapReport]) -> Iterator[CompareRow]:
    by_key = [{finding.requirement: finding for finding in report.findings} for report in reports]
    keys = dict.fromkeys(
        finding.requirement for report in reports for finding in report.findings if finding.kind in PORTFOLIO_KINDS
    )
    for kind in RequirementKind:
        for key in keys:
            found = [findings.get(key) for findings in by_key]
            if any(finding is not None and finding.kind == kind for finding in found):
                yield CompareRow(name=str(kind.label), cells=tuple(_cell(finding) for finding in found))


def _cell(finding: Finding | None) -> Cell:
    if finding is None:
        return Cell(finding=None)
    label = translated(finding.label)
    if finding.met:
        return Cell(finding, label, "met", _("Met"))
    if not finding.required and not finding.group:
        return Cell(finding, label, "idle", _("Optional"))
    if finding.have_minutes or finding.counted:
        return Cell(finding, label, "waiting", _("In progress"))
    return Cell(finding, label, "short", _("Still to do"))


def _shared(kind: RequirementKind, reports: list[GapReport]) -> Shared:
    counted = [
        {
            entry.entry: entry.minutes or 0
            for finding in report.findings
            if finding.kind == kind
            for entry in finding.counted
        }
        for report in reports
    ]
    both = counted[0].keys() & counted[1].keys()
    return Shared(
        name=str(kind.label),
        both=(len(both), sum(counted[0][key] for key in both)),
        alone=tuple(
            (len(own.keys() - both), sum(minutes for key, minutes in own.items() if key not in both)) for own in counted
        ),
    )
