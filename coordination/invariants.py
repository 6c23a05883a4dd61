"""What must hold in the whole database at any time. Each check yields one sentence for each broken row."""

import hashlib
from collections.abc import Callable, Iterator

from django.db.models import Count, F, OuterRef, Q, Subquery

from applications import snapshot
from applications.enums import PacketState, ReferenceState, Status
from applications.models import Application, Packet, Reference, StatusChange, Submission
from cohorts.enums import EnrolmentState
from cohorts.models import Cohort, Thread
from competencies.enums import EditionStatus, SignOffAnswer
from competencies.models import Course, SignOffLine
from credentials.models import Endorsement
from endorsement_portal.files.models import StoredFile
from endorsement_portal.outbox.models import MessageState, OutgoingMessage

NEVER_SUBMITTED = (Status.DRAFT, Status.WITHDRAWN)


def seats_are_counted() -> Iterator[str]:
    counted = Count("enrolments", filter=Q(enrolments__state=EnrolmentState.SEATED))
    for cohort in Cohort.objects.annotate(seated=counted).exclude(seated=F("seats_taken")):
        yield f"Cohort {cohort.uuid}: {cohort.seats_taken} seats taken, {getattr(cohort, 'seated', 0)} people seated"


def status_is_the_end_of_its_history() -> Iterator[str]:
    last = StatusChange.objects.filter(application=OuterRef("pk")).order_by("-at", "-id").values("target")[:1]
    rows = Application.objects.annotate(last=Subquery(last)).values_list("uuid", "status", "last")
    for uuid, status, target in rows.iterator():
        if status != (target or Status.DRAFT):
            yield f"Application {uuid}: status {status}, history ends in {target}"


def history_has_no_gap() -> Iterator[str]:
    place: dict[int, str] = {}
    rows = StatusChange.objects.order_by("application", "at", "id").values_list("id", "application", "source", "target")
    for change, application, source, target in rows.iterator():
        if place.get(application, Status.DRAFT) != source:
            yield f"Status change {change}: starts from {source}, not from {place.get(application, Status.DRAFT)}"
        place[application] = target


def submitted_means_a_submission() -> Iterator[str]:
    rows = Application.objects.exclude(status__in=NEVER_SUBMITTED).filter(submissions__isnull=True)
    for uuid in rows.values_list("uuid", flat=True).iterator():
        yield f"Application {uuid}: beyond the draft without a submission"


def snapshots_are_unchanged() -> Iterator[str]:
    for row in Submission.objects.only("uuid", "snapshot", "snapshot_sha256").iterator(chunk_size=200):
        if snapshot.digest(row.snapshot) != row.snapshot_sha256:
            yield f"Submission {row.uuid}: the snapshot does not match its digest"


def pinned_editions_are_published() -> Iterator[str]:
    rows = Application.objects.exclude(edition__status=EditionStatus.PUBLISHED)
    for uuid in rows.values_list("uuid", flat=True):
        yield f"Application {uuid}: judged by an edition that is not published"


def ready_packets_have_their_file() -> Iterator[str]:
    for row in Packet.objects.filter(state=PacketState.READY).select_related("file"):
        if row.file is None or row.file.sha256 != row.sha256:
            yield f"Packet {row.uuid}: ready without its file"


def confirmed_minutes_are_the_signed_ones() -> Iterator[str]:
    rows = (
        SignOffLine.objects.exclude(answer=SignOffAnswer.DECLINE)
        .filter(session__state__in=["confirmed", "corrected"])
        .order_by("session", "-id")
        .values_list("session", "session__uuid", "session__minutes", "minutes_after")
    )
    seen: set[int] = set()
    for session, uuid, minutes, signed in rows.iterator():
        if session not in seen and minutes != signed:
            yield f"Session {uuid}: {minutes} minutes, but {signed} were signed"
        seen.add(session)


def versions_of_a_course_follow_each_other() -> Iterator[str]:
    """Numbers 1, 2, 3 and days that never go back: so the highest number that has begun is the one that applies."""
    for course in Course.objects.prefetch_related("versions").iterator(chunk_size=200):
        versions = sorted(course.versions.all(), key=lambda version: version.number)
        days = [version.valid_from for version in versions]
        if not versions or [version.number for version in versions] != list(range(1, len(versions) + 1)):
            yield f"Course {course.uuid}: its versions are not numbered from 1"
        elif days != sorted(days):
            yield f"Course {course.uuid}: a later version begins earlier"


def received_references_have_a_rating() -> Iterator[str]:
    """Applications of the seeded crowd carry states without ratings; those of people carry both."""
    rows = (
        Reference.objects.filter(state=ReferenceState.RECEIVED, opened_at__isnull=False)
        .exclude(ratings__submitted_at__isnull=False)
        .values_list("uuid", flat=True)
    )
    for uuid in rows.distinct():
        yield f"Reference {uuid}: received without a rating"


def endorsements_begin_with_a_grant() -> Iterator[str]:
    for row in Endorsement.objects.prefetch_related("events"):
        first = next((event.kind for event in row.events.all()), "nothing")
        if not first.startswith("granted"):
            yield f"Endorsement {row.uuid}: begins with {first}"


def threads_count_their_posts() -> Iterator[str]:
    for row in Thread.objects.annotate(number=Count("posts")).exclude(number=F("post_count")):
        yield f"Thread {row.uuid}: says {row.post_count} posts, has {getattr(row, 'number', 0)}"


def no_mail_is_left_leased() -> Iterator[str]:
    rows = OutgoingMessage.objects.filter(state=MessageState.LEASED, lease_until__isnull=True)
    for key in rows.values_list("key", flat=True):
        yield f"Message {key}: leased without an end"


def files_are_what_was_stored() -> Iterator[str]:
    """Reads every file once: the slow check."""
    for row in StoredFile.objects.iterator():
        try:
            with row.content.open("rb") as handle:
                digest = hashlib.file_digest(handle, "sha256").hexdigest()
        except OSError:
            yield f"File {row.uuid}: its content is gone"
            continue
        if digest != row.sha256:
            yield f"File {row.uuid}: its content was changed"


INVARIANTS: tuple[Callable[[], Iterator[str]], ...] = (
    seats_are_counted,
    status_is_the_end_of_its_history,
    history_has_no_gap,
    submitted_means_a_submission,
    snapshots_are_unchanged,
    pinned_editions_are_published,
    ready_packets_have_their_file,
    confirmed_minutes_are_the_signed_ones,
    versions_of_a_course_follow_each_other,
    received_references_have_a_rating,
    endorsements_begin_with_a_grant,
    threads_count_their_posts,
    no_mail_is_left_leased,
    files_are_what_was_stored,
)


def broken() -> Iterator[tuple[str, str]]:
    """Name of the invariant and what breaks it."""
    for check in INVARIANTS:
        for sentence in check():
            yield check.__name__.replace("_", " "), sentence
