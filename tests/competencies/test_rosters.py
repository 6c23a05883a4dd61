"""Attendance lists: known people find a confirmed entry, unknown addresses are invited and find theirs later."""

import datetime

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings

from competencies.actions import library, rosters
from competencies.courses import CourseContent
from competencies.enums import ImportState
from competencies.models import Roster, Training, WaitingAttendance
from competencies.queries import rosters as queries
from competencies.queries.library import version_on
from competencies.tasks import import_pending_logs
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.files.models import StoredFile
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.sheets.refusals import SheetRefused
from endorsement_portal.workflow import LostRace, NotAllowed
from members.actions.people import ensure_person
from tests.competencies.odd_sheets import files
from tests.factories.members import PersonFactory, UserFactory
from tests.fuzzing import FUZZ_EXAMPLES
from tests.house.world import second_factor

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 4, 21)
NOW = datetime.datetime(2026, 5, 12, 17, tzinfo=datetime.UTC)
UNKNOWN = ["nora@example.org", "nils@example.org", "nina@example.org"]


@pytest.fixture
def course(association, coordinator):
    content = CourseContent(
        form="short_training", minutes=180, topics=("core",), topic_minutes=(), ages=("0-36",),
        competencies=("TF.attachment_trauma",),
    )  # fmt: skip
    return library.publish(
        association=association, title="Reading the baby", organizer="PR", content=content,
        valid_from=datetime.date(2026, 1, 1), by=coordinator,
    )  # fmt: skip


def file_of(*rows: str, headings: str = "Email,Name") -> SimpleUploadedFile:
    return SimpleUploadedFile("list.csv", "\n".join([headings, *rows]).encode())


@pytest.fixture
def bring(course, coordinator):
    def upload(*rows, headings="Email,Name", on=DAY):
        return rosters.upload(course=course, on=on, file=file_of(*rows, headings=headings), by=coordinator)

    return upload


@pytest.fixture
def forty() -> list[str]:
    people = [PersonFactory(email=f"there{number}@example.org", with_user=True) for number in range(37)]
    return [f"{person.email.upper()},{person.name}" for person in people] + [f"{email},New One" for email in UNKNOWN]


def refused(call, **kwargs) -> str:
    with pytest.raises(NotAllowed) as raised:
        call(**kwargs)
    return raised.value.findings[0].requirement


def test_forty_with_three_unknown_addresses(bring, forty, coordinator, course):
    roster = bring(*forty)
    found = queries.trial(roster, now=NOW)
    assert (len(found.known), len(found.unknown), len(found.there), found.faults) == (37, 3, 0, ())
    assert (Training.objects.count(), OutgoingMessage.objects.count()) == (0, 0), "a trial does nothing"
    rosters.confirm(roster=roster, by=coordinator, now=NOW)
    assert (roster.made, roster.invited, roster.there_already, roster.state) == (37, 3, 0, ImportState.DONE)
    entry = Training.objects.get(person__email="there0@example.org")
    assert (entry.title, entry.minutes, entry.on, entry.topics) == ("Reading the baby", 180, DAY, ["core"])
    assert (entry.provenance, entry.competencies) == ("confirmed_here", ["TF.attachment_trauma"])
    assert entry.course_version.course == course
    mails = OutgoingMessage.objects.values_list("template", flat=True)
    assert sorted(mails) == ["attendance_recorded"] * 37 + ["attendance_waiting"] * 3
    assert (Training.objects.count(), WaitingAttendance.objects.count(), StoredFile.objects.count()) == (37, 3, 0)
    assert list(AuditEvent.objects.filter(verb__startswith="roster.").values_list("verb", "chain")) == [
        ("roster.uploaded", "XX-PR"), ("roster.imported", "XX-PR"),
    ]  # fmt: skip

    again = bring(*forty)
    found = queries.trial(again, now=NOW)
    assert (len(found.known), len(found.unknown), len(found.there)) == (0, 0, 40)
    assert refused(rosters.confirm, roster=again, by=coordinator) == "nothing_new"
    counts = (Training.objects.count(), WaitingAttendance.objects.count(), OutgoingMessage.objects.count())
    assert counts == (37, 3, 40)


