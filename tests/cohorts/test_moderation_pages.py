"""Report, hide, show again, pin and close: on one screen, by the coordinators of this association only."""

import pytest
from django.urls import reverse

from cohorts.actions import discussion, moderation
from cohorts.models import Post, PostReport
from tests.cohorts.test_pages import dated
from tests.factories.cohorts import CohortFactory, EnrolmentFactory


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_MFA_REQUIRED = False


@pytest.fixture
def thread(association, applicant, other_applicant):
    cohort = CohortFactory(association=association, **dated())
    for person in (applicant, other_applicant):
        EnrolmentFactory(cohort=cohort, person=person)
    return discussion.start_thread(cohort=cohort, by=applicant.user, title="A title", body="A name: Emma")


@pytest.fixture
def post(thread):
    return thread.posts.get()


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


def test_a_report_is_answered_on_the_page_of_the_post(desk, post, other_applicant):
    moderation.report(post=post, by=other_applicant.user, reason="There is a name in it")
    address = reverse("cohorts:post_hide", args=[post.uuid])
    text = desk.get(address).content.decode()
    assert "There is a name in it" in text
    assert "Leave it as it is" in text
    assert desk.post(address, {"act": "hide", "reason": "A name"}).status_code == 302
    thread = desk.get(reverse("cohorts:thread", args=[post.thread.uuid])).content.decode()
    assert "A coordinator has hidden this post." in thread
    assert "A name: Emma" in thread
    assert "Leave it as it is" not in desk.get(address).content.decode()
    assert desk.post(address, {"act": "restore", "reason": "A doll's name"}).status_code == 302
    assert Post.objects.get().hidden_at is None


def test_a_reported_post_can_be_kept(desk, post, other_applicant):
    moderation.report(post=post, by=other_applicant.user, reason="x")
    assert "Reported" in desk.get(reverse("cohorts:thread", args=[post.thread.uuid])).content.decode()
    desk.post(reverse("cohorts:post_hide", args=[post.uuid]), {"act": "keep", "reason": "Fine"})
    assert PostReport.objects.get().state == "kept"


@pytest.mark.parametrize("act", ["", "explode", "restore", "keep"])
def test_an_act_that_does_not_fit_is_refused_by_its_field(desk, post, act):
    answer = desk.post(reverse("cohorts:post_hide", args=[post.uuid]), {"act": act, "reason": "kept words"})
    assert answer.status_code == 200
    assert "kept words" in answer.content.decode()
    assert Post.objects.get().hidden_at is None


def test_a_role_that_ended_meanwhile_is_refused(desk, post, coordinator, monkeypatch):
    from cohorts import rules

    monkeypatch.setattr(rules, "may_run", lambda *_arguments: False)
    answer = desk.post(reverse("cohorts:post_hide", args=[post.uuid]), {"act": "hide", "reason": "x"})
    assert answer.status_code == 409
    assert "Only a coordinator of this association can do this." in answer.content.decode()


def test_members_see_that_a_post_is_hidden_and_its_author_why(client, desk, post, applicant, other_applicant):
    desk.post(reverse("cohorts:post_hide", args=[post.uuid]), {"act": "hide", "reason": "A child's name"})
    address = reverse("cohorts:thread", args=[post.thread.uuid])
    seen = {}
    for who, person in (("author", applicant), ("peer", other_applicant)):
        client.force_login(person.user)
        text = client.get(address).content.decode()
        seen[who] = ("A name: Emma" in text, "A child&#x27;s name" in text, "hidden this post" in text)
        assert client.get(reverse("cohorts:post_report", args=[post.uuid])).status_code == 404
    assert seen == {"author": (False, True, True), "peer": (False, False, True)}


def test_members_do_not_moderate(client, post, applicant, other_applicant):
    client.force_login(other_applicant.user)
    assert client.get(reverse("cohorts:post_hide", args=[post.uuid])).status_code == 404
    for name in ("cohorts:thread_pin", "cohorts:thread_lock"):
        assert client.post(reverse(name, args=[post.thread.uuid]), {"on": "1"}).status_code == 404
        assert client.get(reverse(name, args=[post.thread.uuid])).status_code == 405


def test_pinning_and_closing(desk, thread):
    for name, field in (("cohorts:thread_pin", "pinned_at"), ("cohorts:thread_lock", "locked_at")):
        for on, expected in (("1", True), ("maybe", True), ("0", False)):
            assert desk.post(reverse(name, args=[thread.uuid]), {"on": on}).status_code == 302
            thread.refresh_from_db()
            assert (getattr(thread, field) is not None) is expected


def test_a_closed_thread_says_so(desk, thread):
    moderation.lock(thread=thread, by=thread.author.staff_roles.model.objects.get().user, locked=True)
    text = desk.get(reverse("cohorts:thread", args=[thread.uuid])).content.decode()
    assert "it takes no more replies" in text
    assert desk.post(reverse("cohorts:thread", args=[thread.uuid]), {"body": "x"}).status_code == 409


def test_coordinators_see_earlier_versions(desk, post, applicant):
    discussion.edit(post=post, by=applicant.user, body="A name: E.")
    text = desk.get(reverse("cohorts:thread", args=[post.thread.uuid])).content.decode()
    assert "Earlier versions" in text
    assert "A name: Emma" in text


def test_a_notice_from_the_page(desk, thread):
    address = reverse("cohorts:thread_new", args=[thread.cohort.uuid])
    assert "A notice to everyone" in desk.get(address).content.decode()
    desk.post(address, {"title": "Office hours", "body": "On Wednesday", "is_notice": "on"})
    assert thread.cohort.threads.get(title="Office hours").is_notice is True
