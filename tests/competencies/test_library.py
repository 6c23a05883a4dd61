"""The training library: published, corrected by versions, retired; attendance once; each refusal."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.utils import timezone

from competencies.actions import library, portfolio
from competencies.courses import CourseContent
from competencies.enums import EntryKind
from competencies.models import CourseVersion, Training
from competencies.queries import library as queries
from competencies.queries.library import LibraryFilters
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.workflow import LostRace, NotAllowed
from tests.factories.competencies import CourseFactory, CourseVersionFactory
from tests.factories.members import MembershipFactory, StaffRoleFactory

pytestmark = pytest.mark.django_db

SINCE = datetime.date(2024, 1, 1)
ON = datetime.date(2026, 3, 4)
CONTENT = CourseContent(
    minutes=180,
    topics=("core",),
    topic_minutes=(("dei", 60),),
    ages=("0-36",),
    competencies=("TF.development", "TF.attachment_trauma"),
)


def content(**changes):
    return CourseContent(**{name: getattr(CONTENT, name) for name in CONTENT.__slots__} | changes)


@pytest.fixture
def course(association, coordinator):
    return library.publish(
        association=association, title="Reading the baby", organizer="Prairie Rivers", content=CONTENT,
        valid_from=SINCE, by=coordinator,
    )  # fmt: skip


def revise(course, by, **changes):
    given = {
        "title": course.title,
        "organizer": course.organizer,
        "content": CONTENT,
        "valid_from": ON,
        "seen_number": 1,
    }
    return library.revise(course=course, by=by, **given | changes)


def reasons(caught) -> list[str]:
    return [finding.requirement for finding in caught.value.findings]


def attend(course, person, by, on=ON, **more):
    return library.record_attendance(
        course_version=queries.version_on(course, on), person=person, on=on, by=by, source="test", **more
    )


# --- Publishing and correcting --------------------------------------------------------------------


def test_publish_makes_the_first_version_and_its_history(course, association, coordinator):
    version = course.versions.get()
    event = AuditEvent.objects.get(verb="library.course_published")
    assert (course.association, course.active, version.number, version.valid_from) == (association, True, 1, SINCE)
    assert (queries.content_of(version), version.created_by) == (CONTENT, coordinator)
    assert (event.chain, event.data) == ("XX-PR", {"number": 1, "valid_from": "2024-01-01"})


def test_only_a_coordinator_of_that_association_writes(course, association, other_coordinator, reviewer, applicant):
    for stranger in (other_coordinator, reviewer, applicant.user):
        with pytest.raises(NotAllowed) as one:
            library.publish(
                association=association, title="X", organizer="", content=CONTENT, valid_from=SINCE, by=stranger
            )
        with pytest.raises(NotAllowed) as two:
            revise(course, stranger)
        with pytest.raises(NotAllowed) as three:
            library.retire(course=course, by=stranger)
        assert (reasons(one), reasons(two), reasons(three)) == (["not_coordinator"],) * 3
    assert (CourseVersion.objects.count(), course.active) == (1, True)


def test_the_same_course_is_not_published_twice(course, association, coordinator):
    with pytest.raises(NotAllowed) as refused:
        library.publish(
            association=association, title="READING the baby", organizer="prairie rivers", content=CONTENT,
            valid_from=SINCE, by=coordinator,
        )  # fmt: skip
    assert (reasons(refused), CourseVersion.objects.count()) == (["title"], 1)


def test_odd_content_is_refused_by_its_field(association, coordinator):
    odd = content(competencies=("ZZ.none",), topic_minutes=(("dei", 999),))
    with pytest.raises(NotAllowed) as refused:
        library.publish(association=association, title="X", organizer="", content=odd, valid_from=SINCE, by=coordinator)
    assert (reasons(refused), CourseVersion.objects.count()) == (["part_dei", "competencies"], 0)


def test_changed_content_is_a_new_version_from_its_day(course, coordinator):
    revise(course, coordinator, content=content(minutes=240))
    day_before = ON - datetime.timedelta(days=1)
    found = [queries.version_on(course, day) for day in (SINCE - datetime.timedelta(days=1), SINCE, day_before, ON)]
    assert [version and (version.number, version.minutes) for version in found] == [None, (1, 180), (1, 180), (2, 240)]
    assert AuditEvent.objects.get(verb="library.version_published").data == {"number": 2, "valid_from": "2026-03-04"}


def test_a_correction_from_the_same_day_takes_the_place_of_the_first(course, coordinator):
    revise(course, coordinator, content=content(minutes=200), valid_from=SINCE)
    assert queries.version_on(course, SINCE).minutes == 200


def test_a_changed_name_stands_at_once_without_a_version(course, coordinator):
    revise(course, coordinator, title="Reading the baby's cues")
    course.refresh_from_db()
    assert (course.title, course.versions.count()) == ("Reading the baby's cues", 1)
    assert AuditEvent.objects.filter(verb="library.course_renamed").count() == 1


def test_nothing_changed_is_refused(course, coordinator):
    with pytest.raises(NotAllowed) as refused:
        revise(course, coordinator)
    assert reasons(refused) == ["unchanged"]


def test_a_version_never_begins_before_the_one_before(course, coordinator):
    with pytest.raises(NotAllowed) as refused:
        revise(course, coordinator, content=content(minutes=90), valid_from=datetime.date(2023, 12, 31), title="Other")
    course.refresh_from_db()
    assert (reasons(refused), course.title, course.versions.count()) == (["valid_from"], "Reading the baby", 1)


def test_of_two_coordinators_the_second_looks_first(course, coordinator):
    revise(course, coordinator, content=content(minutes=240))
    with pytest.raises(LostRace) as lost:
        revise(course, coordinator, content=content(minutes=300))
    assert (reasons(lost), course.versions.count()) == (["newer_version"], 2)


def test_of_two_racers_for_a_number_one_wins(course, coordinator, monkeypatch):
    def meanwhile(newest, valid_from):
        CourseVersionFactory(course=course, number=2, valid_from=ON)

    monkeypatch.setattr(library, "_refuse_earlier", meanwhile)
    with pytest.raises(LostRace):
        revise(course, coordinator, content=content(minutes=300))


def test_a_version_never_changes(course):
    version = course.versions.get()
    version.minutes = 1
    with pytest.raises(TypeError, match="never changes"):
        version.save()
    with pytest.raises(IntegrityError):
        CourseVersion.objects.filter(pk=version.pk).update(minutes=0)


def test_retire_and_reactivate_are_audited_once(course, coordinator):
    library.retire(course=course, by=coordinator)
    library.retire(course=course, by=coordinator)
    assert (course.active, list(queries.versions_on(ON))) == (False, [])
    library.reactivate(course=course, by=coordinator)
    verbs = (
        AuditEvent.objects.filter(verb__startswith="library.course_re").order_by("id").values_list("verb", flat=True)
    )
    assert (course.active, list(verbs)) == (True, ["library.course_retired", "library.course_reactivated"])


# --- Attendance -----------------------------------------------------------------------------------


def test_a_coordinators_word_makes_a_ready_confirmed_entry(course, coordinator, applicant):
    done = attend(course, applicant, coordinator)
    entry = Training.objects.get()
    assert (done.entry, done.new) == (entry, True)
    assert (entry.person, entry.on, entry.title, entry.organizer) == (
        applicant,
        ON,
        "Reading the baby",
        "Prairie Rivers",
    )
    assert (entry.minutes, entry.topics, entry.topic_minutes, entry.ages) == (180, ["core"], {"dei": 60}, ["0-36"])
    assert (entry.competencies, entry.provenance) == (["TF.development", "TF.attachment_trauma"], "confirmed_here")
    assert (entry.course_version, entry.accepted) == (course.versions.get(), True)
    event = AuditEvent.objects.get(verb="library.attended")
    assert event.data == {"course": str(course.uuid), "number": 1, "source": "test", "as": "confirmed_here"}


def test_the_persons_own_word_is_a_statement(course, applicant, coordinator):
    assert attend(course, applicant, applicant.user).entry.provenance == "stated"
    own = coordinator.person
    assert attend(course, own, coordinator).entry.provenance == "stated"


def test_another_length_shortens_the_parts_too(course, applicant):
    entry = attend(course, applicant, applicant.user, minutes=45).entry
    assert (entry.minutes, entry.topic_minutes) == (45, {"dei": 45})


def test_the_same_course_person_and_day_make_one_entry(course, coordinator, applicant, other_applicant):
    first = attend(course, applicant, coordinator)
    again = attend(course, applicant, coordinator)
    attend(course, other_applicant, coordinator)
    attend(course, applicant, coordinator, on=ON + datetime.timedelta(days=1))
    assert (again.entry, again.new, Training.objects.count()) == (first.entry, False, 3)


def test_what_the_person_changed_or_withdrew_stays_theirs(course, coordinator, applicant):
    entry = attend(course, applicant, coordinator).entry
    moved = {"on": ON - datetime.timedelta(days=2), "competencies": []}
    portfolio.save(kind=EntryKind.TRAINING, person=applicant, by=applicant.user, values=moved, entry=entry)
    again = attend(course, applicant, coordinator)
    assert (again.entry.pk, again.new, again.entry.on, again.entry.competencies) == (entry.pk, False, moved["on"], [])
    assert (again.entry.provenance, again.entry.course_version) == ("stated", course.versions.get())
    portfolio.withdraw(entry=again.entry, by=applicant.user)
    assert (attend(course, applicant, coordinator).new, Training.objects.current().count()) == (False, 0)


def test_a_coordinator_confirms_what_the_person_stated(course, coordinator, applicant):
    entry = attend(course, applicant, applicant.user).entry
    confirmed = attend(course, applicant, coordinator)
    assert (confirmed.entry.pk, confirmed.new, confirmed.entry.provenance) == (entry.pk, False, "confirmed_here")
    assert confirmed.entry.version == entry.version + 1
    attend(course, applicant, coordinator)
    assert AuditEvent.objects.filter(verb="library.attendance_confirmed").count() == 1


def test_a_coordinator_does_not_confirm_another_length(course, coordinator, applicant):
    attend(course, applicant, applicant.user, minutes=240)
    assert attend(course, applicant, coordinator).entry.provenance == "stated"


def test_a_racer_gets_the_entry_of_the_winner(course, coordinator, applicant, monkeypatch):
    def meanwhile(version, on):
        monkeypatch.undo()
        attend(course, applicant, coordinator)

    monkeypatch.setattr(library, "_refuse_unfit", meanwhile)
    assert (attend(course, applicant, coordinator).new, Training.objects.count()) == (False, 1)


def test_strangers_record_nothing(course, applicant, other_applicant, other_coordinator, reviewer):
    for stranger in (other_applicant.user, other_coordinator, reviewer):
        with pytest.raises(NotAllowed) as refused:
            attend(course, applicant, stranger)
        assert reasons(refused) == ["not_coordinator"]
    assert Training.objects.count() == 0


def test_retired_future_and_unfit_versions_are_refused(course, coordinator, applicant):
    revise(course, coordinator, content=content(minutes=240))
    first, second = course.versions.order_by("number")
    far = timezone.now().date() + datetime.timedelta(days=2)

    def refusal(version, on):
        with pytest.raises(NotAllowed) as refused:
            library.record_attendance(course_version=version, person=applicant, on=on, by=coordinator, source="test")
        return reasons(refused)

    assert refusal(second, far) == ["on"]
    assert refusal(first, ON) == ["on"]
    assert refusal(first, SINCE - datetime.timedelta(days=1)) == ["on"]
    library.retire(course=course, by=coordinator)
    assert refusal(queries.version_on(course, ON), ON) == ["course"]
    assert Training.objects.count() == 0


def test_an_entry_keeps_its_version(course, coordinator, applicant):
    entry = attend(course, applicant, coordinator).entry
    revise(course, coordinator, content=content(minutes=240), valid_from=SINCE)
    entry.refresh_from_db()
    assert (entry.course_version.number, entry.minutes) == (1, 180)
    with pytest.raises(ProtectedError):
        entry.course_version.delete()


# --- Reading --------------------------------------------------------------------------------------


@pytest.fixture
def shelf(association, other_association):
    """Four courses of two associations; the last is retired."""

    def put(title, home, organizer="Prairie Rivers", active=True, **version):
        course = CourseFactory(title=title, association=home, organizer=organizer, active=active)
        return CourseVersionFactory(course=course, **version)

    return {
        "cues": put("Cues", association, minutes=90, ages=[], competencies=["TF.development"]),
        "grief": put(
            "Grief", other_association, "Harbor", minutes=360, ages=["37-71"],
            competencies=["TF.attachment_trauma", "LRP.ethics"],
        ),
        "play": put("Play", association, minutes=180, ages=["0-36"], competencies=["TF.development", "LRP.ethics"]),
        "old": put("Old", association, active=False),
    }  # fmt: skip


def titles(rows):
    return [row.course.title for row in rows]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["Cues", "Play", "Grief"]),
        ({"q": "gri"}, ["Grief"]),
        ({"q": "HARBOR"}, ["Grief"]),
        ({"competency": "LRP.ethics"}, ["Play", "Grief"]),
        ({"length": "short"}, ["Cues"]),
        ({"length": "middle"}, ["Play"]),
        ({"length": "long"}, ["Grief"]),
        ({"ages": "0-36"}, ["Cues", "Play"]),
        ({"ages": "37-71"}, ["Cues", "Grief"]),
        ({"mine": True}, ["Cues", "Play"]),
    ],
)
def test_a_member_finds_courses_own_associations_first(shelf, association, applicant, today, filters, expected):
    MembershipFactory(person=applicant, association=association)
    assert titles(queries.offered(applicant, LibraryFilters(**filters), today=today)) == expected


def test_own_associations_by_membership_desk_role_and_home(applicant, association, other_association):
    assert queries.own_associations(applicant) == frozenset()
    MembershipFactory(person=applicant, association=other_association, desk=association)
    assert queries.own_associations(applicant) == {association.pk, other_association.pk}
    applicant.memberships.update(state="withdrawn")
    assert queries.own_associations(applicant) == frozenset()
    StaffRoleFactory(user=applicant.user, association=association, role="reviewer")
    applicant.residence = other_association.code
    assert queries.own_associations(applicant) == {association.pk, other_association.pk}


def test_a_version_that_begins_later_is_not_offered_yet(shelf, applicant, today):
    CourseVersionFactory(
        course=shelf["cues"].course, number=2, valid_from=today + datetime.timedelta(days=1), minutes=9
    )
    CourseVersionFactory(course=CourseFactory(), valid_from=today + datetime.timedelta(days=1))
    rows = queries.offered(applicant, LibraryFilters(), today=today)
    assert [(row.course.title, row.minutes) for row in rows] == [("Cues", 90), ("Grief", 360), ("Play", 180)]


def test_courses_that_show_a_set_of_competencies(shelf, association, applicant, today, django_assert_num_queries):
    MembershipFactory(person=applicant, association=association)
    with django_assert_num_queries(2):
        found = queries.courses_showing(["LRP.ethics", "TF.development"], applicant, today=today)
    assert [(match.version.course.title, match.shows, match.own) for match in found] == [
        ("Play", ("LRP.ethics", "TF.development"), True),
        ("Cues", ("TF.development",), True),
        ("Grief", ("LRP.ethics",), False),
    ]
    assert queries.courses_showing(["LRP.ethics"], applicant, today=today, limit=1)[0].version == shelf["play"]
    assert queries.courses_showing([], applicant, today=today) == ()


def test_the_desk_lists_its_own_courses_with_their_use(shelf, association, coordinator, applicant):
    attend(shelf["cues"].course, applicant, coordinator)
    entry = attend(shelf["play"].course, applicant, coordinator).entry
    portfolio.withdraw(entry=entry, by=applicant.user)
    rows = queries.library_of(association)
    assert [(row.title, row.entries) for row in rows] == [("Cues", 1), ("Old", None), ("Play", None)]
    assert [row.title for row in queries.library_of(association, state="retired")] == ["Old"]
    assert [row.title for row in queries.library_of(association, state="offered", search="pl")] == ["Play"]


def test_history_says_what_each_version_changed(course, coordinator, applicant):
    attend(course, applicant, coordinator)
    revise(course, coordinator, content=content(minutes=240))
    newest, first = queries.history_of(course)
    assert [(line.label, line.before, line.after) for line in newest.changes] == [("Length", "3 h", "4 h")]
    assert (newest.entries, first.entries, first.changes) == (0, 1, ())


def test_a_course_of_another_association_is_not_at_this_desk(course, other_association, applicant):
    assert queries.course_of(other_association, course.uuid) is None
    assert queries.course_seen_by(applicant.user, course.uuid).get() == course
    with pytest.raises(ObjectDoesNotExist):
        queries.course_seen_by(AnonymousUser(), course.uuid).get()
