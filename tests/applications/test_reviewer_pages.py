"""The reviewer's pages: the queue, the sheet, marks, sending, stepping back, and what stays closed to others."""

import copy
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.enums import AssignmentState, PacketKind, PacketState, ReferenceState, Status
from applications.models import Application, Packet, Rating, ReviewAssignment
from applications.queries.reviewer_pages import queue, sheet
from applications.queries.reviews import keys_to_mark
from competencies.models import Evidence
from coordination.seeding import demo
from endorsement_portal.audit.models import AuditEvent
from tests.house.world import House, standing


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:
    with standing(django_db_blocker) as house:
        yield house


@pytest.fixture
def house(_built: House, db: None) -> House:
    return copy.deepcopy(_built)


@pytest.fixture
def work(house):
    """The open assignment."""
    return house.application.assignments.get()


@pytest.fixture
def reader(house):
    client = Client()
    client.force_login(house.reviewer)
    return client


def url(name, row, *args):
    return reverse(f"reviews:{name}", args=[row.uuid, *args])


def page(client, address, answers=200, **query):
    response = client.get(address, query)
    assert response.status_code == answers, address
    response.close()
    return "" if response.streaming else response.content.decode()


def said(response):
    return [f"{message.level_tag}: {message}" for message in get_messages(response.wsgi_request)]


def mark_all(client, work, verdict="met"):
    for key in keys_to_mark(work):
        client.post(url("mark", work), {"requirement": key, "verdict": verdict, "note": f"About {key}."})


# --- the queue --------------------------------------------------------------------------------------------------------


def test_the_queue_lists_ones_own_reviews_by_due_date(reader, house):
    html = page(reader, reverse("reviews:queue"))
    assert "Samir Birchwell" in html
    assert "0 requirements marked." in html
    assert "Esperanza Hazelgate" in html
    other = Client()
    other.force_login(house.other_reviewer)
    assert "Nothing to review" in page(other, reverse("reviews:queue"))


def test_what_is_to_do_comes_first_by_its_due_date_then_what_was_sent(house, work):
    """The finished one was due long before; a second finished one was sent later."""
    sent = ReviewAssignment.objects.get(application=house.decision.application)
    newer = ReviewAssignment.objects.filter(state=AssignmentState.SUBMITTED).exclude(pk=sent.pk).get()
    ReviewAssignment.objects.filter(pk=sent.pk).update(due_on="2020-01-01", submitted_at="2026-01-01T12:00Z")
    ReviewAssignment.objects.filter(pk=newer.pk).update(due_on="2020-01-02", submitted_at="2026-02-01T12:00Z")
    late = ReviewAssignment.objects.create(
        application=house.draft, submission_number=1, reviewer=house.reviewer, assigned_by=house.coordinator,
        due_on="2026-01-01",
    )  # fmt: skip
    assert list(queue(house.reviewer)) == [late, work, newer, sent]


def primary_acts(html):
    return re.findall(r'class="btn btn-primary"[^>]*>([^<]+)<', html)


def test_the_sheet_has_one_primary_act(reader, work):
    """Marking, until all is marked; then sending."""
    assert primary_acts(page(reader, url("assignment", work))) == ["Save and next"]
    mark_all(reader, work)
    assert primary_acts(page(reader, url("assignment", work))) == ["Check and send"]
    assert primary_acts(page(reader, url("submit", work))) == ["Send my review"]


@pytest.mark.parametrize(
    ("query", "samir", "esperanza"),
    [
        ({"state": "assigned"}, True, False),
        ({"state": "submitted"}, False, True),
        ({"search": "samir"}, True, False),
        ({"state": "declined"}, True, True),
        ({"search": "x" * 500}, True, True),
        ({"search": "nul \x00"}, True, True),
        ({"page": "10000000000000000000000"}, True, True),
    ],
)
def test_filters_narrow_and_odd_ones_mean_all(reader, query, samir, esperanza):
    html = page(reader, reverse("reviews:queue"), **query)
    assert ("Samir Birchwell" in html, "Esperanza Hazelgate" in html) == (samir, esperanza)


