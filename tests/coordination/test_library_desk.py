"""The library desk over HTTP: published, corrected, compared, retired; odd input stores nothing."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competencies.actions import library
from competencies.courses import CourseContent
from competencies.models import Course, CourseVersion
from competencies.queries import library as queries
from endorsement_portal.audit.models import AuditEvent
from tests.factories.competencies import CourseFactory, CourseVersionFactory, TrainingFactory
from tests.house.world import second_factor

pytestmark = pytest.mark.django_db

GOOD = {
    "title": "Watching and wondering",
    "organizer": "Prairie Rivers",
    "form": "training_short",
    "minutes": "6 h",
    "valid_from": "2025-01-01",
    "topics": ["core"],
    "part_dei": "1 h",
    "ages": ["0-36"],
    "competencies": ["TF.development", "LRP.ethics"],
}


@pytest.fixture
def desk(client, coordinator):
    second_factor(coordinator)
    client.force_login(coordinator)
    return client


def address(name, *args):
    return reverse(f"coordination:{name}", args=["xx-pr", *args])


@pytest.fixture
def course(association):
    made = CourseFactory(association=association, title="Watching and wondering", organizer="Prairie Rivers")
    CourseVersionFactory(
        course=made, valid_from=datetime.date(2025, 1, 1), minutes=360, topic_minutes={"dei": 60},
        competencies=["TF.development", "LRP.ethics"],
    )  # fmt: skip
    return made


def test_a_course_is_published_and_found(desk, association, applicant):
    answer = desk.post(address("course_new"), GOOD, follow=True)
    made = Course.objects.get()
    version = made.versions.get()
    assert answer.redirect_chain == [(address("course", made.uuid), 302)]
    assert (made.association, made.title, version.minutes, version.topic_minutes) == (
        association, "Watching and wondering", 360, {"dei": 60},
    )  # fmt: skip
    assert (version.valid_from, version.competencies) == (datetime.date(2025, 1, 1), ["TF.development", "LRP.ethics"])
    assert "Watching and wondering" in desk.get(address("library")).content.decode()


def test_the_form_begins_with_this_year_and_an_empty_list_teaches(desk):
    form = desk.get(address("course_new")).context["form"]
    assert (form.initial["valid_from"].month, form.initial["valid_from"].day) == (1, 1)
    assert "For example:" in desk.get(address("library")).content.decode()
    assert "Nothing matches" in desk.get(address("library") + "?search=zebra").content.decode()


@pytest.mark.parametrize(
    ("odd", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"minutes": "soon"}, "minutes"),
        ({"minutes": "6"}, "minutes"),
        ({"minutes": "99999 h"}, "minutes"),
        ({"minutes": ""}, "minutes"),
        ({"valid_from": "2025-02-30"}, "valid_from"),
        ({"part_dei": "7 h"}, "part_dei"),
        ({"part_core": "1 h"}, "part_core"),
        ({"form": "seminar"}, "form"),
        ({"competencies": ["ZZ.none"]}, "competencies"),
    ],
)
def test_odd_input_is_said_at_its_field_and_nothing_is_stored(desk, odd, field):
    page = desk.post(address("course_new"), GOOD | odd)
    assert (page.status_code, list(page.context["form"].errors), Course.objects.count()) == (422, [field], 0)
    assert "Prairie Rivers" in page.content.decode()


def test_the_same_course_twice_points_to_the_first(desk, course):
    page = desk.post(address("course_new"), GOOD)
    assert (page.status_code, list(page.context["form"].errors), Course.objects.count()) == (422, ["title"], 1)


def test_a_change_becomes_a_version_with_its_differences(desk, course):
    form = desk.get(address("course_edit", course.uuid)).context["form"]
    assert (form["seen_number"].value(), form["minutes"].value(), form["part_dei"].value()) == (1, "6 h", "1 h")
    changed = GOOD | {"seen_number": "1", "minutes": "7 h", "valid_from": "2026-02-01"}
    desk.post(address("course_edit", course.uuid), changed)
    TrainingFactory(course_version=course.versions.get(number=1))
    html = desk.get(address("course", course.uuid)).content.decode()
    assert "<del>6 h</del> <ins>7 h</ins>" in html
    assert ("1 entry uses it." in html, "0 entries use it." in html) == (True, True)


def test_nothing_changed_is_said_on_top(desk, course):
    page = desk.post(address("course_edit", course.uuid), GOOD | {"seen_number": "1"})
    assert (page.status_code, list(page.context["form"].errors), course.versions.count()) == (422, ["__all__"], 1)


def test_a_version_before_the_last_one_is_said_at_its_day(desk, course):
    page = desk.post(
        address("course_edit", course.uuid), GOOD | {"seen_number": "1", "minutes": "7 h", "valid_from": "2024-12-31"}
    )
    assert (page.status_code, list(page.context["form"].errors), course.versions.count()) == (422, ["valid_from"], 1)


def test_two_coordinators_are_asked_and_nothing_is_written_over(desk, course):
    CourseVersionFactory(course=course, number=2, valid_from=datetime.date(2026, 1, 1), minutes=420)
    typed = GOOD | {"seen_number": "1", "minutes": "8 h", "valid_from": "2026-02-01"}
    page = desk.post(address("course_edit", course.uuid), typed)
    html = page.content.decode()
    assert (page.status_code, course.versions.count(), page.context["form"]["seen_number"].value()) == (409, 2, "2")
    assert "<del>7 h</del> <ins>8 h</ins>" in html
    desk.post(address("course_edit", course.uuid), typed | {"seen_number": "2"})
    assert [version.minutes for version in course.versions.order_by("number")] == [360, 420, 480]


def test_retired_and_brought_back(desk, course):
    retired = desk.post(address("course_retire", course.uuid), follow=True).content.decode()
    offered = desk.get(address("library") + "?state=offered").context["page"].paginator.count
    assert ("Retired: nobody is offered it anew." in retired, offered) == (True, 0)
    desk.post(address("course_reactivate", course.uuid))
    course.refresh_from_db()
    assert course.active
    assert AuditEvent.objects.filter(verb__startswith="library.course_re", chain="XX-PR").count() == 2


def test_another_associations_course_does_not_exist(desk, other_association):
    foreign = CourseVersionFactory(course__association=other_association).course
    for name in ("course", "course_edit"):
        assert desk.get(address(name, foreign.uuid)).status_code == 404
    for name in ("course_retire", "course_reactivate", "course_edit"):
        assert desk.post(address(name, foreign.uuid), GOOD).status_code == 404
    assert (CourseVersion.objects.count(), desk.get(address("library")).context["page"].paginator.count) == (1, 0)


def test_the_list_asks_the_same_number_of_queries_for_one_and_for_thirty(desk, association):
    def count():
        with CaptureQueriesContext(connection) as caught:
            assert desk.get(address("library")).status_code == 200
        return len(caught)

    def fill(number):
        for _ in range(number):
            version = CourseVersionFactory(course__association=association)
            TrainingFactory(course_version=version)

    fill(1)
    count()
    few = count()
    fill(29)
    assert count() == few
    assert len(desk.get(address("library")).context["page"]) == 25


def test_the_history_asks_the_same_number_of_queries(desk, course, coordinator):
    def count():
        with CaptureQueriesContext(connection) as caught:
            assert desk.get(address("course", course.uuid)).status_code == 200
        return len(caught)

    count()
    few = count()
    for number in range(2, 12):
        newest = queries.newest_version(course)
        library.revise(
            course=course, title=course.title, organizer=course.organizer, seen_number=newest.number, by=coordinator,
            valid_from=newest.valid_from, content=CourseContent(minutes=number),
        )  # fmt: skip
    assert count() == few
