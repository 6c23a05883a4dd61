"""The library as members use it over HTTP, without JavaScript: find a course, "I attended", changed afterwards."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competencies.actions import library
from competencies.models import Course, Evidence, Training
from endorsement_portal.web import drafts
from endorsement_portal.web.dates import day_in
from tests.competencies.uploads import photo, web_page
from tests.factories.competencies import CourseFactory, CourseVersionFactory
from tests.factories.members import MembershipFactory

pytestmark = pytest.mark.django_db

LIBRARY = "/portfolio/library/"


@pytest.fixture
def member(client, applicant):
    client.force_login(applicant.user)
    return client


@pytest.fixture
def course(association):
    made = CourseFactory(association=association, title="Reading the baby")
    CourseVersionFactory(course=made, minutes=180, topic_minutes={"dei": 60})
    return made


@pytest.fixture
def today(applicant):
    return day_in(timezone.now(), applicant.time_zone)


def attending(course):
    return reverse("portfolio:attend", args=[course.uuid])


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def test_from_the_search_to_a_saved_entry_in_four_fields(member, applicant, course, today):
    found = member.get(LIBRARY, {"q": "reading", "competency": "TF.development", "length": "middle", "ages": "0-36"})
    assert [version.course for version in found.context["page"]] == [course]
    form = member.get(attending(course)).context["form"]
    assert (form["on"].value(), form["minutes"].value(), list(form.fields)) == (
        today, "3 h", ["shown", "on", "minutes", "document", "photo"],
    )  # fmt: skip
    answer = member.post(
        attending(course),
        {"shown": "1", "on": "2026-03-04", "minutes": "3 h", "document": photo()},
        follow=True,
    )
    entry = Training.objects.get()
    assert answer.redirect_chain == [(f"/portfolio/training/?saved={entry.uuid}", 302)]
    assert said(answer) == ["Saved. Trainings: 3 h in all. It shows 2 competencies."]
    assert (entry.person, entry.on, entry.minutes, entry.topic_minutes) == (
        applicant, datetime.date(2026, 3, 4), 180, {"dei": 60},
    )  # fmt: skip
    assert (entry.competencies, entry.course_version.course) == (["TF.attachment_trauma", "TF.development"], course)
    assert Evidence.objects.get(training=entry).document_type == "certificate"
    edit = reverse("portfolio:edit", args=["training", entry.uuid])
    assert edit in answer.content.decode()
    changed = {
        "title": entry.title,
        "on": "2026-03-04",
        "minutes": "3 h",
        "competencies": ["LRP.ethics"],
        "seen_version": "1",
    }
    member.post(edit, changed)
    entry.refresh_from_db()
    assert (entry.competencies, entry.course_version.number) == (["LRP.ethics"], 1)


def test_a_photo_is_a_certificate_too(member, course):
    member.post(attending(course), {"shown": "1", "on": "2026-03-04", "minutes": "3 h", "photo": photo()})
    assert Evidence.objects.get().training == Training.objects.get()


def test_the_same_day_twice_adds_nothing(member, course):
    given = {"shown": "1", "on": "2026-03-04", "minutes": "3 h"}
    member.post(attending(course), given)
    entry = Training.objects.get()
    edit = reverse("portfolio:edit", args=["training", entry.uuid])
    again = member.post(attending(course), given, follow=True)
    assert again.redirect_chain == [(edit, 302)]
    assert said(again)[-1] == "You have this already: the same course on the same day. Nothing was added."
    member.post(reverse("portfolio:withdraw", args=["training", entry.uuid]))
    back = member.post(attending(course), given, follow=True)
    assert said(back)[-1] == "You logged this before and withdrew it. You can bring it back here."
    assert Training.objects.count() == 1


def test_on_another_day_another_length_is_asked_about(member, course):
    CourseVersionFactory(course=course, number=2, valid_from=datetime.date(2026, 1, 1), minutes=240)
    page = member.post(attending(course), {"shown": "2", "on": "2025-12-31", "minutes": "4 h"})
    form = page.context["form"]
    assert (page.status_code, list(form.errors), form["minutes"].value(), form["shown"].value()) == (
        422, ["minutes"], "3 h", "1",
    )  # fmt: skip
    member.post(attending(course), {"shown": "1", "on": "2025-12-31", "minutes": "3 h"})
    assert (Training.objects.get().minutes, Training.objects.get().course_version.number) == (180, 1)


def test_a_length_of_ones_own_is_taken_as_it_is(member, course):
    CourseVersionFactory(course=course, number=2, valid_from=datetime.date(2026, 1, 1), minutes=240)
    member.post(attending(course), {"shown": "2", "on": "2025-12-31", "minutes": "30 min"})
    assert (Training.objects.get().minutes, Training.objects.get().topic_minutes) == (30, {"dei": 30})


@pytest.mark.parametrize(
    ("odd", "field"),
    [
        ({"on": ""}, "on"),
        ({"on": "2199-01-01"}, "on"),
        ({"on": "2050-01-01"}, "on"),
        ({"on": "2023-12-31"}, "on"),
        ({"minutes": "3"}, "minutes"),
        ({"minutes": ""}, "minutes"),
        ({"shown": "x"}, "shown"),
        ({"document": "file"}, "document"),
    ],
)
def test_odd_input_is_said_and_stores_nothing(member, course, odd, field):
    given = {"shown": "1", "on": "2026-03-04", "minutes": "3 h"} | odd
    if odd.get("document"):
        given["document"] = web_page()
    page = member.post(attending(course), given)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert (Training.objects.count(), Evidence.objects.count()) == (0, 0)


def test_a_retired_course_says_so_and_takes_nothing(member, course):
    Course.objects.update(active=False)
    assert "This course is retired" in member.get(attending(course)).content.decode()
    page = member.post(attending(course), {"shown": "1", "on": "2026-03-04", "minutes": "3 h"})
    assert (page.status_code, Training.objects.count()) == (422, 0)
    assert list(member.get(LIBRARY).context["page"]) == []


def test_others_associations_are_marked_and_can_be_left_out(member, course, association, other_association, applicant):
    MembershipFactory(person=applicant, association=association)
    CourseVersionFactory(course__association=other_association, course__title="Elsewhere")
    html = member.get(LIBRARY).content.decode()
    assert html.count("From another association: Harbor Lights Association") == 1
    assert [v.course.title for v in member.get(LIBRARY, {"mine": "1"}).context["page"]] == ["Reading the baby"]


def test_empty_places_teach(member):
    assert "The library is still empty" in member.get(LIBRARY).content.decode()
    assert "Nothing matches" in member.get(LIBRARY, {"q": "zebra"}).content.decode()
    assert member.get(LIBRARY, {"length": "endless", "q": "x\x00", "page": "99"}).status_code == 200


def test_the_list_asks_the_same_number_of_queries_for_one_and_for_thirty(member):
    def count():
        with CaptureQueriesContext(connection) as caught:
            assert member.get(LIBRARY).status_code == 200
        return len(caught)

    CourseVersionFactory()
    count()
    few = count()
    for _ in range(29):
        CourseVersionFactory()
    assert (count(), few <= 12, len(member.get(LIBRARY).context["page"])) == (few, True, 25)


def test_signed_out_people_are_sent_to_the_door(client, course):
    for address in (LIBRARY, attending(course)):
        assert client.get(address)["Location"].startswith("/accounts/login/")


def test_an_entry_says_where_it_came_from(member, applicant, course, coordinator):
    member.post(attending(course), {"shown": "1", "on": "2026-03-04", "minutes": "3 h"})
    entry = Training.objects.get()
    edit = reverse("portfolio:edit", args=["training", entry.uuid])
    assert "From the training library of Prairie Rivers Association" in member.get(edit).content.decode()
    version = entry.course_version
    library.record_attendance(course_version=version, person=applicant, on=entry.on, by=coordinator, source="roster")
    confirmed = member.get(edit).content.decode(), member.get("/portfolio/training/").content.decode()
    assert "Prairie Rivers Association confirmed that you attended" in confirmed[0]
    assert "Attendance confirmed by Prairie Rivers Association" in confirmed[1]


def test_what_was_typed_is_kept_until_it_is_saved(member, applicant, course):
    key = f"attend:{course.uuid}"
    drafts.save(user=applicant.user, form_key=key, data={"on": ["2026-02-03"], "minutes": ["2 h"]}, seen_version=0)
    page = member.get(attending(course))
    assert (page.context["form"]["on"].value(), page.context["form"]["minutes"].value()) == ("2026-02-03", "2 h")
    assert "We kept what you typed." in page.content.decode()
    member.post(attending(course), {"shown": "1", "on": "2026-02-03", "minutes": "2 h"})
    assert drafts.load(applicant.user, key) is None
