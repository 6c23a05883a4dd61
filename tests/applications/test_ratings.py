"""The rating: opened, saved, sent once, declined, corrected, read on record."""

import datetime

import pytest

from applications.actions import rating_items, ratings
from applications.actions.ratings import Answers
from applications.enums import ReferenceState, Status
from applications.models import Application, Rating, RatingItem
from applications.queries.references import answers_of, current_rating
from applications.rating_texts import STATEMENTS
from competencies.models import Category, CategoryCompetency, Edition
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.workflow import LostRace, NotAllowed
from tests.applications.rating_desk import asked, codes, full, link_of
from tests.factories.applications import ApplicationFactory
from tests.factories.cohorts import CohortFactory, EnrolmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(association, applicant):
    return ApplicationFactory(
        enrolment=EnrolmentFactory(cohort=CohortFactory(association=association), person=applicant)
    )


@pytest.fixture
def reference(application, now):
    return asked(application, now)


@pytest.fixture
def link(reference, now):
    return link_of(reference, now)


def send(reference, link, now, **values):
    answers = values.pop("answers", None) or full(reference.application)
    return ratings.submit(
        **{
            "reference": reference,
            "link": link,
            "answers": answers,
            "seen": 0,
            "explanation_asked": False,
            "now": now,
            **values,
        }
    )


def refusal(act, *args, **values):
    with pytest.raises(NotAllowed) as caught:
        act(*args, **values)
    return [finding.requirement for finding in caught.value.findings]


def test_opening_once(reference, link, now):
    ratings.open(reference=reference, link=link, now=now)
    ratings.open(reference=reference, link=link, now=now + datetime.timedelta(days=1))
    assert (reference.state, reference.opened_at) == (ReferenceState.OPENED, now)
    assert AuditEvent.objects.filter(verb="rating.opened").count() == 1


def test_a_first_save_starts_the_rating(reference, link, now):
    code = codes(reference.application)[0]
    rating = ratings.save(reference=reference, link=link, answers=Answers({code: None}), seen=0, now=now)
    reference.refresh_from_db()
    assert (reference.state, reference.started_at, rating.save_number) == (ReferenceState.STARTED, now, 1)
    assert answers_of(rating) == {code: None}


def test_a_save_replaces_what_was_there(reference, link):
    first, second = codes(reference.application)[:2]
    ratings.save(reference=reference, link=link, answers=Answers({first: 1, second: 2}), seen=0)
    rating = ratings.save(reference=reference, link=link, answers=Answers({second: 4}), seen=1)
    assert answers_of(rating) == {second: 4}


def test_a_save_takes_only_what_the_form_asks(reference, link):
    code = codes(reference.application)[0]
    answers = Answers({code: 9, "XX.unknown": 2}, recommendation="perhaps")
    rating = ratings.save(reference=reference, link=link, answers=answers, seen=0)
    assert (answers_of(rating), rating.recommendation) == ({}, "")


def test_an_older_page_overwrites_nothing(reference, link):
    code = codes(reference.application)[0]
    ratings.save(reference=reference, link=link, answers=Answers({code: 4}), seen=0)
    assert refusal(ratings.save, reference=reference, link=link, answers=Answers({code: 1}), seen=0) == [
        "saved_elsewhere"
    ]
    assert answers_of(current_rating(reference)) == {code: 4}


def test_an_older_page_may_win_when_the_rater_says_so(reference, link):
    code = codes(reference.application)[0]
    ratings.save(reference=reference, link=link, answers=Answers({code: 4}), seen=0)
    rating = ratings.save(reference=reference, link=link, answers=Answers({code: 1}), seen=None)
    assert (answers_of(rating), rating.save_number) == ({code: 1}, 2)


def test_sending(reference, link, now):
    rating = send(reference, link, now)
    reference.refresh_from_db()
    link.refresh_from_db()
    assert (reference.state, reference.ended_at) == (ReferenceState.RECEIVED, now)
    assert (rating.submitted_at, rating.valid_until) == (now, datetime.date(2027, 5, 12))
    assert (link.use_count, link.revoked_at) == (1, None)
    assert set(OutgoingMessage.objects.exclude(kind="rating_invitation").values_list("key", flat=True)) == {
        f"rate-done:{reference.uuid}:1",
        f"rate-state:{reference.uuid}:received",
    }


def test_the_day_it_counts_from_is_the_associations(reference, link):
    late = datetime.datetime(2026, 5, 13, 3, 0, tzinfo=datetime.UTC)
    assert send(reference, link, late).valid_until == datetime.date(2027, 5, 12)


def test_a_second_sending_gets_already_received(reference, link, now):
    send(reference, link, now)
    with pytest.raises(LostRace) as caught:
        send(reference, link, now, seen=1)
    assert caught.value.findings[0].requirement == "received"
    assert Rating.objects.count() == 1


def test_sending_from_an_older_page_is_refused(reference, link, now):
    ratings.save(reference=reference, link=link, answers=Answers({}), seen=0)
    assert refusal(send, reference, link, now, seen=0) == ["saved_elsewhere"]
    assert Rating.objects.get().submitted_at is None


def test_missing_answers_are_named(reference, link, now):
    items = dict.fromkeys(codes(reference.application), 3)
    gone = items.popitem()[0]
    answers = full(reference.application, items=items, recommendation="")
    assert refusal(send, reference, link, now, answers=answers) == [f"item:{gone}", "recommendation"]
    assert Rating.objects.count() == 0


def test_too_little_information_cannot_be_sent(reference, link, now):
    items = {code: None if number < 6 else 3 for number, code in enumerate(codes(reference.application))}
    assert refusal(send, reference, link, now, answers=full(reference.application, items=items)) == ["not_enough"]


