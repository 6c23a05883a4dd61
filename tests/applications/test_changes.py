"""What is asked for and answered, and the conversation around it."""

import datetime
import uuid

import pytest

from applications.actions import changes, decisions, messages, submission
from applications.actions.changes import Wish
from applications.enums import Status
from applications.models import ChangeRequest, Message, ReviewAssignment
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.workflow import LostRace, NotAllowed
from tests.applications.desk import assigned, reviewed, submitted
from tests.factories.journeys import ready_application

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(association):
    return submitted(association)


def ask(application, by, now, *wishes):
    return changes.request(application=application, by=by, wishes=wishes or [Wish("Add the agency", "work")], now=now)


def refused(act, **values):
    with pytest.raises(NotAllowed) as error:
        act(**values)
    return [finding.requirement for finding in error.value.findings]


def test_asking_gives_the_application_back(sent, coordinator, now):
    rows = ask(sent, coordinator, now, Wish(" One ", "work", datetime.date(2026, 5, 20)), Wish("Two"))
    sent.refresh_from_db()
    assert (sent.status, [row.text for row in rows]) == (Status.CHANGES_REQUESTED, ["One", "Two"])
    mail = OutgoingMessage.objects.get(kind="changes_requested")
    assert "One" not in str(mail.context)
    ask(sent, coordinator, now, Wish("Three"))
    sent.refresh_from_db()
    assert (sent.version, ChangeRequest.objects.count()) == (3, 3)


def test_asking_refuses(sent, coordinator, reviewer, now, association):
    given = {"application": sent, "by": coordinator, "now": now, "wishes": [Wish("More")]}
    assert refused(changes.request, **{**given, "by": reviewer}) == ["actor"]
    assert refused(changes.request, **{**given, "wishes": []}) == ["text"]
    assert refused(changes.request, **{**given, "wishes": [Wish("")]}) == ["text"]
    assert refused(changes.request, **{**given, "application": ready_application(association=association)}) == [
        "status"
    ]


def test_asking_during_the_review_takes_the_assignments_back(association, coordinator, reviewer, now):
    assignment = assigned(association, coordinator, reviewer)
    ask(assignment.application, coordinator, now)
    assert ReviewAssignment.objects.get().state == "removed"


def test_answers_are_the_applicants_until_sent(sent, coordinator, now):
    (row,) = ask(sent, coordinator, now)
    later = now + datetime.timedelta(hours=1)
    given = {"application": sent, "task": row.uuid, "by": sent.person.user, "answer": " It is there. ", "now": later}
    assert refused(changes.answer, **{**given, "by": coordinator}) == ["actor"]
    assert refused(changes.answer, **{**given, "answer": " "}) == ["answer"]
    assert refused(changes.answer, **{**given, "task": uuid.uuid4()}) == ["task"]
    assert changes.answer(**given).answer == "It is there."
    assert changes.answer(**{**given, "answer": "Better"}).answer == "Better"
    submission.submit(application=sent, by=sent.person.user, declaration="Maren Oakhill", now=later)
    assert refused(changes.answer, **given) == ["status"]
    ask(sent, coordinator, now, Wish("One more"))
    with pytest.raises(LostRace):
        changes.answer(**given)


def test_tasks_of_a_deferral_are_answered_and_read_again(association, coordinator, reviewer, now):
    application = reviewed(association, coordinator, reviewer)
    wish = Wish("Five more hours", "training")
    decision = decisions.record(application=application, by=coordinator, outcome="deferred", tasks=[wish], now=now)
    decisions.release(decision=decision, by=coordinator, now=now)
    task = decision.tasks.get()
    later = now + datetime.timedelta(days=60)
    user = application.person.user
    with pytest.raises(NotAllowed, match="1 left"):
        submission.submit(application=application, by=user, declaration="Maren Oakhill", now=later)
    changes.answer(application=application, task=task.uuid, by=user, answer="Two courses.", now=later)
    again = submission.submit(application=application, by=user, declaration="Maren Oakhill", now=later)
    assert (again.number, '"asked":"deferral"' in again.snapshot) == (2, True)


def test_a_task_that_is_not_released_cannot_be_answered(association, coordinator, reviewer, now):
    application = reviewed(association, coordinator, reviewer)
    wish = Wish("Hidden", "training")
    decision = decisions.record(application=application, by=coordinator, outcome="deferred", tasks=[wish], now=now)
    ChangeRequest.objects.all().delete()
    decisions.discard(decision=decision, by=coordinator, now=now)
    ask(application, coordinator, now)
    task = decision.tasks.get().uuid
    assert refused(
        changes.answer, application=application, task=task, by=application.person.user, answer="x", now=now
    ) == ["task"]


# --- Messages ---------------------------------------------------------------------------------------


def test_the_two_sides_talk(sent, coordinator, now):
    user = sent.person.user
    messages.write(application=sent, by=user, body=" How long? ", requirement_key="training", now=now)
    messages.write(application=sent, by=coordinator, body="Two weeks.", now=now)
    assert list(Message.objects.values_list("from_staff", "body", "requirement_key")) == [
        (False, "How long?", "training"),
        (True, "Two weeks.", ""),
    ]
    mails = {mail.kind: mail for mail in OutgoingMessage.objects.filter(kind__startswith="message")}
    assert mails["message_desk"].to_email == coordinator.email
    assert (mails["message"].to_email, mails["message"].due_at) == (user.email, now + datetime.timedelta(minutes=5))
    assert "weeks" not in str(mails["message"].context)
    assert messages.mark_read(application=sent, by=user, now=now) == 1
    assert messages.mark_read(application=sent, by=user, now=now) == 0
    assert messages.mark_read(application=sent, by=coordinator) == 1


def test_messages_of_five_minutes_are_one_mail(sent, coordinator, now):
    for seconds in (0, 60, 299, 300):
        messages.write(application=sent, by=coordinator, body="x", now=now + datetime.timedelta(seconds=seconds))
    assert OutgoingMessage.objects.filter(kind="message").count() == 2


def test_nobody_else_takes_part(sent, reviewer, other_coordinator, coordinator):
    for user in (reviewer, other_coordinator):
        assert refused(messages.write, application=sent, by=user, body="Hello") == ["actor"]
        assert messages.mark_read(application=sent, by=user) == 0
    assert refused(messages.write, application=sent, by=coordinator, body=" ") == ["body"]