def test_who_signs_up_with_the_address_finds_the_entry_confirmed(bring, coordinator, course):
    rosters.confirm(roster=bring("nora@example.org,Nora New"), by=coordinator)
    library.retire(course=course, by=coordinator)
    user = UserFactory(email="nora@example.org", person=None)
    address = EmailAddress.objects.get(user=user)
    ensure_person(user)
    email_confirmed.send(sender=EmailAddress, request=None, email_address=address)
    entry = Training.objects.get()
    assert (entry.person.user, entry.provenance, entry.minutes) == (user, "confirmed_here", 180)
    waiting = WaitingAttendance.objects.get()
    assert (waiting.entry, waiting.claimed_at is not None) == (entry, True)
    assert rosters.claim(person=entry.person) == 0, "once"


def test_who_signs_in_later_finds_what_came_meanwhile(bring, coordinator, client):
    rosters.confirm(roster=bring("nora@example.org,Nora"), by=coordinator)
    user = UserFactory(email="nora@example.org")
    client.force_login(user)
    assert Training.objects.get().person.user == user


def test_an_account_whose_address_is_not_proved_claims_nothing(bring, coordinator):
    """It proved another address: that makes it nobody's person, least of all Nora's."""
    rosters.confirm(roster=bring("nora@example.org,Nora"), by=coordinator)
    user = UserFactory(email="nora@example.org", person=None, verified=False)
    other = EmailAddress.objects.create(user=user, email="other@example.org", verified=True)
    email_confirmed.send(sender=EmailAddress, request=None, email_address=other)
    assert (Training.objects.count(), WaitingAttendance.objects.get().claimed_at) == (0, None)


def test_an_entry_that_its_person_has_already_is_the_one_that_is_claimed(bring, coordinator, course):
    rosters.confirm(roster=bring("nora@example.org,Nora"), by=coordinator)
    person = PersonFactory(email="nora@example.org", with_user=True)
    version = version_on(course, DAY)
    own = library.record_attendance(course_version=version, person=person, on=DAY, by=person.user, source="self")
    assert rosters.claim(person=person) == 1
    assert (Training.objects.get(), WaitingAttendance.objects.get().entry) == (own.entry, own.entry)


def test_what_stands_since_the_trial_is_not_made_twice(bring, coordinator, monkeypatch):
    """Two lists at the same moment: neither trial saw what the other did."""
    PersonFactory(email="ada@example.org", with_user=True)
    rows = ("ada@example.org,Ada", "nora@example.org,Nora")
    rosters.confirm(roster=bring(*rows), by=coordinator)
    monkeypatch.setattr(queries, "_standing", lambda course: set())
    second = rosters.confirm(roster=bring(*rows), by=coordinator)
    assert (second.made, second.invited, second.there_already) == (0, 0, 2)
    assert (Training.objects.count(), WaitingAttendance.objects.count(), OutgoingMessage.objects.count()) == (1, 1, 2)


def test_what_another_request_claimed_is_left_to_it(bring, coordinator, monkeypatch):
    rosters.confirm(roster=bring("nora@example.org,Nora"), by=coordinator)
    person = PersonFactory(email="nora@example.org", with_user=True)
    seen = list(queries.waiting_for("nora@example.org"))
    assert rosters.claim(person=person) == 1
    monkeypatch.setattr(queries, "waiting_for", lambda email: seen)
    assert (rosters.claim(person=person), Training.objects.count()) == (0, 1)


def test_rows_may_say_their_own_day_and_length(bring, coordinator):
    person = PersonFactory(email="ada@example.org", with_user=True)
    rows = ["ada@example.org,2026-04-22,2", "ada@example.org,,", "ADA@example.org,2026-04-22,3"]
    roster = bring(*rows, headings="Email,Date,Hours")
    assert [row.number for row in queries.trial(roster, now=NOW).there] == [4]
    rosters.confirm(roster=roster, by=coordinator, now=NOW)
    entries = Training.objects.filter(person=person).order_by("on").values_list("on", "minutes")
    assert list(entries) == [(DAY, 180), (datetime.date(2026, 4, 22), 120)]
    assert roster.there_already == 1


