"""Decisions are recorded, then released; only the release grants and tells. Exams."""

import datetime

import pytest

from applications.actions import decisions, exams, reviews
from applications.actions.changes import Wish
from applications.enums import Status
from applications.models import Decision, DecisionTask, ExamResult, ReviewAssignment
from credentials.models import Endorsement
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.workflow import LostRace, NotAllowed
from members.models import AssociationSettings
from tests.applications.desk import another_reviewer, review, reviewed, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(association, coordinator, reviewer):
    return reviewed(association, coordinator, reviewer)


@pytest.fixture
def mentor(association, coordinator, reviewer):
    return reviewed(association, coordinator, reviewer, "IMHM-C", "approve_for_exam")


def refused(act, **values):
    with pytest.raises(NotAllowed) as error:
        act(**values)
    return [finding.requirement for finding in error.value.findings]


def decide(application, by, now, outcome="endorsed", **values):
    decision = decisions.record(application=application, by=by, outcome=outcome, now=now, **values)
    decisions.release(decision=decision, by=by, now=now)
    application.refresh_from_db()
    return decision


def test_a_recorded_decision_changes_nothing_for_the_applicant(application, coordinator, now):
    decision = decisions.record(
        application=application, by=coordinator, outcome="endorsed", message=" Well done ", now=now
    )
    application.refresh_from_db()
    assert (application.status, decision.message, Endorsement.objects.count()) == (Status.REVIEWED, "Well done", 0)
    assert not OutgoingMessage.objects.filter(kind__startswith="decision").exists()


def test_release_grants_and_tells_with_a_link_alone(application, coordinator, now):
    decision = decide(application, coordinator, now, message="You listen well.")
    award = Endorsement.objects.get()
    assert application.status == Status.ENDORSED
    assert (award.decision_uuid, award.category_id, award.holder_name, award.granted_on, award.emerging_until) == (
        decision.uuid, "IFS", "Maren Oakhill", datetime.date(2026, 5, 12), None,
    )  # fmt: skip
    mail = OutgoingMessage.objects.get(key=f"decision:{decision.uuid}")
    assert (mail.template, mail.to_email) == ("decision_endorsed", application.person.email)
    assert "listen" not in str(mail.context)


def test_recording_refuses(application, coordinator, reviewer, now, association):
    given = {"application": application, "by": coordinator, "outcome": "endorsed", "now": now}
    assert refused(decisions.record, **{**given, "by": reviewer}) == ["actor"]
    assert refused(decisions.record, **{**given, "by": application.person.user}) == ["actor"]
    assert refused(decisions.record, **{**given, "outcome": "perhaps"}) == ["outcome"]
    assert refused(decisions.record, **{**given, "outcome": "emerging"}) == ["emerging"]
    assert refused(decisions.record, **{**given, "outcome": "approved_for_exam"}) == ["exam"]
    assert refused(decisions.record, **{**given, "outcome": "not_endorsed"}) == ["not_endorsed"]
    assert refused(decisions.record, **{**given, "outcome": "deferred"}) == ["tasks"]
    assert refused(decisions.record, **given, tasks=[Wish("More training")]) == ["tasks"]
    assert refused(decisions.record, **{**given, "application": submitted(association)}) == ["status"]
    decisions.record(**given)
    assert refused(decisions.record, **given) == ["decision"]


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (Wish(" "), "text"),
        (Wish("More", "nonsense"), "requirement"),
        (Wish("More", "training", datetime.date(2026, 5, 11)), "due_on"),
    ],
)
def test_tasks_are_checked(application, coordinator, now, wish, expected):
    found = refused(
        decisions.record, application=application, by=coordinator, outcome="deferred", tasks=[wish], now=now
    )
    assert found == [expected]
    assert Decision.objects.count() == 0


def test_discarded_and_decided_anew(application, coordinator, other_coordinator, now):
    first = decisions.record(application=application, by=coordinator, outcome="endorsed", now=now)
    assert refused(decisions.discard, decision=first, by=other_coordinator) == ["actor"]
    assert decisions.discard(decision=first, by=coordinator, now=now).discarded_at == now
    for act in (decisions.discard, decisions.release):
        with pytest.raises(LostRace):
            act(decision=first, by=coordinator, now=now)
    decide(
        application,
        coordinator,
        now,
        "deferred",
        tasks=[Wish("Five more hours", "training", datetime.date(2026, 8, 1))],
    )
    assert application.status == Status.DEFERRED
    assert [task.requirement_key for task in DecisionTask.objects.all()] == ["training"]


def test_of_two_releases_one_wins(application, coordinator, now):
    decision = decide(application, coordinator, now)
    with pytest.raises(LostRace):
        decisions.release(decision=decision, by=coordinator, now=now)
    assert Endorsement.objects.count() == 1


