"""What a reviewer reads: the frozen submission, requirement beside evidence, and their own marks. Never another's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from applications import snapshot
from applications.enums import AssignmentState, ReviewRecommendation
from applications.models import Application, ReviewAssignment, ReviewMark, Submission
from competencies.enums import Stage
from members.models import User


def assignments_of(user: User) -> QuerySet[ReviewAssignment]:
    """A reviewer's own queue, by due date. Declined and removed ones are gone."""
    return (
        ReviewAssignment.objects.filter(reviewer=user, state__in=(AssignmentState.ASSIGNED, AssignmentState.SUBMITTED))
        .select_related(
            "application__person",
            "application__category__license",
            "application__association__settings",
            "application__enrolment__cohort",
            "application__edition",
            "application__overlay__association",
        )
        .order_by("due_on", "pk")
    )


def submission_of(assignment: ReviewAssignment) -> Submission:
    return Submission.objects.get(application=assignment.application, number=assignment.submission_number)


def markable(finding: dict[str, Any]) -> bool:
    """What a reviewer judges: rules that bind at submission or decision, alone or in a group."""
    return (finding["required"] or bool(finding["group"])) and finding["stage"] != Stage.AWARD


def keys_to_mark(assignment: ReviewAssignment) -> tuple[str, ...]:
    """In the order of the category's rules."""
    frozen = snapshot.read(submission_of(assignment).snapshot)
    return tuple(finding["requirement"] for finding in frozen["findings"] if markable(finding))


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One requirement with what the portal found, what the applicant shows for it, and this reviewer's mark."""

    finding: dict[str, Any]
    entries: tuple[dict[str, Any], ...]
    """Entries that count, as they stand in the frozen portfolio."""
    not_counted: tuple[dict[str, Any], ...]
    """entry, minutes, reason, detail, and `entry_data` from the portfolio."""
    files: tuple[dict[str, Any], ...]
    markable: bool
    met: bool | None
    note: str


@dataclass(frozen=True)
class ReviewSheet:
    assignment: ReviewAssignment
    submission: Submission
    frozen: dict[str, Any]
    rows: tuple[SheetRow, ...]
    recommendations: tuple[ReviewRecommendation, ...]

    @cached_property
    def left(self) -> int:
        return sum(row.markable and row.met is None for row in self.rows)

    @cached_property
    def total(self) -> int:
        return sum(row.markable for row in self.rows)


PORTFOLIO_LISTS = ("education", "licences", "work", "training", "supervision")


def review_sheet(assignment: ReviewAssignment) -> ReviewSheet:
    """Three queries, whatever the portfolio's size."""
    submission = submission_of(assignment)
    frozen = snapshot.read(submission.snapshot)
    marks = {mark.requirement_key: mark for mark in assignment.marks.all()}
    return ReviewSheet(
        assignment=assignment,
        submission=submission,
        frozen=frozen,
        rows=sheet_rows(frozen, marks),
        recommendations=recommendations_for(assignment.application, frozen),
    )


def sheet_rows(frozen: dict[str, Any], marks: dict[str, ReviewMark]) -> tuple[SheetRow, ...]:
    entries = {
        entry["key"]: {**entry, "list": name}
        for name in PORTFOLIO_LISTS
        for entry in frozen["portfolio"].get(name, ())
        if "key" in entry
    }
    rows = []
    for finding in frozen["findings"]:
        shown = {entry["entry"] for entry in finding["counted"]}
        mark = marks.get(finding["requirement"])
        rows.append(
            SheetRow(
                finding=finding,
                entries=tuple(
                    {**entries.get(entry["entry"], {"key": entry["entry"]}), "counted_minutes": entry["minutes"]}
                    for entry in finding["counted"]
                ),
                not_counted=tuple(
                    {**entry, "entry_data": entries.get(entry["entry"], {})} for entry in finding["uncounted"]
                ),
                files=tuple(file for file in frozen["files"] if file["entry"] in shown),
                markable=markable(finding),
                met=mark.met if mark else None,
                note=mark.note if mark else "",
            )
        )
    return tuple(rows)


def recommendations_for(application: Application, frozen: dict[str, Any]) -> tuple[ReviewRecommendation, ...]:
    """What this category can lead to."""
    has_exam = any(finding["kind"] == "exam" and finding["required"] for finding in frozen["findings"])
    category, settings = application.category, application.association.settings
    wanted = {
        ReviewRecommendation.ENDORSE: not has_exam,
        ReviewRecommendation.APPROVE_FOR_EXAM: has_exam,
        ReviewRecommendation.EMERGING: category.is_add_on and category.emerging_max_months is not None,
        ReviewRecommendation.DEFER: True,
        ReviewRecommendation.NOT_ENDORSE: settings.allow_not_endorsed,
    }
    return tuple(choice for choice, possible in wanted.items() if possible)