def test_faults_are_named_and_nothing_is_done(bring, coordinator):
    rows = ["no address,A,", ",B,", "c@example.org,C,2025-12-31", "d@example.org,D,soon", "e@example.org,E,2031-01-01"]
    roster = bring(*rows, headings="Email,Name,Date")
    found = queries.trial(roster, now=NOW)
    assert [(fault.row, fault.column, fault.message) for fault in found.faults] == [
        (2, "A", "This is no email address."),
        (3, "A", "This is missing."),
        (5, "C", "Write the date as 2025-03-04, 3/4/2025 or March 4, 2025."),
        (6, "C", "This day has not come yet."),
        (4, "", "The course is in the library from 2026-01-01 on."),
    ]
    assert refused(rosters.confirm, roster=roster, by=coordinator) == "roster_has_faults"
    assert (Training.objects.count(), OutgoingMessage.objects.count()) == (0, 0)


NO_EMAIL = "No column holds email addresses. Write Email above it. The headings are: “Who”, “Where”."


@pytest.mark.parametrize(
    ("headings", "row", "words"),
    [
        ("Who,Where", "a@example.org,B", NO_EMAIL),
        ("Email,Length", "a@b.org,90", "There are lengths without a unit. Write Hours or Minutes above them."),
        ("Email,Date", "a@b.org,3/4/2026", "There are dates that can be read both ways. Write them as 2025-03-04."),
    ],
)
def test_what_a_list_leaves_open_is_said(bring, headings, row, words):
    with pytest.raises(NotAllowed) as raised:
        bring(row, headings=headings)
    assert raised.value.findings[0].message == words
    assert (Roster.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_lists_that_cannot_be_taken(bring, course, coordinator, monkeypatch):
    with pytest.raises(SheetRefused):
        bring()
    monkeypatch.setattr(rosters, "ROWS_MAX", 1)
    with pytest.raises(NotAllowed, match="more than 1 rows"):
        bring("a@example.org,A", "b@example.org,B")
    library.retire(course=course, by=coordinator)
    with pytest.raises(NotAllowed, match="retired"):
        bring("a@example.org,A")
    assert Roster.objects.count() == 0


def test_only_coordinators_of_the_association_take_lists_over(bring, course, other_coordinator, reviewer, applicant):
    roster = bring("a@example.org,A")
    for user in (other_coordinator, reviewer, applicant.user):
        assert (
            refused(rosters.upload, course=course, on=DAY, file=file_of("a@example.org,A"), by=user)
            == "not_coordinator"
        )
        assert refused(rosters.confirm, roster=roster, by=user) == "not_coordinator"
        assert refused(rosters.put_aside, roster=roster, by=user) == "not_coordinator"
    assert list(Roster.objects.visible_to(other_coordinator)) == []


def test_a_list_is_taken_over_once_and_put_aside_once(bring, coordinator):
    roster = bring("a@example.org,A")
    elsewhere = queries.one(roster.course.association, roster.course.uuid, roster.uuid)
    rosters.confirm(roster=roster, by=coordinator)
    assert refused(rosters.confirm, roster=roster, by=coordinator) == "roster_is_over"
    assert refused(rosters.put_aside, roster=roster, by=coordinator) == "roster_is_over"
    with pytest.raises(LostRace):
        rosters.put_aside(roster=elsewhere, by=coordinator)
    other = bring("b@example.org,B")
    rosters.put_aside(roster=other, by=coordinator)
    rosters.put_aside(roster=other, by=coordinator)
    assert (other.state, other.file, StoredFile.objects.count()) == (ImportState.DROPPED, None, 0)


def test_a_forgotten_list_goes_after_a_day(bring):
    roster = bring("a@example.org,A")
    import_pending_logs()
    roster.refresh_from_db()
    assert roster.state == ImportState.READ
    assert rosters.put_aside_stale(now=timezone.now() + datetime.timedelta(hours=25)) == 1


# --- Pages ----------------------------------------------------------------------------------------


@pytest.fixture
def desk(coordinator):
    second_factor(coordinator)
    client = Client()
    client.force_login(coordinator)
    return client


def test_the_whole_way_at_the_desk(desk, association, course, forty):
    index = reverse("coordination:rosters", args=[association.slug, course.uuid])
    assert "None yet." in desk.get(index).content.decode()
    answer = desk.post(index, {"on": DAY, "file": file_of(*forty)})
    assert answer.status_code == 302
    page = desk.get(answer["Location"]).content.decode()
    assert "Who attended Reading the baby" in page
    assert "there0@example.org" in page
    assert "nora@example.org" in desk.get(answer["Location"] + "?show=unknown").content.decode()
    roster = Roster.objects.get()
    confirm = reverse("coordination:roster_confirm", args=[association.slug, course.uuid, roster.uuid])
    assert "The list is taken over" in desk.post(confirm, follow=True).content.decode()
    again = desk.post(index, {"on": DAY, "file": file_of(*forty)}, follow=True).content.decode()
    assert "Everybody on this list has their attendance already." in again
    aside = Roster.objects.get(state=ImportState.READ)
    put_aside = reverse("coordination:roster_put_aside", args=[association.slug, course.uuid, aside.uuid])
    assert "The list is gone." in desk.post(put_aside, follow=True).content.decode()
    gone = reverse("coordination:roster", args=[association.slug, course.uuid, aside.uuid])
    assert "This list is gone" in desk.get(gone).content.decode()


def test_refusals_stand_at_the_field(desk, association, course):
    index = reverse("coordination:rosters", args=[association.slug, course.uuid])
    for sent, wrong in (
        ({}, {"on", "file"}),
        ({"on": DAY, "file": SimpleUploadedFile("a.csv", b"%PDF-1")}, {"file"}),
        ({"on": DAY, "file": file_of("a,b", headings="Who,Where")}, {"file"}),
    ):
        answer = desk.post(index, sent)
        assert (answer.status_code, set(answer.context["form"].errors)) == (422, wrong)
    assert Roster.objects.count() == 0


def test_faults_stand_on_the_page(desk, association, course):
    index = reverse("coordination:rosters", args=[association.slug, course.uuid])
    page = desk.post(index, {"on": DAY, "file": file_of("nobody,A")}, follow=True).content.decode()
    assert "1 row needs another look" in page
    assert "Row 2, column A, Email" in page
    assert "Take the list over" not in page


def test_pages_ask_the_same_number_of_questions_for_one_and_thirty(desk, association, course, forty, bring):
    def count(roster):
        found = []
        for name, args in (("rosters", []), ("roster", [roster.uuid])):
            with CaptureQueriesContext(connection) as captured:
                desk.get(reverse(f"coordination:{name}", args=[association.slug, course.uuid, *args]))
            found.append(len(captured))
        return found

    desk.get(reverse("coordination:rosters", args=[association.slug, course.uuid]))  # the session's own first questions
    few = count(bring(forty[0]))
    for _number in range(3):
        bring(*forty)
    assert count(bring(*forty)) == few


@settings(max_examples=FUZZ_EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(content=files)
def test_whatever_list_comes_nothing_breaks_and_a_fault_leaves_nothing(desk, association, course, settings, content):
    settings.UPLOADS_PER_HOUR = 10_000_000
    index = reverse("coordination:rosters", args=[association.slug, course.uuid])
    with transaction.atomic():
        answer = desk.post(index, {"on": DAY, "file": SimpleUploadedFile("list.csv", content)})
        if answer.status_code == 422:
            assert (Roster.objects.count(), StoredFile.objects.count()) == (0, 0)
        else:
            assert desk.get(answer["Location"]).status_code == 200
            roster = Roster.objects.get()
            desk.post(reverse("coordination:roster_confirm", args=[association.slug, course.uuid, roster.uuid]))
            roster.refresh_from_db()
            done = roster.state == ImportState.DONE
            assert done or (Training.objects.count(), WaitingAttendance.objects.count()) == (0, 0)
        transaction.set_rollback(True)
