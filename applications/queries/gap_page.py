"""The gap report as its page shows it: short, met and optional, each entry with its reason and its link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from django.urls import reverse
from django.utils.translation import gettext as _

from applications.places import address
from applications.queries.gap import GapReport
from applications.queries.gap_entries import NOT_COUNTED, EntryBook, EntryRow
from competencies.enums import Reason
from competencies.models import Category
from competencies.rule_texts import translated
from competencies.rule_words import in_words
from competencies.specs import RequirementSpec
from endorsement_portal.workflow import Finding
from members.enums import Evidence

SHOWN_AT_ONCE = 5
"""Entries of a kind that stand on the report; all of them stand on a page of their own."""
_WAITING = frozenset({Reason.AWAITING_CONFIRMATION.value, Reason.NOT_ACCEPTED_YET.value})


@dataclass(frozen=True, slots=True)
class PartRow:
    name: str
    have: int
    need: int
    met: bool

    @property
    def short(self) -> int:
        return max(0, self.need - self.have)


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """All entries that do not count for one reason."""

    label: str
    entries: int
    minutes: int
    href: str


@dataclass(frozen=True, slots=True)
class RequirementRow:
    finding: Finding
    label: str
    kind: str
    """State: met, waiting, short or idle."""
    state: str
    rule: str
    source_url: str
    source_as_of: str
    evidence: str
    evidence_is_firm: bool
    note: str
    href: str
    entries_href: str
    """The page with all entries under this requirement."""
    counted: tuple[EntryRow, ...]
    """The newest that count, at most SHOWN_AT_ONCE."""
    uncounted: tuple[EntryRow, ...]
    reasons: tuple[ReasonRow, ...]
    parts: tuple[PartRow, ...]
    other_ways: tuple[str, ...]
    """Labels of the other rules of its any-of group."""
    waiting_minutes: int
    other_minutes: int

    @property
    def measured(self) -> bool:
        return self.finding.have_minutes is not None and bool(self.finding.need_minutes)

    @property
    def more_uncounted(self) -> int:
        return len(self.finding.uncounted) - len(self.uncounted)

    @property
    def more_counted(self) -> int:
        return len(self.finding.counted) - len(self.counted)


@dataclass(frozen=True, slots=True)
class Asked:
    """One requirement of the person: a rule, or several of which one is enough."""

    rows: tuple[RequirementRow, ...]

    @property
    def is_choice(self) -> bool:
        return len(self.rows) > 1


@dataclass(frozen=True, slots=True)
class GapPage:
    report: GapReport
    short: tuple[Asked, ...]
    met: tuple[Asked, ...]
    optional: tuple[RequirementRow, ...]

    @property
    def met_count(self) -> int:
        return len(self.met)

    @property
    def count(self) -> int:
        """As many requirements as the page shows under "Still short" and "Met": a group is one."""
        return len(self.met) + len(self.short)

    @property
    def rows(self) -> tuple[RequirementRow, ...]:
        return (*(row for asked in self.short + self.met for row in asked.rows), *self.optional)


def gap_page(report: GapReport, *, shown: int = SHOWN_AT_ONCE) -> GapPage:
    """Every rule once. Of a group that is met, the rules that are not needed any more stand with the optional ones.

    `shown`: how many entries of a kind are named under a requirement.
    """
    groups_met = {finding.group for finding in report.findings if finding.group and finding.met}
    writer = _RowWriter(report, EntryBook(report.facts.portfolio), shown)
    short: dict[str, list[RequirementRow]] = {}
    met: dict[str, list[RequirementRow]] = {}
    optional: list[RequirementRow] = []
    for spec, finding in zip(report.spec.requirements, report.findings, strict=True):
        row = writer.row(spec, finding, group_met=finding.group in groups_met)
        not_needed = not finding.met and finding.group in groups_met
        if not_needed or not (finding.required or finding.group):
            optional.append(row)
        else:
            place = f"group:{finding.group}" if finding.group else finding.requirement
            (met if finding.met else short).setdefault(place, []).append(row)
    return GapPage(
        report=report,
        short=tuple(Asked(tuple(rows)) for rows in short.values()),
        met=tuple(Asked(tuple(rows)) for rows in met.values()),
        optional=tuple(optional),
    )


@dataclass(frozen=True, slots=True)
class _RowWriter:
    report: GapReport
    book: EntryBook
    shown: int

    def row(self, spec: RequirementSpec, finding: Finding, *, group_met: bool) -> RequirementRow:
        waiting = sum(entry.minutes for entry in finding.uncounted if entry.reason in _WAITING)
        kind, state = _state(finding, waiting=waiting > 0, group_met=group_met)
        entries_href = reverse("gap_entries", args=[self.report.spec.slug, spec.key])
        newest_first = reversed(finding.counted) if finding.need_minutes is not None else iter(finding.counted)
        return RequirementRow(
            finding=finding,
            label=translated(spec.label),
            kind=kind,
            state=state,
            rule=in_words(spec),
            source_url=spec.source_url,
            source_as_of=spec.as_of,
            evidence=str(Evidence(spec.evidence).label),
            evidence_is_firm=spec.evidence == Evidence.CONFIRMED,
            note=spec.note,
            href=self._address(finding.where),
            entries_href=entries_href,
            counted=tuple(self.book.row(finding, entry) for entry in islice(newest_first, self.shown)),
            uncounted=tuple(self._uncounted(finding)),
            reasons=tuple(_reasons(finding, entries_href)),
            parts=tuple(_parts(spec, finding)),
            other_ways=self._other_ways(spec),
            waiting_minutes=waiting,
            other_minutes=sum(entry.minutes for entry in finding.uncounted) - waiting,
        )

    def _address(self, where: str) -> str:
        application = self.report.facts.application
        uuid = application.uuid if application else None
        return address(where, category_slug=self.report.spec.slug, application=uuid)

    def _uncounted(self, finding: Finding) -> Iterator[EntryRow]:
        for entry in finding.uncounted[-self.shown :][::-1]:
            row = self.book.row(finding, entry)
            selection = self._address("selection") if entry.reason == Reason.NOT_SELECTED else ""
            yield replace(row, href=selection or row.href)

    def _other_ways(self, spec: RequirementSpec) -> tuple[str, ...]:
        if not spec.group:
            return ()
        return tuple(
            translated(other.label)
            for other in self.report.spec.requirements
            if other.group == spec.group and other.key != spec.key
        )


def _reasons(finding: Finding, entries_href: str) -> Iterator[ReasonRow]:
    """The reasons of a finding, the most frequent first."""
    minutes: Counter[str] = Counter()
    for entry in finding.uncounted:
        minutes[entry.reason] += entry.minutes
    for reason, entries in Counter(entry.reason for entry in finding.uncounted).most_common():
        href = f"{entries_href}?state={NOT_COUNTED}&reason={reason}"
        yield ReasonRow(str(Reason(reason).label), entries, minutes[reason], href)


def _state(finding: Finding, *, waiting: bool, group_met: bool) -> tuple[str, str]:
    if finding.met:
        return "met", _("Met")
    if group_met:
        return "idle", _("Not needed, the other one is met")
    if not finding.required and not finding.group:
        return "idle", _("Optional")
    if waiting or finding.have_minutes or finding.counted:
        return "waiting", _("In progress")
    return "short", _("Still to do")


def _parts(spec: RequirementSpec, finding: Finding) -> Iterator[PartRow]:
    names = {part["key"]: part.get("topic_name", part["key"]) for part in spec.params.get("sub_minimums") or ()}
    for part in finding.parts:
        name = translated(names[part.key]) if part.key in names else _("about the RSC you give")
        yield PartRow(name=name, have=part.have_minutes, need=part.need_minutes, met=part.met)


@dataclass(frozen=True, slots=True)
class Replacement:
    """What took the place of a superseded category."""

    name: str
    slug: str


def replacements(category: Category) -> tuple[Replacement, ...]:
    """One query, and only for superseded categories."""
    if not category.superseded_by:
        return ()
    codes = {category.superseded_by, *category.holders_moved_to}
    return tuple(Replacement(row.name, row.slug) for row in Category.objects.filter(code__in=codes))
