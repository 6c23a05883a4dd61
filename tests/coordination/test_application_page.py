"""One application: what the page shows, each act done, each refusal said by its field with everything typed kept."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.enums import AssignmentState, Outcome, ReviewRecommendation, Status
from applications.models import Application, ChangeRequest, Decision, ExamResult, Message, ReviewAssignment
from applications.queries.dossier import application_dossier
from coordination.seeding import demo
from coordination.views.application_acts import ACTS, forms_for
from credentials.models import Endorsement
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.web.dates import day_in
from tests.coordination.conftest import errors_of, said


def day(days=0):
    return day_in(timezone.now(), "America/Chicago") + datetime.timedelta(days=days)


def one(house, name="application"):
    return Application.objects.get(pk=getattr(house, name).pk)


def address(application, name="application"):
    return reverse(f"coordination:{name}", args=["xx-pr", application.uuid])


def refused(desk, application, act, data, place):
    """The page again: the fault by its field, what was typed still there, no word of success."""
    response = desk.post("application_act", application.uuid, act, data=data)
    assert response.status_code == 422, said(response)
    assert list(errors_of(response)) == [place]
    assert said(response) == []
    assert "<title>Error:" in response.content.decode()
    return response


def section(page, heading):
    """The text of one section of the page, by its heading; empty when there is none."""
    return page.partition(f">{heading}</h2>")[2].partition("</section>")[0]


# --- what it shows ----------------------------------------------------------------------------------------------------


def test_the_page_asks_few_questions(desk, house):
    path = address(house.application)
    desk.client.get(path)
    with CaptureQueriesContext(connection) as queries:
        response = desk.client.get(path)
    assert response.status_code == 200
    asked = [row["sql"] for row in queries.captured_queries if not row["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) <= 16, "\n".join(asked)


def test_it_shows_findings_evidence_references_words_and_history(desk, house):
    page = desk.get("application", house.application.uuid)
    for words in (
        "All that is asked for before the award is met.", "Specialized in-service training",
        "transcript-of-records.pdf", "Adaeze Stonebrook", "How are you getting on?", "Petra Lindenau",
        "Read the ratings", "Under review",
    ):  # fmt: skip
        assert words in page, words


def test_what_stops_nothing_is_not_in_the_way(desk, house):
    """A membership that ends before the review does is worth a look; a missing signature is in the way."""
    page = desk.get("application", house.application.uuid)
    assert section(page, "Worth a look") == ""
    house.owner.memberships.filter(state="confirmed").update(ends_on=day(20))
    page = desk.get("application", house.application.uuid)
    assert "All that is asked for before the award is met." in section(page, "In the way")
    assert section(page, "Worth a look").count("finding--waiting") == 1
    house.application.signatures.filter(text__kind="ethics").delete()
    page = desk.get("application", house.application.uuid)
    assert section(page, "In the way").count("finding--short") == 1
    assert section(page, "Worth a look").count("finding--waiting") == 1


def test_a_draft_shows_progress_and_no_content(desk, house):
    page = desk.get("application", house.draft.uuid)
    assert "Before the submission you see how far the applicant is, not what they wrote." in page
    assert "transcript-of-records.pdf" not in page
    assert reverse("coordination:application_ratings", args=["xx-pr", house.draft.uuid]) not in page


def test_opening_it_marks_what_the_applicant_wrote_as_read(desk, house):
    house.stage.write(house.application, house.owner.user, "Is anything missing?", days=-1)
    assert Message.objects.filter(from_staff=False, read_at__isnull=True).count() == 1
    assert "Samir Birchwell asks" in desk.get("today")
    desk.get("application", house.application.uuid)
    assert Message.objects.filter(from_staff=False, read_at__isnull=True).count() == 0


def test_what_is_offered_follows_the_status(house):
    def offered(application):
        read = application_dossier(application, timezone.now())
        return [name for name, act in ACTS.items() if act.possible(read)]

    assert offered(one(house, "draft")) == ["message"]
    assert offered(one(house)) == ["message", "ask", "assign", "unassign"]
    assert offered(house.decision.application) == ["message", "ask", "assign"]
    house.stage.coordinator = house.coordinator
    Decision.objects.filter(pk=house.decision.pk).update(discarded_at=timezone.now())
    assert offered(house.decision.application) == ["message", "ask", "assign", "decide"]


def test_each_possible_act_has_its_empty_form(house):
    read = application_dossier(one(house), timezone.now())
    found = forms_for(house.home, read)
    assert set(found) == {"message", "ask", "assign", "unassign"}
    assert [form.is_bound for form in found.values()] == [False] * 4


# --- messages ---------------------------------------------------------------------------------------------------------


def test_a_message_is_written(desk, house):
    before = Message.objects.count()
    words = desk.done("application_act", house.application.uuid, "message", data={"message-body": "All is well."})
    assert words == ["success: Your message is there. The mail carries a link, not your words."]
    newest = Message.objects.latest("pk")
    assert (Message.objects.count(), newest.body, newest.from_staff) == (before + 1, "All is well.", True)


@pytest.mark.parametrize("body", ["", "   ", "x" * 4001, "nul \x00 byte"])
def test_an_odd_message_is_not_written(desk, house, body):
    before = Message.objects.count()
    refused(desk, house.application, "message", {"message-body": body}, "body")
    assert Message.objects.count() == before


# --- asking for more --------------------------------------------------------------------------------------------------


def test_more_is_asked_for(desk, house):
    data = {
        "ask-requirement_key": "training", "ask-text": "The certificate of May.", "ask-due_on": day(10).isoformat(),
    }  # fmt: skip
    assert desk.done("application_act", house.application.uuid, "ask", data=data) == [
        "success: The applicant has a new task and a mail that says so."
    ]
    row = ChangeRequest.objects.get(application=house.application)
    assert (row.requirement_key, row.text, row.due_on) == ("training", "The certificate of May.", day(10))
    assert one(house).status == Status.CHANGES_REQUESTED
    assert ReviewAssignment.objects.get(application=house.application).state == AssignmentState.REMOVED
    assert "Waiting for the applicant" in desk.get("application", house.application.uuid)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"ask-text": ""}, "text"),
        ({"ask-text": "More", "ask-due_on": "2020-01-01"}, "due_on"),
        ({"ask-text": "More", "ask-due_on": "soon"}, "due_on"),
        ({"ask-text": "More", "ask-requirement_key": "nothing-like-it"}, "requirement_key"),
    ],
)
def test_an_odd_wish_is_refused_by_its_field(desk, house, data, place):
    response = refused(desk, house.application, "ask", data, place)
    assert data["ask-text"] in response.content.decode()
    assert ChangeRequest.objects.count() == 0
    assert one(house).status == Status.UNDER_REVIEW


def test_nothing_is_asked_of_a_draft(desk, house):
    refused(desk, house.draft, "ask", {"ask-text": "More, please."}, "__all__")
    assert ChangeRequest.objects.count() == 0


# --- reviewers --------------------------------------------------------------------------------------------------------


def test_a_second_reviewer_is_asked_and_the_request_taken_back(desk, house):
    data = {"assign-reviewer": str(house.other_reviewer.uuid), "assign-due_on": day(9).isoformat()}
    assert desk.done("application_act", house.application.uuid, "assign", data=data) == [
        "success: The reviewer is asked and has a mail that says so."
    ]
    row = ReviewAssignment.objects.get(application=house.application, reviewer=house.other_reviewer)
    assert (row.state, row.due_on, row.assigned_by) == ("assigned", day(9), house.coordinator)

    back = {"unassign-assignment": str(row.uuid)}
    assert desk.done("application_act", house.application.uuid, "unassign", data=back) == [
        "success: The request to review is taken back."
    ]
    row.refresh_from_db()
    assert row.state == AssignmentState.REMOVED
    response = refused(desk, house.application, "unassign", back, "assignment")
    assert "This review was sent, declined or taken back already." in response.content.decode()


@pytest.mark.parametrize(
    ("who", "due", "place"),
    [
        ("reviewer", 5, "__all__"),
        ("owner", 5, "reviewer"),
        ("other_reviewer", -5, "due_on"),
    ],
)
def test_an_odd_assignment_is_refused(desk, house, who, due, place):
    """Asked already; no reviewer at all; a day that has passed."""
    person = getattr(house, who)
    uuid = getattr(person, "user", None) and person.user.uuid if who == "owner" else person.uuid
    data = {"assign-reviewer": str(uuid), "assign-due_on": day(due).isoformat()}
    refused(desk, house.application, "assign", data, place)
    assert house.application.assignments.count() == 1


def test_a_reviewer_without_the_role_is_not_offered(desk, house):
    house.other_reviewer.staff_roles.update(ends_at=timezone.now())
    assert "Ruben Larkspur" not in desk.get("application", house.application.uuid)
    house.reviewer.staff_roles.update(ends_at=timezone.now())
    assert "No reviewer has a role here yet." in desk.get("application", house.application.uuid)


# --- decisions --------------------------------------------------------------------------------------------------------


def reviewed(house, name, code, recommendation):
    application = demo.ready(house.stage, house.cohort, name, code, "", "")
    house.stage.submit(application, days=-12)
    house.stage.assign(application, days=-10)
    house.stage.review(application, recommendation, days=-6)
    return Application.objects.get(pk=application.pk)


CASES = {
    "endorsed": ("IFS", ReviewRecommendation.ENDORSE, Outcome.ENDORSED, {}, Status.ENDORSED),
    "exam": ("IMHM-C", ReviewRecommendation.APPROVE_FOR_EXAM, Outcome.APPROVED_FOR_EXAM, {}, Status.APPROVED_FOR_EXAM),
    "deferred": (
        "IFA", ReviewRecommendation.DEFER, Outcome.DEFERRED,
        {"decide-tasks": "One more training.\n\n  Say more about work in pregnancy. ", "decide-due_on": "2099-01-01"},
        Status.DEFERRED,
    ),
    "not endorsed": ("ECFA", ReviewRecommendation.NOT_ENDORSE, Outcome.NOT_ENDORSED, {}, Status.NOT_ENDORSED),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_outcome_is_recorded_then_released_from_the_pages(desk, house, case):
    code, recommendation, outcome, more, status = CASES[case]
    application = reviewed(house, "Verity Marshfield", code, recommendation)
    assert f'<option value="{outcome.value}">' in desk.get("application", application.uuid)
    data = {"decide-outcome": outcome.value, "decide-message": "With our warm regards."} | more
    assert desk.done("application_act", application.uuid, "decide", data=data) == [
        "success: The decision is recorded. The applicant sees it when you release it."
    ]
    decision = Decision.objects.get(application=application)
    assert (decision.outcome, decision.message) == (outcome, "With our warm regards.")
    if case == "deferred":
        assert [task.text for task in decision.tasks.all()] == [
            "One more training.",
            "Say more about work in pregnancy.",
        ]
        assert "Say more about work in pregnancy." in desk.get("decisions")
    assert "Release or discard it" in desk.get("application", application.uuid)
    application.refresh_from_db()
    assert application.status == Status.REVIEWED

    desk.done("decision_act", decision.uuid, "release")
    application.refresh_from_db()
    assert application.status == status
    assert Endorsement.objects.filter(person=application.person).exists() is (status == Status.ENDORSED)


def test_emerging_is_recorded_and_released(desk, house):
    from applications.enums import Action
    from competencies.models import Category

    base = house.endorsement.person
    category = Category.objects.get(code="ERS-IMH")
    application = house.stage.start(base, category, days=-4, asks_emerging=True)
    for reference in house.stage.invite(application, days=-4):
        house.stage.rate(reference, days=-3)
    house.stage.sign_texts(application, days=-3)
    house.stage.submit(application, days=-3)
    house.stage.assign(application, days=-2)
    house.stage.review(application, ReviewRecommendation.EMERGING, days=-1)
    desk.done("application_act", application.uuid, "decide", data={"decide-outcome": "emerging"})
    desk.done("decision_act", Decision.objects.get(application=application).uuid, "release")
    application.refresh_from_db()
    assert application.status == Status.EMERGING
    assert application.status_changes.latest("pk").action == Action.RELEASE_EMERGING
    assert "Emerging" in desk.get("registry", category="ERS-IMH")


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"decide-outcome": "crowned"}, "outcome"),
        ({"decide-outcome": "deferred"}, "tasks"),
        ({"decide-outcome": "endorsed", "decide-tasks": "One more training."}, "tasks"),
        ({"decide-outcome": "deferred", "decide-tasks": "x" * 1001}, "tasks"),
        ({"decide-outcome": "deferred", "decide-tasks": "Read.", "decide-due_on": "2020-01-01"}, "due_on"),
        ({"decide-outcome": "endorsed", "decide-message": "x" * 4001}, "message"),
    ],
)
def test_an_odd_decision_is_refused_by_its_field(desk, house, data, place):
    Decision.objects.filter(pk=house.decision.pk).update(discarded_at=timezone.now())
    refused(desk, house.decision.application, "decide", data, place)
    assert Decision.objects.filter(discarded_at__isnull=True, application=house.decision.application).count() == 0


def test_a_second_decision_waits_for_the_first(desk, house):
    response = refused(
        desk,
        house.decision.application,
        "decide",
        {"decide-outcome": "endorsed", "decide-message": "Again."},
        "__all__",
    )
    assert "A decision is recorded already and waits for its release. Discard it first." in response.content.decode()
    assert house.decision.application.decisions.filter(discarded_at__isnull=True).count() == 1


def test_a_decision_is_never_chosen_beforehand(desk, house):
    application = house.decision.application
    desk.done("decision_act", house.decision.uuid, "discard")
    choice = desk.get("application", application.uuid).partition('name="decide-outcome"')[2].partition("</select>")[0]
    assert '<option value="" selected>Choose an outcome</option>' in choice
    response = refused(desk, application, "decide", {"decide-message": "Dear you."}, "outcome")
    page = response.content.decode()
    assert "Choose the outcome." in page
    assert "Dear you." in page
    assert application.decisions.filter(discarded_at=None).count() == 0


# --- the exam ---------------------------------------------------------------------------------------------------------


def test_results_of_both_parts_lead_to_the_award(desk, house):
    application = reviewed(house, "Leonie Marshfield", "IMHM-C", ReviewRecommendation.APPROVE_FOR_EXAM)
    house.stage.decide(application, Outcome.APPROVED_FOR_EXAM, days=-5)
    for part in (1, 2):
        data = {"exam-part": part, "exam-sat_on": day(-1).isoformat(), "exam-passed": "yes"}
        assert desk.done("application_act", application.uuid, "exam", data=data) == ["success: The result is recorded."]
    assert list(ExamResult.objects.values_list("part", "passed")) == [(1, True), (2, True)]
    assert "Part 2" in desk.get("application", application.uuid)
    desk.done("application_act", application.uuid, "decide", data={"decide-outcome": "endorsed"})
    desk.done("decision_act", Decision.objects.get(application=application, released_at=None).uuid, "release")
    application.refresh_from_db()
    assert application.status == Status.ENDORSED


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"exam-part": "1", "exam-sat_on": "2099-01-01", "exam-passed": "yes"}, "sat_on"),
        ({"exam-part": "3", "exam-sat_on": "2026-01-01", "exam-passed": "yes"}, "part"),
        ({"exam-part": "1", "exam-sat_on": "2026-01-01", "exam-passed": "perhaps"}, "passed"),
    ],
)
def test_an_odd_result_is_refused_by_its_field(desk, house, data, place):
    application = reviewed(house, "Leonie Marshfield", "IMHM-C", ReviewRecommendation.APPROVE_FOR_EXAM)
    house.stage.decide(application, Outcome.APPROVED_FOR_EXAM, days=-5)
    refused(desk, application, "exam", data, place)
    assert ExamResult.objects.count() == 0


def test_a_result_without_the_approval_is_refused(desk, house):
    data = {"exam-part": "1", "exam-sat_on": "2026-01-01", "exam-passed": "no"}
    response = refused(desk, house.application, "exam", data, "__all__")
    assert "This person is not approved to sit the exam." in response.content.decode()


# --- the ratings ------------------------------------------------------------------------------------------------------


def test_reading_the_ratings_is_on_record_for_each(desk, house):
    before = AuditEvent.objects.latest("pk").pk
    page = desk.get("application_ratings", house.application.uuid)
    assert "Adaeze Stonebrook" in page
    assert "Steady, kind and clear with families." in page
    assert "The applicant waived the right to hear about this rating." in page
    read = AuditEvent.objects.filter(pk__gt=before)
    assert [row.verb for row in read] == ["rating.read"] * 3
    assert {row.actor_id for row in read} == {str(house.coordinator.uuid)}


@pytest.mark.parametrize(("kind", "reads"), [("reviewers", 3), ("applicant", 0)])
def test_taking_a_packet_with_ratings_is_on_record_for_each(desk, house, kind, reads):
    packet = house.application.submissions.latest("number").packets.get(kind=kind)
    packet.file, packet.state = house.evidence.file, "ready"
    packet.save()
    before = AuditEvent.objects.latest("pk").pk
    desk.get("application_packet", house.application.uuid, packet.uuid)
    read = AuditEvent.objects.filter(pk__gt=before)
    assert [row.verb for row in read] == ["rating.read"] * reads
    assert {row.actor_id for row in read} == ({str(house.coordinator.uuid)} if reads else set())


def test_a_rating_kept_says_what_may_be_told(desk, house):
    house.application.references.update(waived=False)
    page = desk.get("application_ratings", house.application.uuid)
    assert "you may tell the applicant why in your own words" in page


def test_ratings_of_a_draft_are_not_read(desk, house):
    before = AuditEvent.objects.count()
    desk.get("application_ratings", house.draft.uuid, answers=404)
    assert AuditEvent.objects.count() == before


def test_nobody_reads_the_ratings_of_their_own_application(desk, house, sit):
    from tests.factories.members import StaffRoleFactory
    from tests.house.world import second_factor

    StaffRoleFactory(user=house.owner.user, association=house.home)
    second_factor(house.owner.user)
    sit(house.owner.user).get("application_ratings", house.application.uuid, answers=404)


def test_an_application_without_ratings_says_so(desk, house):
    from applications.models import Rating

    Rating.objects.filter(reference__application=house.application).update(submitted_at=None, valid_until=None)
    assert "No rating yet" in desk.get("application_ratings", house.application.uuid)