def test_the_queue_finds_a_reference_number(reader, house):
    html = page(reader, reverse("reviews:queue"), search=house.application.reference_number)
    assert ("Samir Birchwell" in html, "Esperanza Hazelgate" in html) == (True, False)


# --- the sheet --------------------------------------------------------------------------------------------------------


def test_the_sheet_shows_a_requirement_beside_its_evidence(reader, work):
    html = page(reader, url("assignment", work), requirement="training")
    assert "0 of 7 marked" in html
    assert "Relationships first, part 1" in html
    assert "Other reviewers&#x27; marks stay hidden." in html or "Other reviewers' marks stay hidden." in html


def test_the_sheet_asks_few_questions(reader, work):
    address = url("assignment", work)
    reader.get(address)
    with CaptureQueriesContext(connection) as queries:
        reader.get(address)
    assert len(queries.captured_queries) <= 12


@pytest.mark.parametrize("key", ["", "no-such-rule", "\x00", "x" * 500])
def test_an_odd_requirement_shows_the_first_that_is_not_marked(reader, work, key):
    first = keys_to_mark(work)[0]
    html = page(reader, url("assignment", work), requirement=key)
    assert f'name="requirement" value="{first}"' in html


def test_a_requirement_without_a_mark_says_so(reader, work):
    assert "Nothing to mark here." in page(reader, url("assignment", work), requirement="cv")


def test_files_of_the_entries_stand_beside_them(reader, house, work):
    assert "All 2 files of this submission" in page(reader, url("assignment", work))
    therapist = demo.ready(house.stage, house.cohort, "Verity Marshfield", "IMHS", "", "")
    house.stage.submit(therapist, days=-3)
    house.stage.assign(therapist, days=-2)
    theirs = therapist.assignments.get()
    keys = [row.block.key for row in sheet(theirs).criteria if row.attachments]
    html = page(reader, url("assignment", theirs), requirement=keys[0])
    assert '<p class="evidence__name">' in html


# --- marking ----------------------------------------------------------------------------------------------------------


def test_a_mark_is_kept_and_leads_to_the_next(reader, work):
    keys = [row.block.key for row in sheet(work).criteria]
    response = reader.post(url("mark", work), {"requirement": "training", "verdict": "met", "note": " Clear. "})
    onward = keys[keys.index("training") + 1]
    assert response["Location"] == f"{url('assignment', work)}?requirement={onward}"
    row = work.marks.get()
    assert (row.requirement_key, row.met, row.note) == ("training", True, "Clear.")
    html = page(reader, url("assignment", work), requirement="training")
    assert 'value="met" checked' in html
    assert "Clear." in html


def test_a_mark_is_changed_and_taken_back(reader, work):
    for verdict, met in (("not_met", False), ("", None)):
        reader.post(url("mark", work), {"requirement": "training", "verdict": verdict, "note": ""})
        assert work.marks.get().met is met
    reader.post(url("mark", work), {"requirement": "training", "verdict": "not_met"})
    assert 'value="not_met" checked' in page(reader, url("assignment", work), requirement="training")


def test_the_last_requirement_stays_in_view(reader, work):
    last = [row.block.key for row in sheet(work).criteria][-1]
    marked = keys_to_mark(work)[-1]
    response = reader.post(url("mark", work), {"requirement": marked, "verdict": "met"})
    assert response.status_code == 302
    assert last in [row.block.key for row in sheet(work).criteria]
    criteria = sheet(work)
    assert criteria.neighbor(criteria.criteria[-1], 1) == ""
    assert criteria.neighbor(criteria.criteria[0], -1) == ""


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"requirement": "training", "verdict": "perhaps", "note": "My long note."}, "verdict"),
        ({"requirement": "training", "verdict": "met", "note": "My long note." + "x" * 2000}, "note"),
        ({"requirement": "no-such-rule", "verdict": "met", "note": "My long note."}, "__all__"),
        ({"requirement": "", "verdict": "met", "note": "My long note."}, "requirement"),
        ({"requirement": "x" * 61, "verdict": "met", "note": "My long note."}, "requirement"),
    ],
)
def test_an_odd_mark_is_refused_and_the_note_kept(reader, work, data, place):
    response = reader.post(url("mark", work), data)
    assert response.status_code == 422
    assert list(response.context["mark_form"].errors) == [place]
    assert "My long note." in response.content.decode()
    assert work.marks.count() == 0