def test_a_contradiction_is_asked_about_once(reference, link, now):
    answers = full(reference.application, value=1)
    assert refusal(send, reference, link, now, answers=answers) == ["explanation"]
    rating = send(reference, link, now, answers=answers, explanation_asked=True)
    assert (rating.explanation, rating.submitted_at) == ("", now)


def test_sending_needs_a_rule(reference, link, now, monkeypatch):
    monkeypatch.setattr(ratings, "rule_of", lambda application: None)
    assert refusal(send, reference, link, now) == ["no_references"]


def test_a_sent_rating_takes_no_save(reference, link, now):
    rating = send(reference, link, now)
    reference.state = ReferenceState.STARTED
    reference.save(update_fields=["state"])
    assert refusal(ratings.save, reference=reference, link=link, answers=Answers({}), seen=1) == ["received"]
    assert rating.save_number == 1


def test_declining_keeps_the_reason_from_the_applicant(reference, link, now):
    ratings.decline(reference=reference, link=link, reason="conflict", note="CANARY", now=now)
    mail = OutgoingMessage.objects.get(kind="rating_state")
    assert (reference.state, reference.decline_reason, reference.decline_note) == ("declined", "conflict", "CANARY")
    assert mail.context["state"] == "declined"
    assert "CANARY" not in str(mail.context)
    assert "conflict" not in str(mail.context)


def test_a_declined_request_takes_no_rating(reference, link, now):
    ratings.decline(reference=reference, link=link, reason="no_time", now=now)
    assert refusal(send, reference, link, now) == ["not_asked"]
    assert refusal(ratings.decline, reference=reference, link=link, reason="other") == ["not_asked"]


def test_whoever_answers_second_loses(reference, link, now):
    """The other answer came between this one's look and its write."""
    type(reference).objects.filter(pk=reference.pk).update(state=ReferenceState.DECLINED)
    with pytest.raises(LostRace):
        ratings._end(reference, ReferenceState.RECEIVED, now)


def test_an_ended_application_takes_no_rating(reference, link, now):
    Application.objects.filter(pk=reference.application_id).update(status=Status.WITHDRAWN)
    reference.application.refresh_from_db()
    assert refusal(send, reference, link, now) == ["application_closed"]
    assert ratings.still_asked(reference) is False


def test_a_correction_is_a_new_version(reference, link, now, coordinator):
    first = send(reference, link, now)
    second = ratings.reopen(reference=reference, by=coordinator, now=now)
    assert (second.version, answers_of(second), reference.state) == (2, answers_of(first), ReferenceState.STARTED)
    again = send(reference, link, now + datetime.timedelta(days=1), seen=0)
    assert (again.version, Rating.objects.count()) == (2, 2)
    assert OutgoingMessage.objects.filter(key=f"rate-done:{reference.uuid}:2").exists()


def test_only_a_received_rating_of_an_open_application_is_reopened(reference, link, now, coordinator):
    assert refusal(ratings.reopen, reference=reference, by=coordinator) == ["not_received"]
    send(reference, link, now)
    Application.objects.filter(pk=reference.application_id).update(status=Status.WITHDRAWN)
    reference.application.refresh_from_db()
    assert refusal(ratings.reopen, reference=reference, by=coordinator) == ["application_closed"]


def test_reading_a_rating_is_on_record(reference, link, now, coordinator):
    send(reference, link, now)
    found = ratings.read(reference=reference, by=coordinator)
    event = AuditEvent.objects.get(verb="rating.read")
    assert found.answers == dict.fromkeys(codes(reference.application), 3)
    assert (event.actor_id, event.object_id, event.chain) == (str(coordinator.uuid), str(reference.uuid), "XX-PR")


def test_a_draft_is_read_by_nobody(reference, link, coordinator):
    ratings.save(reference=reference, link=link, answers=Answers({}), seen=0)
    assert refusal(ratings.read, reference=reference, by=coordinator) == ["not_received"]
    assert AuditEvent.objects.filter(verb="rating.read").count() == 0


# --- Items --------------------------------------------------------------------------------------


def test_every_category_has_its_items_and_our_own_words():
    RatingItem.objects.all().delete()
    edition = Edition.objects.get(code="iecmh-2025")
    made = rating_items.load(edition)
    counts = {
        category.code: RatingItem.objects.filter(edition=edition, category=category).count()
        for category in Category.objects.filter(matrix__edition=edition).distinct()
    }
    assert made == sum(counts.values())
    assert {count for code, count in counts.items() if not code.startswith("ERS")} <= {15, 18, 19}
    assert {count for code, count in counts.items() if code.startswith("ERS")} == {4}
    assert {item.competency_code for item in RatingItem.objects.all()} <= set(STATEMENTS)


def test_loading_twice_changes_nothing():
    edition = Edition.objects.get(code="iecmh-2025")
    assert rating_items.load(edition) == rating_items.load(edition) == RatingItem.objects.count()


def test_a_competency_without_words_of_ours_is_described(monkeypatch):
    edition, category = Edition.objects.get(code="iecmh-2025"), Category.objects.get(code="IFS")
    RatingItem.objects.all().delete()
    monkeypatch.setattr(rating_items, "STATEMENTS", {})
    rating_items.ensure_items(edition=edition, category=category)
    item = RatingItem.objects.get(category=category, competency_code="WWO.compassion")
    cell = CategoryCompetency.objects.get(edition=edition, category=category, competency="WWO.compassion")
    assert item.text == f"{cell.competency.name}: {cell.competency.description}"
