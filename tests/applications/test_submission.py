"""Submitting: the whole act, its refusals, its second time."""

import datetime

import pytest

from applications import snapshot
from applications.actions import changes, submission
from applications.enums import PacketKind, Status
from applications.models import Application, Packet, StatusChange, Submission
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.workflow import LostRace, NotAllowed
from members.models import Membership
from tests.applications.desk import submitted
from tests.factories.journeys import ready_application
from tests.factories.members import UserFactory

pytestmark = pytest.mark.django_db

CODES = ["IFA", "IFS", "IMHS", "IMHM-C", "IMHM-P", "IMHM-R/F", "ECFA", "ECFS", "ECMHS", "ECMHM-C", "ECMHM-P",
         "ECMHM-R/F", "ERS-IMH", "ERS-ECMH"]  # fmt: skip


@pytest.fixture
def ready(association, coordinator):
    return ready_application(association=association)


def send(application, now, **values):
    given = {"by": application.person.user, "declaration": "maren oakhill", **values}
    return submission.submit(application=application, now=now, **given)


def refusal(application, now, **values):
    with pytest.raises(NotAllowed) as error:
        send(application, now, **values)
    assert (Submission.objects.count(), Packet.objects.count(), StatusChange.objects.count()) == (0, 0, 0)
    return [finding.requirement for finding in error.value.findings]


def test_a_ready_application_is_sent(ready, now, association, coordinator):
    sent = send(ready, now)
    ready.refresh_from_db()
    assert (ready.status, ready.version, ready.submitted_at, ready.status_since) == ("submitted", 2, now, now)
    assert (sent.number, sent.snapshot_sha256) == (1, snapshot.digest(sent.snapshot))
    assert set(Packet.objects.values_list("kind", "state")) == {(kind, "pending") for kind in PacketKind.values}
    step = StatusChange.objects.get()
    assert (step.source, step.target, step.action, step.by, step.at) == (
        "draft", "submitted", "submit", ready.person.user, now,
    )  # fmt: skip
    keys = set(OutgoingMessage.objects.filter(key__startswith="submit:").values_list("key", "to_email"))
    assert keys == {
        (f"submit:{sent.uuid}:{ready.person.uuid}", ready.person.email),
        (f"submit:{sent.uuid}:{coordinator.uuid}", coordinator.email),
    }


def test_the_snapshot_holds_everything_but_ratings(ready, now):
    ready.left_out = {
        "training": [ready.person.training.order_by("key").first().key],
        "license": [ready.person.professional_licenses.get().key],
    }
    ready.save()
    frozen = snapshot.read(send(ready, now).snapshot)
    assert len(frozen["portfolio"]["training"]) == ready.person.training.count() - 1
    assert [(row["entry_kind"], row["document_type"]) for row in frozen["files"]] == [("education", "transcript")]
    assert frozen["references"] == {"received": 3, "needed": 3}
    assert frozen["declaration"]["typed_name"] == "maren oakhill"
    assert [signature["kind"] for signature in frozen["signatures"]] == ["ethics", "agreement"]
    assert frozen["edition"]["sha256"] == ready.edition.sha256
    assert frozen["overlay"] is None
    assert [
        finding["requirement"] for finding in frozen["findings"] if finding["required"] and not finding["met"]
    ] == []
    assert len(frozen["confirmations"]) == ready.person.supervision.count()
    text = Submission.objects.get().snapshot
    assert not [name for name in ready.references.values_list("rater__name", flat=True) if name in text]


@pytest.mark.parametrize("code", CODES)
def test_every_active_category_and_add_on_can_be_sent(code, association, now):
    application = submitted(association, code)
    assert (application.status, application.category_id) == (Status.SUBMITTED, code)


def test_only_the_applicant_sends(ready, now, coordinator, other_applicant):
    assert refusal(ready, now, by=coordinator) == ["actor"]
    assert refusal(ready, now, by=other_applicant.user) == ["actor"]


@pytest.mark.parametrize("typed", ["", "Maren", "Samir Birchwell"])
def test_the_declaration_bears_the_persons_name(ready, now, typed):
    assert refusal(ready, now, declaration=typed) == ["declaration"]


def test_missing_parts_are_named(ready, now):
    ready.signatures.all().delete()
    Membership.objects.filter(person=ready.person).update(ends_on=datetime.date(2026, 5, 11))
    assert refusal(ready, now) == ["membership", "ethics", "agreement"]


def test_after_the_deadline(ready):
    deadline = ready.enrolment.cohort.submission_deadline_at
    assert refusal(ready, deadline + datetime.timedelta(seconds=1)) == ["deadline"]
    assert send(ready, deadline).number == 1


def test_without_a_seat(ready, now):
    ready.enrolment.state = "left"
    ready.enrolment.save()
    assert refusal(ready, now) == ["seat"]


def test_a_second_submit_changes_nothing(ready, now):
    first = send(ready, now)
    with pytest.raises(LostRace):
        send(ready, now)
    assert Submission.objects.get() == first
    assert StatusChange.objects.count() == 1


def test_sent_again_after_changes(ready, now, association, coordinator):
    send(ready, now)
    (row,) = changes.request(
        application=ready, by=coordinator, wishes=[changes.Wish("Add the agency", "work")], now=now
    )
    with pytest.raises(NotAllowed) as error:
        send(ready, now)
    assert [finding.requirement for finding in error.value.findings] == ["asked"]
    changes.answer(application=ready, task=row.uuid, by=ready.person.user, answer="It is there now.", now=now)
    after_deadline = ready.enrolment.cohort.submission_deadline_at + datetime.timedelta(days=3)
    again = send(ready, after_deadline)
    ready.refresh_from_db()
    assert (again.number, ready.status, ready.version) == (2, Status.SUBMITTED, 4)
    assert snapshot.read(again.snapshot)["answers"] == [
        {"requirement": "work", "text": "Add the agency", "answer": "It is there now.", "asked": "change"}
    ]
    assert Packet.objects.count() == 4


def test_a_person_without_an_account_cannot_send(association, now):
    application = ready_application(association=association)
    assert refusal(application, now, by=UserFactory()) == ["actor"]
    assert Application.objects.get().status == Status.DRAFT
