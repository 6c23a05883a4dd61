"""The reviewer's pages: the queue, and one submission laid out beside this reviewer's own marks. Never another's."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, When

from applications import snapshot
from applications.enums import AssignmentState, PacketKind, PacketState, ReviewRecommendation
from applications.models import Packet, Reference, ReviewAssignment, ReviewMark, Submission
from applications.packet.contents import contents
from applications.packet.pages import Attachment, Contents, RequirementBlock
from applications.queries.reviews import assignments_of, markable, recommendations_for, submission_of
from applications.rules import may_review
from endorsement_portal.files.models import StoredFile
from members.models import User


def queue(user: User, *, state: str = "", search: str = "") -> QuerySet[ReviewAssignment]:
    """Mine, with the number of marks made: what is still open by its due date, then what was sent, newest first."""
    rows = assignments_of(user)
    if state in AssignmentState.values:
        rows = rows.filter(state=state)
    if search:
        rows = rows.filter(
            Q(application__person__name__icontains=search) | Q(application__reference_number__istartswith=search)
        )
    to_do = Q(state=AssignmentState.ASSIGNED)
    return rows.annotate(
        marked=Count("marks", filter=Q(marks__met__isnull=False)),
        place=Case(When(to_do, then=0), default=1),
        due_first=Case(When(to_do, then="due_on")),
    ).order_by("place", "due_first", "-submitted_at", "pk")


def mine(user: User, assignment: UUID) -> ReviewAssignment | None:
    """The assignment, when it is this person's and their role still lasts."""
    row = assignments_of(user).filter(uuid=assignment).first()
    return row if row is not None and may_review(user, row) else None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One requirement, what was found and shown, and this reviewer's mark."""

    block: RequirementBlock
    attachments: tuple[Attachment, ...]
    markable: bool
    met: bool | None
    note: str

    def as_typed(self) -> dict[str, str]:
        """The first values of the form that marks it."""
        verdict = {True: "met", False: "not_met", None: ""}[self.met]
        return {"requirement": self.block.key, "verdict": verdict, "note": self.note}


@dataclass(frozen=True, slots=True)
class Sheet:
    assignment: ReviewAssignment
    contents: Contents
    criteria: tuple[Criterion, ...]
    recommendations: tuple[ReviewRecommendation, ...]

    @property
    def total(self) -> int:
        return sum(row.markable for row in self.criteria)

    @property
    def marked(self) -> int:
        return sum(row.markable and row.met is not None for row in self.criteria)

    @property
    def complete(self) -> bool:
        return self.marked == self.total

    @property
    def open(self) -> bool:
        return self.assignment.state == AssignmentState.ASSIGNED

    def chosen(self, key: str) -> Criterion:
        """The criterion asked for, else the first that is not marked yet, else the first."""
        by_key = {row.block.key: row for row in self.criteria}
        waiting = next((row for row in self.criteria if row.markable and row.met is None), self.criteria[0])
        return by_key.get(key, waiting)

    def neighbor(self, criterion: Criterion, step: int) -> str:
        """The key before (-1) or after (1), or an empty text at the ends."""
        place = self.criteria.index(criterion) + step
        return self.criteria[place].block.key if 0 <= place < len(self.criteria) else ""


def sheet(assignment: ReviewAssignment) -> Sheet:
    """Four queries, whatever the portfolio's size."""
    submission = submission_of(assignment)
    frozen = snapshot.read(submission.snapshot)
    laid_out = contents(frozen, submission.snapshot_sha256)
    can_be_marked = {finding["requirement"] for finding in frozen["findings"] if markable(finding)}
    marks: dict[str, ReviewMark] = {mark.requirement_key: mark for mark in assignment.marks.all()}
    by_number = {attachment.number: attachment for attachment in laid_out.attachments}
    criteria = []
    for block in laid_out.requirements:
        mark = marks.get(block.key)
        numbers = sorted({number for entry in block.entries for number in entry.attachments})
        criteria.append(
            Criterion(
                block=block,
                attachments=tuple(by_number[number] for number in numbers if number in by_number),
                markable=block.key in can_be_marked,
                met=mark.met if mark else None,
                note=mark.note if mark else "",
            )
        )
    return Sheet(
        assignment=assignment,
        contents=laid_out,
        criteria=tuple(criteria),
        recommendations=recommendations_for(assignment.application, frozen),
    )


def evidence_file(assignment: ReviewAssignment, file: UUID) -> StoredFile | None:
    """A file of the frozen submission; no other file of the applicant."""
    frozen = snapshot.read(submission_of(assignment).snapshot)
    if str(file) not in {row["uuid"] for row in frozen["files"]}:
        return None
    return StoredFile.objects.filter(uuid=file).first()


def reviewers_packet(assignment: ReviewAssignment) -> Packet | None:
    return (
        Packet.objects.filter(submission=submission_of(assignment), kind=PacketKind.REVIEWERS, state=PacketState.READY)
        .select_related("file", "submission")
        .first()
    )


def rated_references(submission: Submission) -> list[Reference]:
    """The requests whose ratings this submission was sent with: those that the page of ratings shows."""
    return list(
        Reference.objects.filter(
            application=submission.application_id, ratings__submitted_at__lte=submission.submitted_at
        )
        .select_related("rater", "application__association")
        .distinct()
        .order_by("slot", "id")
    )
