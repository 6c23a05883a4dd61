"""Assigning, marking, declining, sending a review."""

import datetime

import pytest

from applications.actions import reviews
from applications.enums import AssignmentState, ReviewRecommendation, Status
from applications.models import ReviewAssignment, ReviewMark
from applications.queries.conflicts import reviewer_findings
from applications.queries.pages import application_dossier, review_sheet
from applications.queries.reviews import assignments_of, keys_to_mark
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.workflow import LostRace, NotAllowed
from members.models import AssociationSettings, StaffRole
from tests.applications.desk import another_reviewer, assigned, mark_all, review, reviewed, submitted
from tests.factories.applications import ReferenceFactory
from tests.factories.cohorts import EnrolmentFactory
from tests.factories.competencies import SupervisionFactory, WorkFactory
from tests.factories.journeys import ready_application

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(association):
    return submitted(association)


@pytest.fixture
def assignment(association, coordinator, reviewer):
    return assigned(association, coordinator, reviewer)


def refused(act, **values):
    with pytest.raises(NotAllowed) as error:
        act(**values)
    return [finding.requirement for finding in error.value.findings]


def test_the_first_assignment_starts_the_review(sent, coordinator, reviewer, now):
    found = reviews.assign(application=sent, reviewer=reviewer, by=coordinator, now=now)
    sent.refresh_from_db()
    assert (sent.status, found.submission_number, found.due_on) == (
        Status.UNDER_REVIEW, 1, datetime.date(2026, 6, 2),
    )  # fmt: skip
    keys = set(OutgoingMessage.objects.filter(kind__startswith="review").values_list("key", flat=True))
    assert keys == {f"rev-assign:{found.uuid}:{reviewer.uuid}", f"complete:{sent.uuid}:1:complete"}


def test_assigning_refuses(sent, coordinator, reviewer, other_coordinator, now, association):
    given = {"application": sent, "reviewer": reviewer, "by": coordinator, "now": now}
    assert refused(reviews.assign, **{**given, "by": other_coordinator}) == ["actor"]
    assert refused(reviews.assign, **{**given, "by": sent.person.user}) == ["actor"]
    assert refused(reviews.assign, **{**given, "reviewer": coordinator}) == ["conflict:role"]
    assert refused(reviews.assign, **given, due_on=datetime.date(2026, 5, 11)) == ["due_on"]
    reviews.assign(**given)
    assert refused(reviews.assign, **given) == ["already_assigned"]
    assert refused(reviews.assign, **{**given, "application": ready_application(association=association)}) == ["status"]


def test_a_coordinator_never_works_on_their_own_application(association, reviewer, now):
    application = submitted(association)
    StaffRole.objects.create(user=application.person.user, association=association, role="coordinator")
    assert refused(reviews.assign, application=application, reviewer=reviewer, by=application.person.user, now=now) == [
        "actor"
    ]


def conflicts(application, reviewer):
    return [finding.requirement for finding in reviewer_findings(application, reviewer) if not finding.met]


def test_conflicts_of_interest(sent, reviewer, coordinator, now):
    assert conflicts(sent, reviewer) == []
    WorkFactory(person=reviewer.person, employer=" willow creek family services ")
    assert conflicts(sent, reviewer) == ["conflict:employer"]
    SupervisionFactory(person=sent.person, provider=reviewer.person)
    EnrolmentFactory(cohort=sent.enrolment.cohort, person=reviewer.person)
    ReferenceFactory(application=sent, rater=reviewer.person)
    found = ["conflict:rater", "conflict:supervision", "conflict:peer"]
    assert conflicts(sent, reviewer) == [*found, "conflict:employer"]
    assert refused(reviews.assign, application=sent, reviewer=reviewer, by=coordinator, now=now) == found
    assert "conflict:self" in conflicts(sent, sent.person.user)


def test_the_person_one_supervises_is_a_conflict_too(sent, reviewer):
    SupervisionFactory(person=reviewer.person, provider=sent.person)
    assert conflicts(sent, reviewer) == ["conflict:supervision"]


