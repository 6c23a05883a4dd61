"""The public list, seats, and the discussion over HTTP: who gets in, what is said back, how many queries it takes."""

import datetime
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cohorts.actions import discussion
from cohorts.actions import enrolment as seats
from cohorts.models import Cohort, Enrolment, Post, PostReport, Thread
from endorsement_portal.web.models import FormDraft
from tests.factories.cohorts import CohortFactory, EnrolmentFactory, PostFactory, ThreadFactory
from tests.factories.members import PersonFactory

SHELL = 5
"""Session, account, roles, unread messages, the person's name: what every signed-in page asks."""


def queries_of(client, address):
    """How many queries a page takes once the session is known."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def dated(**more):
    """A cohort that is open on the real clock."""
    now = timezone.now()
    return {
        "opens_at": now - timedelta(days=5),
        "closes_at": now + timedelta(days=5),
        "submission_deadline_at": now + timedelta(days=60),
        "review_ends_on": (now + timedelta(days=90)).date(),
        **more,
    }


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    """Who may read is asked here; the second factor of staff has its own tests."""
    settings.STAFF_MFA_REQUIRED = False


@pytest.fixture
def cohort(association):
    return CohortFactory(association=association, name="Spring cohort", **dated())


@pytest.fixture
def member(cohort, applicant):
    seats.reserve(cohort=cohort, person=applicant, by=applicant.user)
    return applicant.user


@pytest.fixture
def thread(cohort, member):
    return discussion.start_thread(cohort=cohort, by=member, title="Count twice?", body="Does it **count**?")


def page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


# --- The list -----------------------------------------------------------------------------------


def test_the_list_is_public(client, cohort):
    answer = page(client, "cohorts:list")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "14 of 14 seats left" in text
    assert "Sign in to reserve" in text
    assert f"?next={reverse('cohort_page', args=[cohort.uuid])}" in text


def test_an_unpublished_cohort_is_nowhere(client, association):
    draft = CohortFactory(association=association, name="Secret plan", **dated(published_at=None))
    assert "Secret plan" not in page(client, "cohorts:list").content.decode()
    assert page(client, "cohort_page", draft.uuid).status_code == 404
    assert page(client, "cohorts:calendar", draft.uuid).status_code == 404


def test_the_list_is_filtered(client, association, other_association):
    now = timezone.now()
    CohortFactory(association=association, name="Ours now", **dated())
    CohortFactory(association=other_association, name="Theirs now", **dated())
    CohortFactory(association=association, name="Ours before", **dated(closes_at=now - timedelta(days=1)))
    both = page(client, "cohorts:list").content.decode()
    assert ("Ours now" in both, "Theirs now" in both, "Ours before" in both) == (True, True, False)
    ours = page(client, "cohorts:list", association="xx-pr").content.decode()
    assert ("Ours now" in ours, "Theirs now" in ours) == (True, False)
    before = page(client, "cohorts:list", when="past").content.decode()
    assert ("Ours now" in before, "Ours before" in before) == (False, True)


@pytest.mark.parametrize("query", [{"association": "x\x00"}, {"when": "never"}, {"page": "9" * 30}, {"page": "-1"}])
def test_odd_addresses_are_answered(client, cohort, query):
    assert page(client, "cohorts:list", **query).status_code == 200


@pytest.mark.django_db
def test_empty_lists_teach(client):
    assert "No cohort is announced yet" in page(client, "cohorts:list").content.decode()
    assert "No past cohorts" in page(client, "cohorts:list", when="past").content.decode()


def test_the_readers_own_clock_is_shown(client, cohort, applicant):
    client.force_login(applicant.user)
    assert "On your clock" not in page(client, "cohorts:list").content.decode()
    applicant.time_zone = "Pacific/Honolulu"
    applicant.save()
    text = page(client, "cohorts:list").content.decode()
    assert "On your clock" in text
    assert "HST" in text


def test_the_list_takes_as_many_queries_for_any_number(client, association, applicant):
    client.force_login(applicant.user)
    taken = []
    for names in (["first"], [f"Cohort {number}" for number in range(29)]):
        for name in names:
            CohortFactory(association=association, name=name, **dated())
        taken.append(queries_of(client, reverse("cohorts:list")))
    assert taken == [SHELL + 4] * 2


# --- Seats --------------------------------------------------------------------------------------


def test_reserving_from_the_list(client, cohort, applicant):
    client.force_login(applicant.user)
    answer = client.post(reverse("cohorts:reserve", args=[cohort.uuid]), {"category": "IFS"})
    assert answer.headers["Location"] == reverse("cohort_page", args=[cohort.uuid])
    assert Enrolment.objects.get().intended_category == "IFS"
    assert Cohort.objects.get().seats_taken == 1


def test_nonsense_as_a_category_is_dropped(client, cohort, applicant):
    client.force_login(applicant.user)
    client.post(reverse("cohorts:reserve", args=[cohort.uuid]), {"category": "<script>" * 9})
    assert Enrolment.objects.get().intended_category == ""


def test_a_refused_seat_says_why_and_what_next(client, cohort, member):
    client.force_login(member)
    answer = client.post(reverse("cohorts:reserve", args=[cohort.uuid]))
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "You have a seat in Spring cohort already." in text
    assert f'href="{reverse("my_cohort")}"' in text


def test_a_full_cohort_names_the_next(client, cohort, association, member, other_applicant):
    Cohort.objects.filter(pk=cohort.pk).update(capacity=1)
    following = CohortFactory(association=association, name="Summer cohort", **dated())
    client.force_login(other_applicant.user)
    text = client.post(reverse("cohorts:reserve", args=[cohort.uuid])).content.decode()
    assert "The next cohort with free seats is Summer cohort." in text
    assert reverse("cohort_page", args=[following.uuid]) in text


def test_a_get_takes_no_seat(client, cohort, applicant):
    client.force_login(applicant.user)
    answer = page(client, "cohorts:reserve", cohort.uuid)
    assert answer.headers["Location"] == reverse("cohort_page", args=[cohort.uuid])
    assert Enrolment.objects.count() == 0


def test_reserving_needs_an_account(client, cohort):
    answer = client.post(reverse("cohorts:reserve", args=[cohort.uuid]))
    assert answer.status_code == 302
    assert reverse("account_login") in answer.headers["Location"]


def test_giving_a_seat_back(client, cohort, member):
    client.force_login(member)
    assert page(client, "cohorts:leave", cohort.uuid).status_code == 200
    answer = client.post(reverse("cohorts:leave", args=[cohort.uuid]), {"reason": "A new job"})
    assert answer.headers["Location"] == reverse("cohorts:list")
    assert (Enrolment.objects.get().state, Enrolment.objects.get().reason) == ("left", "A new job")
    again = client.post(reverse("cohorts:leave", args=[cohort.uuid]), {"reason": ""})
    assert again.status_code == 409
    assert "This seat was given back already." in again.content.decode()


def test_nobody_leaves_where_they_never_sat(client, cohort, applicant):
    client.force_login(applicant.user)
    assert page(client, "cohorts:leave", cohort.uuid).status_code == 404


def test_the_calendar_names_the_same_instants(client, association, coordinator):
    from cohorts.actions import cohorts as acts
    from tests.cohorts.test_cohort_actions import DETAILS

    cohort = acts.create(association=association, details=DETAILS, by=coordinator)
    acts.publish(cohort=cohort, by=coordinator, now=cohort.opens_at)
    answer = page(client, "cohorts:calendar", cohort.uuid)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    from icalendar import Calendar

    events = {str(event["summary"]): event["dtstart"].dt for event in Calendar.from_ical(answer.content).walk("VEVENT")}
    assert events["Applications close: Summer 2026"] == cohort.submission_deadline_at
    assert events["Enrollment closes: Summer 2026"] == cohort.closes_at
    assert events["All raters named: Summer 2026"] == datetime.datetime(2026, 8, 4, 4, 59, 59, tzinfo=datetime.UTC)
    assert len(events) == 7


# --- The cohort's page --------------------------------------------------------------------------


def test_my_cohort_leads_to_the_seat_or_to_the_list(client, cohort, member, other_applicant):
    client.force_login(member)
    assert page(client, "my_cohort").headers["Location"] == reverse("cohort_page", args=[cohort.uuid])
    client.force_login(other_applicant.user)
    assert page(client, "my_cohort").headers["Location"] == reverse("cohorts:list")


def test_strangers_see_the_announcement_only(client, cohort, thread, member):
    for person in (None, PersonFactory(with_user=True)):
        if person:
            client.force_login(person.user)
        text = page(client, "cohort_page", cohort.uuid).content.decode()
        assert ("Your seat" in text, "Maren Oakhill" in text, "Count twice?" in text) == (True, False, False)


def test_members_see_one_another(client, cohort, thread, member, coordinator):
    EnrolmentFactory(cohort=cohort, person=PersonFactory(name="Noor Brightwater"), intended_category="IFS")
    EnrolmentFactory(cohort=cohort, person=PersonFactory(name="Gone Away"), state="left")
    client.force_login(member)
    text = page(client, "cohort_page", cohort.uuid).content.decode()
    assert "Noor Brightwater" in text
    assert "Infant Family Specialist" in text
    assert "Linnea Rivermoss" in text
    assert "Count twice?" in text
    assert "Gone Away" not in text


def test_who_left_sees_the_announcement_at_the_next_request(client, cohort, thread, member):
    client.force_login(member)
    assert page(client, "cohorts:thread", thread.uuid).status_code == 200
    seats.leave(enrolment=Enrolment.objects.get(), by=member)
    assert page(client, "cohorts:thread", thread.uuid).status_code == 404
    assert "Count twice?" not in page(client, "cohort_page", cohort.uuid).content.decode()


def test_the_coordinator_sees_a_draft(client, association, coordinator, other_coordinator):
    draft = CohortFactory(association=association, **dated(published_at=None))
    client.force_login(other_coordinator)
    assert page(client, "cohort_page", draft.uuid).status_code == 404


def test_the_cohorts_page_takes_as_many_queries_for_any_number(client, cohort, member):
    client.force_login(member)
    taken = []
    for count in (1, 29):
        for _number in range(count):
            EnrolmentFactory(cohort=cohort, intended_category="IFS")
            PostFactory(thread=ThreadFactory(cohort=cohort))
            PostFactory(thread=ThreadFactory(cohort=cohort, is_notice=True, pinned_at=timezone.now()))
        taken.append(queries_of(client, reverse("cohort_page", args=[cohort.uuid])))
    assert taken == [SHELL + 10] * 2


# --- The discussion -----------------------------------------------------------------------------

READ = ["cohorts:threads", "cohorts:thread_new"]


@pytest.mark.parametrize("name", READ)
def test_the_room_is_for_members_and_their_coordinators(
    client, cohort, member, coordinator, other_coordinator, reviewer, other_applicant, operator, name
):
    address = reverse(name, args=[cohort.uuid])
    answers = {}
    for who, user in {
        "member": member,
        "stranger": other_applicant.user,
        "other coordinator": other_coordinator,
        "reviewer": reviewer,
    }.items():
        client.force_login(user)
        answers[who] = client.get(address).status_code
    assert answers == {"member": 200, "stranger": 404, "other coordinator": 404, "reviewer": 404}


@pytest.mark.parametrize("name", ["cohorts:thread", "cohorts:post_report", "cohorts:post_edit", "cohorts:post_hide"])
def test_strangers_reach_no_word_of_it(client, thread, other_applicant, other_coordinator, name):
    key = thread.uuid if name == "cohorts:thread" else thread.posts.get().uuid
    for user in (other_applicant.user, other_coordinator):
        client.force_login(user)
        assert client.get(reverse(name, args=[key])).status_code == 404
        assert client.post(reverse(name, args=[key]), {"body": "x"}).status_code == 404
        assert client.get(reverse(name, args=[uuid.uuid4()])).status_code == 404


def test_starting_a_thread(client, cohort, member):
    client.force_login(member)
    address = reverse("cohorts:thread_new", args=[cohort.uuid])
    assert client.get(address).status_code == 200
    answer = client.post(address, {"title": "A question", "body": "How *long*?"})
    thread = Thread.objects.get()
    assert answer.headers["Location"] == reverse("cohorts:thread", args=[thread.uuid])
    text = client.get(answer.headers["Location"]).content.decode()
    assert "<p>How <em>long</em>?</p>" in text


def test_an_empty_thread_is_refused_by_its_fields(client, cohort, member):
    client.force_login(member)
    answer = client.post(reverse("cohorts:thread_new", args=[cohort.uuid]), {"title": "Kept", "body": ""})
    text = answer.content.decode()
    assert 'value="Kept"' in text
    assert "Please fill this in: Your first post." in text
    assert Thread.objects.count() == 0


def test_something_that_points_to_a_family_is_asked_about_once(client, thread, member):
    client.force_login(member)
    address = reverse("cohorts:thread", args=[thread.uuid])
    body = "The grandmother of J., born 3/14/24, asked me"
    text = client.post(address, {"body": body}).content.decode()
    assert "This may point to a family" in text
    assert "a date of birth" in text
    assert body in text
    assert Post.objects.count() == 1
    assert client.post(address, {"body": body, "confirmed": "on"}).status_code == 302
    assert Post.objects.count() == 2


def test_a_reply_lands_on_its_page(client, thread, member):
    for _number in range(25):
        PostFactory(thread=thread, author=member)
    client.force_login(member)
    answer = client.post(reverse("cohorts:thread", args=[thread.uuid]), {"body": "The last word"})
    post = Post.objects.get(body="The last word")
    assert answer.headers["Location"] == f"{reverse('cohorts:thread', args=[thread.uuid])}?page=2#post-{post.uuid}"
    assert "The last word" in client.get(answer.headers["Location"]).content.decode()


def test_what_was_typed_is_kept_until_it_is_posted(client, cohort, thread, member):
    typed = {"body": ["Half a sent"], "title": ["T"], "confirmed": ["on"]}
    places = {
        f"reply:{thread.uuid}": ("cohorts:thread", thread),
        f"thread:{cohort.uuid}": ("cohorts:thread_new", cohort),
    }
    for key, (name, row) in places.items():
        FormDraft.objects.create(user=member, form_key=key, data=typed)
        client.force_login(member)
        text = page(client, name, row.uuid).content.decode()
        assert "Half a sent" in text
        assert client.post(reverse(name, args=[row.uuid]), {"title": "T", "body": "Half a sentence"}).status_code == 302
    assert FormDraft.objects.count() == 0


def test_a_closed_cohort_can_be_read_and_not_written(client, cohort, thread, member):
    Cohort.objects.filter(pk=cohort.pk).update(
        review_ends_on=timezone.now().date() - timedelta(days=32),
        opens_at=timezone.now() - timedelta(days=200),
        closes_at=timezone.now() - timedelta(days=190),
        submission_deadline_at=timezone.now() - timedelta(days=100),
    )
    client.force_login(member)
    text = page(client, "cohorts:thread", thread.uuid).content.decode()
    assert "Its discussion can be read" in text
    assert client.post(reverse("cohorts:thread", args=[thread.uuid]), {"body": "Late"}).status_code == 409
    new = reverse("cohorts:thread_new", args=[cohort.uuid])
    assert "Its discussion can be read" in client.get(new).content.decode()
    assert client.post(new, {"title": "x", "body": "Late"}).status_code == 409
    edit = reverse("cohorts:post_edit", args=[thread.posts.get().uuid])
    assert client.post(edit, {"body": "Late"}).status_code == 409
    assert Post.objects.count() == 1


def test_editing_ones_own_post(client, thread, member):
    client.force_login(member)
    address = reverse("cohorts:post_edit", args=[thread.posts.get().uuid])
    assert "Does it **count**?" in client.get(address).content.decode()
    assert client.post(address, {"body": "Does it count?"}).status_code == 302
    text = page(client, "cohorts:thread", thread.uuid).content.decode()
    assert "edited" in text
    assert "Earlier versions" not in text


def test_a_post_of_somebody_else_is_not_there_to_edit(client, cohort, thread, other_applicant):
    EnrolmentFactory(cohort=cohort, person=other_applicant)
    client.force_login(other_applicant.user)
    assert page(client, "cohorts:post_edit", thread.posts.get().uuid).status_code == 404


def test_report_and_own_post(client, cohort, thread, member, other_applicant):
    address = reverse("cohorts:post_report", args=[thread.posts.get().uuid])
    client.force_login(member)
    assert client.post(address, {"reason": "x"}).status_code == 409
    EnrolmentFactory(cohort=cohort, person=other_applicant)
    client.force_login(other_applicant.user)
    assert client.get(address).status_code == 200
    assert "Write a few words here." in client.post(address, {"reason": ""}).content.decode()
    assert client.post(address, {"reason": "A name"}).status_code == 302
    assert PostReport.objects.get().reason == "A name"


def test_the_list_of_threads_searches_this_cohort_only(client, cohort, association, thread, member):
    elsewhere = CohortFactory(association=association, **dated())
    PostFactory(thread=ThreadFactory(cohort=elsewhere, title="Count elsewhere"), body="count")
    notice = ThreadFactory(cohort=cohort, title="Office hours", is_notice=True, pinned_at=timezone.now())
    PostFactory(thread=notice, body="Every Wednesday")
    hidden = PostFactory(thread=notice, body="Secretword", hidden_at=timezone.now(), hidden_reason="x")
    assert hidden.pk
    client.force_login(member)

    def titles(**query):
        text = page(client, "cohorts:threads", cohort.uuid, **query).content.decode()
        found = [title for title in ("Count twice?", "Office hours", "Count elsewhere") if title in text]
        return sorted(found, key=text.index)

    assert titles() == ["Office hours", "Count twice?"]
    assert titles(q="count") == ["Count twice?"]
    assert titles(q="wednesday") == ["Office hours"]
    assert titles(q="secretword") == []
    assert titles(show="notices") == ["Office hours"]
    assert titles(show="mine") == ["Count twice?"]
    assert titles(show="unanswered") == ["Count twice?"]
    assert titles(q="\x00") == ["Office hours", "Count twice?"]


@pytest.mark.parametrize(("query", "own"), [("", 3), ("?q=write", 3)])
def test_the_list_of_threads_takes_as_many_queries_for_any_number(client, cohort, member, query, own):
    client.force_login(member)
    taken = []
    for count in (1, 29):
        for _number in range(count):
            PostFactory(thread=ThreadFactory(cohort=cohort))
            ThreadFactory(cohort=cohort, pinned_at=timezone.now())
        taken.append(queries_of(client, reverse("cohorts:threads", args=[cohort.uuid]) + query))
    assert taken == [SHELL + own] * 2


def test_a_thread_takes_as_many_queries_for_any_number(client, thread, member, coordinator):
    for user, own in ((member, 5), (coordinator, 7)):
        client.force_login(user)
        taken = []
        for count in (1, 29):
            for _number in range(count):
                PostFactory(thread=thread)
            taken.append(queries_of(client, reverse("cohorts:thread", args=[thread.uuid])))
        assert taken == [SHELL + own] * 2


def test_a_post_whose_row_was_tampered_with_is_still_clean(client, thread, member):
    Post.objects.update(html='<p onclick="x()">hi</p><script>alert(1)</script><img src=x onerror=alert(1)>')
    client.force_login(member)
    text = page(client, "cohorts:thread", thread.uuid).content.decode()
    assert "<p>hi</p>" in text
    assert ("alert(1)" in text, "onclick" in text) == (False, False)


def test_titles_are_text(client, cohort, member):
    discussion.start_thread(cohort=cohort, by=member, title="<img src=x onerror=alert(1)>", body="x")
    client.force_login(member)
    thread = Thread.objects.get()
    for name, key in (("cohorts:threads", cohort.uuid), ("cohort_page", cohort.uuid), ("cohorts:thread", thread.uuid)):
        text = page(client, name, key).content.decode()
        assert "<img src=x" not in text