# --- sending ----------------------------------------------------------------------------------------------------------


def test_sending_is_refused_until_everything_is_marked(reader, work):
    html = page(reader, url("submit", work))
    assert "Not marked" in html
    response = reader.post(url("submit", work), {"recommendation": "endorse", "summary": "All clear, warmly."})
    assert response.status_code == 422
    assert response.context["form"].errors == {"__all__": ["Mark every requirement first: 7 left."]}
    assert "All clear, warmly." in response.content.decode()
    assert ReviewAssignment.objects.get(pk=work.pk).state == AssignmentState.ASSIGNED


def test_a_complete_review_is_sent_and_can_be_read_again(reader, house, work):
    mark_all(reader, work)
    response = reader.post(url("submit", work), {"recommendation": "endorse", "summary": "All clear."})
    assert response["Location"] == reverse("reviews:queue")
    assert said(response) == ["success: Your review is sent. Thank you."]
    work.refresh_from_db()
    assert (work.state, work.recommendation, work.summary) == ("submitted", "endorse", "All clear.")
    assert Application.objects.get(pk=house.application.pk).status == Status.REVIEWED
    html = page(reader, url("assignment", work), requirement="training")
    assert "You marked: met" in html
    assert "About training." in html
    assert 'name="verdict"' not in html
    assert "This review is sent or closed." in page(reader, url("submit", work))

    late = reader.post(url("mark", work), {"requirement": "training", "verdict": "not_met", "note": "Too late"})
    assert late.context["mark_form"].errors == {"__all__": ["This review is closed."]}
    assert work.marks.get(requirement_key="training").met is True


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"recommendation": "", "summary": "Fine."}, "recommendation"),
        ({"recommendation": "approve_for_exam", "summary": "Fine."}, "recommendation"),
        ({"recommendation": "endorse", "summary": "  "}, "summary"),
        ({"recommendation": "endorse", "summary": "x" * 4001}, "summary"),
    ],
)
def test_an_odd_review_is_not_sent(reader, work, data, place):
    mark_all(reader, work, verdict="not_met")
    response = reader.post(url("submit", work), data)
    assert list(response.context["form"].errors) == [place]
    assert ReviewAssignment.objects.get(pk=work.pk).state == AssignmentState.ASSIGNED


# --- stepping back ----------------------------------------------------------------------------------------------------


def test_a_reviewer_gives_an_application_back(reader, work):
    response = reader.post(url("decline", work), {"reason": "I know the family."})
    assert response["Location"] == reverse("reviews:queue")
    assert said(response) == ["success: The coordinator will ask somebody else."]
    work.refresh_from_db()
    assert (work.state, work.decline_reason) == ("declined", "I know the family.")
    page(reader, url("assignment", work), answers=404)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_giving_back_needs_a_reason(reader, work, reason):
    response = reader.post(url("decline", work), {"reason": reason})
    assert (response.status_code, list(response.context["decline_form"].errors)) == (422, ["reason"])
    assert '<details class="mt-4" open>' in response.content.decode()
    assert ReviewAssignment.objects.get(pk=work.pk).state == AssignmentState.ASSIGNED


def test_a_review_that_was_sent_is_not_given_back(reader, house):
    sent = ReviewAssignment.objects.get(reviewer=house.reviewer, application=house.decision.application)
    response = reader.post(url("decline", sent), {"reason": "Too late."})
    assert response.context["decline_form"].errors == {
        "__all__": ["This review was sent, declined or taken back already."]
    }
    sent.refresh_from_db()
    assert sent.state == AssignmentState.SUBMITTED