def test_marks_are_saved_and_changed(assignment, reviewer):
    given = {"assignment": assignment, "by": reviewer, "requirement_key": "training"}
    reviews.mark(**given, met=True, note=" Well shown. ")
    row = reviews.mark(**given, met=False)
    assert (row.met, row.note, ReviewMark.objects.count()) == (False, "", 1)
    assert refused(reviews.mark, **{**given, "requirement_key": "exam"}, met=True) == ["requirement"]
    assert refused(reviews.mark, **{**given, "by": assignment.assigned_by}, met=True) == ["actor"]


def test_a_role_that_ended_ends_the_review(assignment, reviewer, now):
    StaffRole.objects.filter(user=reviewer).update(ends_at=now)
    assert refused(reviews.mark, assignment=assignment, by=reviewer, requirement_key="training", met=True) == ["actor"]


def test_the_sheet_shows_requirement_beside_evidence(assignment):
    reviews.mark(assignment=assignment, by=assignment.reviewer, requirement_key="training", met=True, note="Yes")
    sheet = review_sheet(assignment)
    training = next(row for row in sheet.rows if row.finding["requirement"] == "training")
    assert (training.met, training.note, len(training.entries)) == (True, "Yes", 20)
    assert training.entries[0]["list"] == "training"
    assert (sheet.total, sheet.left) == (len(keys_to_mark(assignment)), len(keys_to_mark(assignment)) - 1)
    assert sheet.recommendations == (ReviewRecommendation.ENDORSE, ReviewRecommendation.DEFER)


def test_the_sheet_never_shows_anothers_marks(assignment, association, coordinator):
    other = another_reviewer(association)
    second = reviews.assign(application=assignment.application, reviewer=other, by=coordinator)
    mark_all(assignment)
    assert all(row.met is None for row in review_sheet(second).rows)
    assert list(assignments_of(other)) == [second]


def send(assignment, **values):
    given = {"by": assignment.reviewer, "recommendation": "endorse", "summary": "Good.", **values}
    return reviews.submit(assignment=assignment, **given)


def test_sending_refuses(assignment, coordinator):
    assert refused(send, assignment=assignment) == ["marks"]
    mark_all(assignment)
    assert refused(send, assignment=assignment, by=coordinator) == ["actor"]
    assert refused(send, assignment=assignment, recommendation="perhaps") == ["recommendation"]
    assert refused(send, assignment=assignment, summary=" ") == ["summary"]
    assert refused(send, assignment=assignment, recommendation="emerging") == ["emerging"]
    assert refused(send, assignment=assignment, recommendation="approve_for_exam") == ["exam"]
    assert refused(send, assignment=assignment, recommendation="not_endorse") == ["not_endorsed"]


def test_the_last_review_needed_ends_the_review(assignment, now):
    sent = review(assignment)
    assert (sent.state, sent.recommendation) == (AssignmentState.SUBMITTED, "endorse")
    assignment.application.refresh_from_db()
    assert assignment.application.status == Status.REVIEWED
    assert OutgoingMessage.objects.filter(kind="reviews_in").count() == 1
    assert refused(send, assignment=assignment) == ["state"]


def test_a_review_that_was_sent_is_closed(assignment, reviewer):
    review(assignment)
    assignment.refresh_from_db()
    found = refused(reviews.mark, assignment=assignment, by=reviewer, requirement_key="training", met=False)
    assert found == ["state"]


def test_of_two_sends_one_wins(assignment, monkeypatch):
    """The review is sent from another tab between the check and the update."""
    mark_all(assignment)
    real = reviews._demand_complete

    def overtaken(*given):
        real(*given)
        ReviewAssignment.objects.update(state="submitted", submitted_at=given[-1])

    monkeypatch.setattr(reviews, "_demand_complete", overtaken)
    with pytest.raises(LostRace, match="sent already"):
        send(assignment)