def test_release_is_the_coordinators(application, coordinator, other_coordinator, now):
    decision = decisions.record(application=application, by=coordinator, outcome="endorsed", now=now)
    assert refused(decisions.release, decision=decision, by=other_coordinator) == ["actor"]


def test_release_ends_reviews_that_are_still_open(association, coordinator, reviewer, now):
    application = submitted(association)
    first = reviews.assign(application=application, reviewer=reviewer, by=coordinator)
    reviews.assign(application=application, reviewer=another_reviewer(association), by=coordinator)
    review(ReviewAssignment.objects.select_related("application__association").get(pk=first.pk))
    application.refresh_from_db()
    decide(application, coordinator, now)
    assert sorted(ReviewAssignment.objects.values_list("state", flat=True)) == ["removed", "submitted"]


def test_emerging(association, coordinator, reviewer, now):
    application = reviewed(association, coordinator, reviewer, "ERS-IMH", "emerging")
    decide(application, coordinator, now, "emerging")
    award = Endorsement.objects.get(category="ERS-IMH")
    assert (application.status, award.emerging_until, award.base.category_id) == (
        Status.EMERGING, datetime.date(2028, 5, 12), "IFS",
    )  # fmt: skip


# --- Not endorsed -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2026-05-12T15:59:00-05:00", "2026-05-12T15:59:00-05:00"),
        ("2026-05-12T16:00:00-05:00", "2026-05-13T09:00:00-05:00"),
        ("2026-05-14T17:00:00-05:00", "2026-05-18T09:00:00-05:00"),
        ("2026-05-15T09:00:00-05:00", "2026-05-18T09:00:00-05:00"),
        ("2026-05-16T09:00:00-05:00", "2026-05-18T09:00:00-05:00"),
        ("2026-05-17T09:00:00-05:00", "2026-05-18T09:00:00-05:00"),
        ("2026-05-18T08:00:00-05:00", "2026-05-18T08:00:00-05:00"),
    ],
)
def test_hard_news_waits_for_a_kind_hour(when, expected):
    moment = datetime.datetime.fromisoformat(when)
    assert decisions.kind_hour(moment, "America/Chicago") == datetime.datetime.fromisoformat(expected)


def test_not_endorsed_where_the_association_uses_it(application, association, coordinator):
    AssociationSettings.objects.filter(association=association).update(allow_not_endorsed=True)
    friday = datetime.datetime(2026, 5, 15, 18, 0, tzinfo=datetime.UTC)
    decide(application, coordinator, friday, "not_endorsed")
    mail = OutgoingMessage.objects.get(template="decision_not_endorsed")
    assert (application.status, mail.due_at) == (
        Status.NOT_ENDORSED, datetime.datetime(2026, 5, 18, 14, 0, tzinfo=datetime.UTC),
    )  # fmt: skip


# --- Exam -------------------------------------------------------------------------------------------


def sit(application, by, now, part, passed=True, day=datetime.date(2026, 5, 12)):
    return exams.record(application=application, by=by, part=part, sat_on=day, passed=passed, now=now)


def test_the_exam_stands_before_the_award(mentor, coordinator, now):
    assert refused(decisions.record, application=mentor, by=coordinator, outcome="endorsed", now=now) == ["exam"]
    decide(mentor, coordinator, now, "approved_for_exam")
    assert (mentor.status, Endorsement.objects.count()) == (Status.APPROVED_FOR_EXAM, 0)
    sit(mentor, coordinator, now, 1)
    assert refused(decisions.record, application=mentor, by=coordinator, outcome="endorsed", now=now) == ["exam"]
    result = sit(mentor, coordinator, now, 2)
    assert OutgoingMessage.objects.filter(key=f"exam:{result.uuid}:result").exists()
    decide(mentor, coordinator, now)
    assert (mentor.status, Endorsement.objects.get().category_id) == (Status.ENDORSED, "IMHM-C")


def test_a_failed_exam_is_deferred_with_tasks(mentor, coordinator, now):
    decide(mentor, coordinator, now, "approved_for_exam")
    sit(mentor, coordinator, now, 1, passed=False)
    decide(mentor, coordinator, now, "deferred", tasks=[Wish("Sit part 1 again in 2027", "exam")])
    assert mentor.status == Status.DEFERRED


def test_recording_results_refuses(mentor, application, coordinator, reviewer, now):
    given = {"by": coordinator, "now": now}
    assert refused(sit, application=mentor, part=1, **given) == ["status"]
    decide(mentor, coordinator, now, "approved_for_exam")
    assert refused(sit, application=mentor, part=1, by=reviewer, now=now) == ["actor"]
    assert refused(sit, application=mentor, part=3, **given) == ["part"]
    assert refused(sit, application=mentor, part=1, day=datetime.date(2026, 5, 13), **given) == ["sat_on"]
    sit(mentor, coordinator, now, 1)
    assert refused(sit, application=mentor, part=1, **given) == ["part"]
    assert ExamResult.objects.count() == 1
    assert exams.parts_of(application) == ()