# --- ratings, evidence, packet ----------------------------------------------------------------------------------------


def test_reading_the_ratings_is_on_record_for_each_one_shown(reader, house, work):
    late = house.application.references.order_by("id").last()
    Rating.objects.filter(reference=late).update(submitted_at=timezone.now())
    before = AuditEvent.objects.latest("pk").pk
    html = page(reader, url("ratings", work))
    assert "Adaeze Stonebrook" in html
    assert late.rater.name not in html
    read = AuditEvent.objects.filter(pk__gt=before)
    assert [row.verb for row in read] == ["rating.read"] * 2
    assert {row.actor_id for row in read} == {str(house.reviewer.uuid)}


def test_without_ratings_nothing_is_recorded(reader, house, work):
    Rating.objects.filter(reference__application=house.application).update(submitted_at=None, valid_until=None)
    house.application.references.update(state=ReferenceState.STARTED)
    before = AuditEvent.objects.count()
    assert "No rating yet" in page(reader, url("ratings", work))
    assert AuditEvent.objects.count() == before


def test_evidence_of_this_submission_and_no_other(reader, house, work):
    page(reader, url("evidence", work, house.evidence.file.uuid))
    foreign = Evidence.objects.filter(person=house.draft.person).first()
    page(reader, url("evidence", work, foreign.file.uuid), answers=404)
    page(reader, url("evidence", work, uuid.uuid4()), answers=404)
    page(reader, url("evidence", work, house.membership.proof.uuid), answers=404)


def test_the_reviewers_packet_once_it_is_ready(reader, house, work):
    page(reader, url("packet", work), answers=404)
    made = Packet.objects.get(submission__application=house.application, kind=PacketKind.REVIEWERS)
    file = house.evidence.file
    made.file, made.sha256, made.state = file, file.sha256, PacketState.READY
    made.save()
    page(reader, url("packet", work))
    assert reverse("reviews:packet", args=[work.uuid]) in page(reader, url("assignment", work))


def test_taking_the_reviewers_packet_is_on_record_for_each_rating_in_it(reader, house, work):
    late = house.application.references.order_by("id").last()
    Rating.objects.filter(reference=late).update(submitted_at=timezone.now())
    made = Packet.objects.get(submission__application=house.application, kind=PacketKind.REVIEWERS)
    file = house.evidence.file
    made.file, made.sha256, made.state = file, file.sha256, PacketState.READY
    made.save()
    before = AuditEvent.objects.latest("pk").pk
    page(reader, url("packet", work))
    read = AuditEvent.objects.filter(pk__gt=before)
    assert [row.verb for row in read] == ["rating.read"] * 2
    assert {row.actor_id for row in read} == {str(house.reviewer.uuid)}
    assert str(late.uuid) not in {row.object_id for row in read}


# --- who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["assignment", "submit", "ratings", "packet"])
def test_a_revoked_role_closes_every_page_at_once(reader, house, work, name):
    house.reviewer.staff_roles.update(ends_at=timezone.now())
    page(reader, url(name, work), answers=404)


@pytest.mark.parametrize("name", ["mark", "submit", "decline"])
@pytest.mark.parametrize("who", ["other_reviewer", "coordinator"])
def test_another_persons_review_does_not_exist(house, work, name, who):
    client = Client()
    client.force_login(getattr(house, who))
    assert client.post(url(name, work), {"requirement": "training", "verdict": "met"}).status_code == 404
    assert work.marks.count() == 0


def test_a_review_taken_back_is_gone(reader, house, work):
    from applications.actions import reviews

    reviews.remove(assignment=work, by=house.coordinator)
    page(reader, url("assignment", work), answers=404)
    assert "Samir Birchwell" not in page(reader, reverse("reviews:queue"))
