"""One application's frozen contents, files and ratings, for staff of its association."""

import uuid

from applications import readiness, snapshot
from applications.enums import AssignmentState, PacketKind, PacketState
from applications.models import Application, Packet, Reference, ReviewAssignment, ReviewMark
from applications.packet.contents import contents
from applications.packet.pages import Contents
from applications.queries.dossier import Dossier
from applications.queries.reviewer_pages import rated_references as rated_by_then
from endorsement_portal.files.models import StoredFile
from endorsement_portal.workflow import Finding


def in_the_way(dossier: Dossier) -> tuple[Finding, ...]:
    """What has to be met before the award and is not; of alternatives, one finding. No query."""
    stopping = tuple(finding for finding in dossier.cautions if finding.blocking and not finding.met)
    return readiness.unmet(dossier.findings) + stopping


def worth_a_look(dossier: Dossier) -> tuple[Finding, ...]:
    """What stops nothing, and is better seen to. No query."""
    return tuple(finding for finding in dossier.cautions if not finding.blocking and not finding.met)


def submitted_contents(dossier: Dossier) -> Contents | None:
    """The newest submission laid out as in the packet; None before the first (then staff see progress only)."""
    if dossier.frozen is None:
        return None
    return contents(dossier.frozen, dossier.submissions[-1].snapshot_sha256)


def reviews_of(dossier: Dossier) -> list[tuple[ReviewAssignment, list[tuple[str, ReviewMark]]]]:
    """Who was asked to read, each with the marks they sent, under the requirements' own names. No query."""
    labels = {finding.requirement: str(finding.label) for finding in dossier.findings}

    def sent(row: ReviewAssignment) -> list[tuple[str, ReviewMark]]:
        marks = row.marks.all() if row.state == AssignmentState.SUBMITTED else ()
        return [(labels.get(mark.requirement_key, mark.requirement_key), mark) for mark in marks]

    return [(row, sent(row)) for row in dossier.assignments]


def evidence_file(application: Application, file: uuid.UUID) -> StoredFile | None:
    """A file of any of this application's submissions; no other file of the applicant."""
    frozen = {
        row["uuid"]
        for submission in application.submissions.all()
        for row in snapshot.read(submission.snapshot)["files"]
    }
    return StoredFile.objects.filter(uuid=file).first() if str(file) in frozen else None


def ready_packet(application: Application, packet: uuid.UUID) -> Packet | None:
    return (
        Packet.objects.filter(submission__application=application, uuid=packet, state=PacketState.READY)
        .select_related("file", "submission")
        .first()
    )


def ratings_in(packet: Packet) -> list[Reference]:
    """The requests whose ratings a packet holds: those of its submission, and none in the applicant's."""
    return rated_by_then(packet.submission) if packet.kind == PacketKind.REVIEWERS else []


def rated_references(application: Application) -> list[Reference]:
    """The requests that somebody answered with a rating, in the order they were made."""
    return list(
        Reference.objects.filter(application=application, ratings__submitted_at__isnull=False)
        .select_related("application__association", "rater")
        .distinct()
        .order_by("id")
    )
