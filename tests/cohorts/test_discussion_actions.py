"""Talking, correcting oneself, and keeping the room kind."""

import datetime
from datetime import timedelta

import pytest

from cohorts.actions import discussion, moderation
from cohorts.enums import ReportState
from cohorts.models import Post, PostReport, Thread
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.workflow import NotAllowed
from tests.factories.cohorts import CohortFactory, EnrolmentFactory


@pytest.fixture
def cohort(association):
    """Open for a long time: posts carry the real clock's time."""
    return CohortFactory(association=association, name="Spring 2026", review_ends_on=datetime.date(2099, 1, 1))


@pytest.fixture
def member(cohort, applicant):
    EnrolmentFactory(cohort=cohort, person=applicant)
    return applicant.user


@pytest.fixture
def peer(cohort, other_applicant):
    EnrolmentFactory(cohort=cohort, person=other_applicant)
    return other_applicant.user


@pytest.fixture
def thread(cohort, member, now):
    return discussion.start_thread(cohort=cohort, by=member, title=" Twice? ", body=" Does it **count**? ", now=now)


def refusal(call, **arguments):
    with pytest.raises(NotAllowed) as caught:
        call(**arguments)
    return caught.value.findings[0].requirement


def test_a_thread_begins_with_its_first_post(thread, member, now):
    post = thread.posts.get()
    assert (thread.title, thread.post_count, thread.last_post_at, thread.pinned_at) == ("Twice?", 1, now, None)
    assert (post.author, post.body) == (member, "Does it **count**?")
    assert post.html == "<p>Does it <strong>count</strong>?</p>\n"
    assert OutgoingMessage.objects.count() == 0


def test_a_notice_is_pinned_and_mailed_to_everyone_else(cohort, coordinator, member, peer, now):
    thread = discussion.start_thread(
        cohort=cohort, by=coordinator, title="Office hours", body="On Wednesday.", is_notice=True, now=now
    )
    assert (thread.is_notice, thread.pinned_at) == (True, now)
    post = thread.posts.get()
    keys = {f"notice:{post.pk}:{user.person.pk}" for user in (member, peer)}
    assert set(OutgoingMessage.objects.values_list("key", flat=True)) == keys


def test_a_coordinator_with_a_seat_is_not_mailed_their_own_notice(cohort, coordinator, member, now):
    EnrolmentFactory(cohort=cohort, person=coordinator.person)
    discussion.start_thread(cohort=cohort, by=coordinator, title="x", body="y", is_notice=True, now=now)
    assert list(OutgoingMessage.objects.values_list("user", flat=True)) == [member.pk]


def test_members_post_no_notices(cohort, member, now):
    arguments = {"cohort": cohort, "by": member, "title": "x", "body": "y", "is_notice": True, "now": now}
    assert refusal(discussion.start_thread, **arguments) == "coordinator"


def test_strangers_say_nothing(cohort, thread, other_coordinator, other_applicant, reviewer, now):
    for stranger in (other_coordinator, other_applicant.user, reviewer):
        start = {"cohort": cohort, "by": stranger, "title": "x", "body": "y", "now": now}
        assert refusal(discussion.start_thread, **start) == "not_a_member"
        assert refusal(discussion.reply, thread=thread, by=stranger, body="y", now=now) == "not_a_member"
        post = thread.posts.get()
        assert refusal(discussion.edit, post=post, by=stranger, body="y", now=now) == "not_a_member"
        assert refusal(moderation.report, post=post, by=stranger, reason="y") == "not_a_member"


def test_a_reply_moves_the_thread_up(thread, peer, now):
    later = now + timedelta(hours=1)
    post = discussion.reply(thread=thread, by=peer, body="No.", now=later)
    thread.refresh_from_db()
    assert (thread.post_count, thread.last_post_at, post.html) == (2, later, "<p>No.</p>\n")


def test_a_closed_thread_takes_no_reply(thread, peer, coordinator, now):
    moderation.lock(thread=thread, by=coordinator, locked=True, now=now)
    assert refusal(discussion.reply, thread=thread, by=peer, body="No.", now=now) == "locked"
    moderation.lock(thread=thread, by=coordinator, locked=False)
    assert discussion.reply(thread=thread, by=peer, body="No.").body == "No."
    assert list(AuditEvent.objects.filter(verb__contains="lock").order_by("pk").values_list("verb", flat=True)) == [
        "discussion.locked",
        "discussion.unlocked",
    ]


def test_the_room_is_read_only_a_month_after_the_review(cohort, thread, member, now):
    from cohorts.calendar import last_second_of

    last = last_second_of(cohort.review_ends_on, cohort.time_zone) + timedelta(days=30)
    assert discussion.reply(thread=thread, by=member, body="Goodbye.", now=last).body == "Goodbye."
    late = last + timedelta(seconds=1)
    assert refusal(discussion.reply, thread=thread, by=member, body="Too late.", now=late) == "read_only"