def test_two_reviews_where_two_are_needed(association, coordinator, reviewer):
    AssociationSettings.objects.filter(association=association).update(reviewers_per_application=2)
    first = assigned(association, coordinator, reviewer)
    second = reviews.assign(application=first.application, reviewer=another_reviewer(association), by=coordinator)
    review(first)
    first.application.refresh_from_db()
    assert first.application.status == Status.UNDER_REVIEW
    review(second, "defer")
    first.application.refresh_from_db()
    assert first.application.status == Status.REVIEWED


def test_a_late_review_is_still_taken(association, coordinator, reviewer):
    first = assigned(association, coordinator, reviewer)
    second = reviews.assign(application=first.application, reviewer=another_reviewer(association), by=coordinator)
    review(first)
    assert review(second).state == AssignmentState.SUBMITTED
    first.application.refresh_from_db()
    assert first.application.status == Status.REVIEWED


def test_one_more_reviewer_opens_the_review_again(association, coordinator, reviewer):
    application = reviewed(association, coordinator, reviewer)
    reviews.assign(application=application, reviewer=another_reviewer(association), by=coordinator)
    application.refresh_from_db()
    assert application.status == Status.UNDER_REVIEW


def test_declining_frees_the_slot(assignment, reviewer, coordinator):
    assert refused(reviews.decline, assignment=assignment, by=reviewer, reason=" ") == ["reason"]
    assert refused(reviews.decline, assignment=assignment, by=coordinator, reason="x") == ["actor"]
    gone = reviews.decline(assignment=assignment, by=reviewer, reason="A conflict")
    assert (gone.state, gone.decline_reason) == (AssignmentState.DECLINED, "A conflict")
    key = OutgoingMessage.objects.get(kind="review_declined").key
    assert key == f"rev-event:{assignment.uuid}:declined:{coordinator.uuid}"
    assert refused(reviews.decline, assignment=assignment, by=reviewer, reason="again") == ["actor"]
    assert list(assignments_of(reviewer)) == []


def test_removing(assignment, reviewer, coordinator):
    assert refused(reviews.remove, assignment=assignment, by=reviewer) == ["actor"]
    assert reviews.remove(assignment=assignment, by=coordinator).state == AssignmentState.REMOVED
    with pytest.raises(LostRace):
        reviews.remove(assignment=assignment, by=coordinator)
    assert reviews.assign(application=assignment.application, reviewer=reviewer, by=coordinator).pk != assignment.pk


def test_removing_the_slow_reader_may_end_the_review(association, coordinator, reviewer):
    AssociationSettings.objects.filter(association=association).update(reviewers_per_application=2)
    first = assigned(association, coordinator, reviewer)
    second = reviews.assign(application=first.application, reviewer=another_reviewer(association), by=coordinator)
    review(first)
    AssociationSettings.objects.filter(association=association).update(reviewers_per_application=1)
    reviews.remove(assignment=second, by=coordinator)
    first.application.refresh_from_db()
    assert first.application.status == Status.REVIEWED


def test_nothing_to_review_before_a_submission(association):
    with pytest.raises(NotAllowed, match="Nothing has been submitted"):
        reviews.current_number(ready_application(association=association))


def test_dossier(association, coordinator, reviewer, now, django_assert_max_num_queries):
    application = reviewed(association, coordinator, reviewer)
    with django_assert_max_num_queries(24):
        dossier = application_dossier(application, now)
    assert dossier.frozen["application"]["number"] == 1
    assert [outcome.value for outcome in dossier.outcomes] == ["endorsed", "deferred"]
    assert len(dossier.packets) == 2
    assert dossier.waiting_decision is None
    assert {row.finding["requirement"] for row in dossier.evidence} == {f.requirement for f in dossier.findings}


def test_dossier_of_a_draft_shows_progress_not_content(association, now):
    dossier = application_dossier(ready_application(association=association), now)
    assert (dossier.frozen, dossier.evidence, dossier.submissions) == (None, (), ())
    assert dossier.tasks
