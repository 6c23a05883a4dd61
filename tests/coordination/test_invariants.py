"""Each invariant holds in a world made by real actions, and is reported when it is broken on purpose: one test each."""

import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone

from applications.enums import PacketState, Status
from applications.models import Application, Packet, Rating, StatusChange, Submission
from cohorts.models import Cohort, Thread
from competencies.models import CourseVersion, Edition, Supervision
from coordination import invariants
from coordination.invariants import INVARIANTS
from credentials.models import EndorsementEvent
from endorsement_portal.files.models import StoredFile
from endorsement_portal.outbox.models import OutgoingMessage


def broken(check):
    return list(check())


def test_nothing_is_broken_in_a_world_made_by_actions(house):
    assert [sentence for check in INVARIANTS for sentence in check()] == []


def test_seats(house):
    Cohort.objects.filter(pk=house.cohort.pk).update(seats_taken=F("seats_taken") + 1)
    taken = Cohort.objects.get(pk=house.cohort.pk).seats_taken
    assert broken(invariants.seats_are_counted) == [
        f"Cohort {house.cohort.uuid}: {taken} seats taken, {taken - 1} people seated"
    ]


def test_status_and_history(house):
    Application.objects.filter(pk=house.application.pk).update(status=Status.REVIEWED)
    assert broken(invariants.status_is_the_end_of_its_history) == [
        f"Application {house.application.uuid}: status reviewed, history ends in under_review"
    ]


def test_a_draft_without_history(house):
    Application.objects.filter(pk=house.draft.pk).update(status=Status.WITHDRAWN)
    assert broken(invariants.status_is_the_end_of_its_history) == [
        f"Application {house.draft.uuid}: status withdrawn, history ends in None"
    ]


def test_a_gap_in_the_history(house):
    change = StatusChange.objects.create(
        application=house.application, source=Status.REVIEWED, target=Status.UNDER_REVIEW, action="reopen_review",
        at=timezone.now(),
    )  # fmt: skip
    assert broken(invariants.history_has_no_gap) == [
        f"Status change {change.pk}: starts from reviewed, not from under_review"
    ]


def test_submitted_without_a_submission(house):
    now = timezone.now()
    Application.objects.filter(pk=house.draft.pk).update(status=Status.SUBMITTED, submitted_at=now)
    assert broken(invariants.submitted_means_a_submission) == [
        f"Application {house.draft.uuid}: beyond the draft without a submission"
    ]


def test_a_changed_snapshot(house):
    row = house.application.submissions.get()
    Submission.objects.filter(pk=row.pk).update(snapshot=row.snapshot.replace("Samir", "Simon"))
    assert broken(invariants.snapshots_are_unchanged) == [
        f"Submission {row.uuid}: the snapshot does not match its digest"
    ]


def test_an_edition_that_is_not_published(house):
    Edition.objects.filter(pk=house.application.edition.pk).update(status="draft")
    assert f"Application {house.application.uuid}: judged by an edition that is not published" in broken(
        invariants.pinned_editions_are_published
    )


def test_a_ready_packet_with_another_digest(house):
    file = house.evidence.file
    Packet.objects.filter(pk=house.packet.pk).update(state=PacketState.READY, file=file, sha256="0" * 64)
    [sentence] = broken(invariants.ready_packets_have_their_file)
    Packet.objects.filter(pk=house.packet.pk).update(sha256=file.sha256)
    assert broken(invariants.ready_packets_have_their_file) == []
    assert [sentence] == [f"Packet {house.packet.uuid}: ready without its file"]


def test_minutes_other_than_the_signed_ones(house):
    session = Supervision.objects.filter(person=house.owner, state="confirmed").first()
    Supervision.objects.filter(pk=session.pk).update(minutes=F("minutes") + 30)
    assert broken(invariants.confirmed_minutes_are_the_signed_ones) == [
        f"Session {session.uuid}: {session.minutes + 30} minutes, but {session.minutes} were signed"
    ]


def test_versions_that_go_back_in_time_or_miss_a_number(house):
    second = CourseVersion.objects.get(course=house.course, number=2)
    CourseVersion.objects.filter(pk=second.pk).update(valid_from=datetime.date(2001, 1, 1))
    assert broken(invariants.versions_of_a_course_follow_each_other) == [
        f"Course {house.course.uuid}: a later version begins earlier"
    ]
    CourseVersion.objects.filter(pk=second.pk).update(number=3)
    assert broken(invariants.versions_of_a_course_follow_each_other) == [
        f"Course {house.course.uuid}: its versions are not numbered from 1"
    ]


def test_a_received_reference_without_its_rating(house):
    Rating.objects.filter(reference=house.reference).update(submitted_at=None, valid_until=None)
    assert broken(invariants.received_references_have_a_rating) == [
        f"Reference {house.reference.uuid}: received without a rating"
    ]


def test_an_endorsement_that_begins_with_its_end(house):
    EndorsementEvent.objects.filter(endorsement=house.endorsement).update(kind="lapsed")
    assert broken(invariants.endorsements_begin_with_a_grant) == [
        f"Endorsement {house.endorsement.uuid}: begins with lapsed"
    ]


def test_an_endorsement_without_any_event(house):
    EndorsementEvent.objects.filter(endorsement=house.endorsement).delete()
    assert broken(invariants.endorsements_begin_with_a_grant) == [
        f"Endorsement {house.endorsement.uuid}: begins with nothing"
    ]


def test_a_thread_that_counts_wrong(house):
    thread = house.post.thread
    Thread.objects.filter(pk=thread.pk).update(post_count=7)
    assert broken(invariants.threads_count_their_posts) == [f"Thread {thread.uuid}: says 7 posts, has 1"]


def test_a_lease_without_an_end(house):
    OutgoingMessage.objects.filter(pk=house.message.pk).update(state="leased", lease_until=None)
    assert broken(invariants.no_mail_is_left_leased) == [f"Message {house.message.key}: leased without an end"]


def test_a_file_that_was_changed_and_one_that_is_gone(house):
    changed, gone = list(StoredFile.objects.order_by("pk")[:2])
    other = "0" * 64 if changed.sha256 != "0" * 64 else "1" * 64
    StoredFile.objects.filter(pk=changed.pk).update(sha256=other)
    StoredFile.objects.filter(pk=gone.pk).update(content="no/such/file.pdf")
    assert broken(invariants.files_are_what_was_stored) == [
        f"File {changed.uuid}: its content was changed",
        f"File {gone.uuid}: its content is gone",
    ]


def test_each_invariant_has_a_test_that_breaks_it():
    text = Path(__file__).read_text()
    assert [check.__name__ for check in INVARIANTS if f"invariants.{check.__name__}" not in text] == []


def test_the_command_says_that_all_hold(house):
    out = StringIO()
    call_command("check_invariants", stdout=out)
    assert out.getvalue() == f"{len(INVARIANTS)} invariants hold.\n"


def test_the_command_lists_what_is_broken_and_fails(house):
    Cohort.objects.filter(pk=house.cohort.pk).update(seats_taken=0)
    OutgoingMessage.objects.filter(pk=house.message.pk).update(state="leased", lease_until=None)
    out = StringIO()
    with pytest.raises(CommandError, match="2 broken"):
        call_command("check_invariants", stdout=out)
    lines = out.getvalue().splitlines()
    assert [line.split(":")[0] for line in lines] == ["seats are counted", "no mail is left leased"]