def test_correcting_oneself_keeps_what_was_said(thread, member):
    post = thread.posts.get()
    at = post.created_at + timedelta(minutes=30)
    edited = discussion.edit(post=post, by=member, body="Does it count *once*?", now=at)
    assert (edited.body, edited.html) == ("Does it count *once*?", "<p>Does it count <em>once</em>?</p>\n")
    assert edited.edited_at == at
    assert list(edited.revisions.values_list("body", "replaced_at")) == [("Does it **count**?", at)]


def test_saving_the_same_words_is_no_edit(thread, member):
    post = discussion.edit(post=thread.posts.get(), by=member, body="Does it **count**?  ")
    assert (post.edited_at, post.revisions.count()) == (None, 0)


def test_the_edit_window_is_the_associations(thread, member, association):
    post = thread.posts.get()
    late = post.created_at + timedelta(minutes=30, seconds=1)
    assert refusal(discussion.edit, post=post, by=member, body="x", now=late) == "edit_window"
    association.settings.discussion_edit_minutes = 60
    association.settings.save()
    assert discussion.edit(post=post, by=member, body="x", now=late).body == "x"


def test_nobody_edits_anothers_words_or_a_hidden_post(thread, member, peer, coordinator):
    post = thread.posts.get()
    assert refusal(discussion.edit, post=post, by=peer, body="x") == "edit_window"
    assert refusal(discussion.edit, post=post, by=coordinator, body="x") == "edit_window"
    moderation.hide(post=post, by=coordinator, reason="Case material")
    assert refusal(discussion.edit, post=post, by=member, body="x") == "edit_window"


def test_a_report_is_kept_once(thread, peer):
    post = thread.posts.get()
    first = moderation.report(post=post, by=peer, reason=" A name ")
    again = moderation.report(post=post, by=peer, reason="Again")
    assert (first.pk, again.reason, first.state) == (again.pk, "A name", ReportState.OPEN)
    assert AuditEvent.objects.filter(verb="discussion.reported").count() == 1


def test_a_report_needs_a_reason_and_somebody_elses_post(thread, member, peer):
    post = thread.posts.get()
    assert refusal(moderation.report, post=post, by=peer, reason=" ") == "reason"
    assert refusal(moderation.report, post=post, by=member, reason="x") == "own_post"


def test_hiding_answers_the_reports_and_tells_those_concerned(thread, member, peer, coordinator, now):
    post = thread.posts.get()
    moderation.report(post=post, by=peer, reason="A name")
    hidden = moderation.hide(post=post, by=coordinator, reason=" Case material ", now=now)
    assert (hidden.hidden_at, hidden.hidden_by, hidden.hidden_reason) == (now, coordinator, "Case material")
    report = PostReport.objects.get()
    assert (report.state, report.handled_by, report.handled_at) == (ReportState.HIDDEN, coordinator, now)
    told = {row.user_id: row.context["outcome"] for row in OutgoingMessage.objects.all()}
    assert told == {member.pk: "hidden", peer.pk: "report_hidden"}
    moderation.hide(post=post, by=coordinator, reason="Once more", now=now)
    assert OutgoingMessage.objects.count() == 2
    assert Post.objects.get().hidden_reason == "Case material"


def test_restoring_a_post(thread, member, coordinator):
    post = thread.posts.get()
    assert moderation.restore(post=post, by=coordinator, reason="x").hidden_at is None
    assert OutgoingMessage.objects.count() == 0
    moderation.hide(post=post, by=coordinator, reason="x")
    shown = moderation.restore(post=post, by=coordinator, reason="A mistake")
    assert (shown.hidden_at, shown.hidden_by, shown.hidden_reason) == (None, None, "")
    assert [row.context["outcome"] for row in OutgoingMessage.objects.order_by("pk")] == ["hidden", "restored"]


def test_keeping_a_reported_post(thread, peer, coordinator):
    post = thread.posts.get()
    moderation.report(post=post, by=peer, reason="x")
    assert moderation.keep(post=post, by=coordinator, reason="Nothing wrong").hidden_at is None
    assert PostReport.objects.get().state == ReportState.KEPT
    assert OutgoingMessage.objects.get().context["outcome"] == "report_kept"


@pytest.mark.parametrize("act", [moderation.hide, moderation.restore, moderation.keep])
def test_only_coordinators_of_this_association_moderate(act, thread, member, other_coordinator, coordinator):
    post = thread.posts.get()
    for stranger in (member, other_coordinator):
        assert refusal(act, post=post, by=stranger, reason="x") == "coordinator"
    assert refusal(act, post=post, by=coordinator, reason="  ") == "reason"


def test_pinning(thread, member, coordinator, now):
    assert refusal(moderation.pin, thread=thread, by=member, pinned=True) == "coordinator"
    assert moderation.pin(thread=thread, by=coordinator, pinned=True, now=now).pinned_at == now
    assert moderation.pin(thread=thread, by=coordinator, pinned=True).pinned_at == now
    assert moderation.pin(thread=thread, by=coordinator, pinned=False).pinned_at is None
    assert AuditEvent.objects.filter(verb__endswith="pinned").count() == 2
    assert Thread.objects.get().pinned_at is None
