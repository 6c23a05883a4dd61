"""A person's own messages: list, reading, following a private link, choosing, stopping."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from endorsement_portal.links.actions import address_of, issue, placeholder, revoke
from endorsement_portal.outbox import actions, kinds, queries
from endorsement_portal.outbox.models import InAppMessage, MessagePreference
from tests.factories.members import UserFactory
from tests.ground import mailing
from tests.ground.mailing import note

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _templates(settings):
    mailing.with_test_templates(settings)


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def reader(client, user):
    client.force_login(user)
    return client


def copy_for(user, subject="Your seat is reserved", **fields) -> InAppMessage:
    return InAppMessage.objects.create(
        **{"user": user, "key": str(uuid.uuid4()), "kind": "note", "subject": subject, "body": "First.\n\nSecond.",
           "created_at": timezone.now(), **fields}
    )  # fmt: skip


def words(response) -> str:
    return " ".join(response.content.decode().split())


# --- the list


def test_signing_in_comes_first(client):
    for name in ("inbox", "preferences"):
        assert client.get(reverse(f"outbox:{name}")).url.startswith("/accounts/login/")


def test_an_empty_inbox_teaches(reader):
    page = words(reader.get(reverse("outbox:inbox")))
    assert "No messages yet" in page
    assert "Your seat in the spring cohort is reserved." in page


def test_the_inbox_shows_own_messages_newest_first(reader, user):
    old = copy_for(user, "Old", created_at=timezone.now() - timedelta(days=2), read_at=timezone.now())
    new = copy_for(user, "New")
    copy_for(UserFactory(), "Somebody else's")
    response = reader.get(reverse("outbox:inbox"))
    assert list(response.context["page"]) == [new, old]
    assert "1 message you have not read." in words(response)
    assert words(response).count("Unread</span>") == 1


BOTH = ["Your seat", "A rating came in"]


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=SEAT", ["Your seat"]), ("q=second", BOTH), ("unread=on", ["A rating came in"]), ("q=seat&unread=on", []),
     ("q=%00", BOTH), (f"q={'x' * 101}", BOTH), ("page=99999999999999999999", BOTH)],
)  # fmt: skip
def test_searching_and_filtering(reader, user, query, found):
    copy_for(user, "A rating came in", created_at=timezone.now() - timedelta(days=1))
    copy_for(user, "Your seat", read_at=timezone.now())
    response = reader.get(f"{reverse('outbox:inbox')}?{query}")
    assert [message.subject for message in response.context["page"]] == found
    assert ("Nothing matches" in words(response)) is (not found)


def test_the_list_takes_the_same_number_of_queries_for_1_and_30(reader, user):
    asked = []
    for count in (1, 30):
        for _number in range(count):
            copy_for(user)
        assert reader.get(reverse("outbox:inbox")).status_code == 200  # what a session asks once is asked here
        with CaptureQueriesContext(connection) as statements:
            assert reader.get(reverse("outbox:inbox")).status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1]


def test_thirty_messages_stand_on_two_pages(reader, user):
    for number in range(30):
        copy_for(user, f"Message {number}")
    assert len(reader.get(reverse("outbox:inbox")).context["page"]) == 25
    assert len(reader.get(f"{reverse('outbox:inbox')}?page=2").context["page"]) == 5


# --- reading


def test_opening_a_message_marks_it_read_once(reader, user):
    message = copy_for(user, link="/home/")
    page = words(reader.get(reverse("outbox:read", args=[message.uuid])))
    assert "<p>First.</p> <p>Second.</p>" in page
    assert 'href="/home/">Open what this is about' in page
    message.refresh_from_db()
    first = message.read_at
    assert first is not None
    reader.get(reverse("outbox:read", args=[message.uuid]))
    message.refresh_from_db()
    assert message.read_at == first
    assert queries.unread_count(user) == 0


def test_a_message_is_text_and_never_markup(reader, user):
    message = copy_for(user, "<b>Bold</b>", body="<script>alert(1)</script>")
    page = words(reader.get(reverse("outbox:read", args=[message.uuid])))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>Bold" not in page


def test_somebody_elses_message_is_not_there(reader):
    message = copy_for(UserFactory())
    assert reader.get(reverse("outbox:read", args=[message.uuid])).status_code == 404
    message.refresh_from_db()
    assert message.read_at is None


def test_marking_all_as_read_is_a_post(reader, user):
    copy_for(user)
    other = copy_for(UserFactory())
    assert reader.get(reverse("outbox:read_all")).status_code == 405
    response = reader.post(reverse("outbox:read_all"), follow=True)
    assert "All messages are marked as read." in words(response)
    assert queries.unread_count(user) == 0
    other.refresh_from_db()
    assert other.read_at is None


def test_nobody_has_messages_without_an_account(rf):
    from django.contrib.auth.models import AnonymousUser

    assert queries.unread_count(AnonymousUser()) == 0


# --- following a private link


@pytest.fixture
def link():
    return issue(purpose="rating", object_uuid=uuid.uuid4(), valid_for=timedelta(days=7))


def test_the_copy_leads_through_the_portal_to_the_private_link(reader, user, link):
    message = note(user=user, context={"link": placeholder(link, "outbox:unsubscribe")})
    actions.deliver_due()
    copy = InAppMessage.objects.get()
    assert queries.outgoing_of(copy) == message
    response = reader.get(copy.link)
    assert response.url == address_of(link, "outbox:unsubscribe")


def test_a_closed_link_says_so(reader, user, link):
    note(user=user, context={"link": placeholder(link, "outbox:unsubscribe")})
    actions.deliver_due()
    revoke(purpose="rating", object_uuid=link.object_uuid)
    response = reader.get(InAppMessage.objects.get().link, follow=True)
    assert "This link no longer opens." in words(response)


@pytest.mark.parametrize("kept", [True, False])
def test_a_message_without_a_link_leads_nowhere(reader, user, kept):
    message = note(user=user)
    copy = copy_for(user, key=message.key if kept else "its message is gone")
    response = reader.get(reverse("outbox:follow", args=[copy.uuid]), follow=True)
    assert "This link no longer opens." in words(response)


def test_somebody_elses_link_is_not_there(reader, link):
    note(user=UserFactory(), context={"link": placeholder(link, "outbox:unsubscribe")})
    actions.deliver_due()
    assert reader.get(InAppMessage.objects.get().link).status_code == 404


# --- choosing


@pytest.fixture
def _two_kinds(monkeypatch):
    monkeypatch.setattr(kinds, "_REGISTERED", {})
    kinds.register("digest", "What your cohort wrote")
    kinds.register("radar", "When you fall behind")


def test_without_optional_kinds_there_is_nothing_to_choose(reader, monkeypatch):
    monkeypatch.setattr(kinds, "_REGISTERED", {})
    assert "Nothing to choose yet" in words(reader.get(reverse("outbox:preferences")))


@pytest.mark.usefixtures("_two_kinds")
def test_choosing_what_comes_by_mail(reader, user):
    note(user=user, required=False, kind="cohort_news")
    address = reverse("outbox:preferences")
    assert [choice.label for choice in reader.get(address).context["form"].kinds] == [
        "Cohort news", "What your cohort wrote", "When you fall behind",
    ]  # fmt: skip
    assert "Your choice is saved." in words(reader.post(address, {"by_mail": ["radar"]}, follow=True))
    off = MessagePreference.objects.filter(user=user, choice="portal").values_list("kind", flat=True)
    assert sorted(off) == ["cohort_news", "digest"]
    reader.post(address, {"by_mail": ["radar", "digest", "cohort_news"]})
    assert set(MessagePreference.objects.values_list("choice", flat=True)) == {"email"}
    reader.post(address)
    assert [choice.by_mail for choice in queries.choices_of(user)] == [False, False, False]


@pytest.mark.usefixtures("_two_kinds")
def test_an_unknown_kind_is_refused_beside_the_field(reader):
    response = reader.post(reverse("outbox:preferences"), {"by_mail": ["everything"]})
    assert response.context["form"].errors == {
        "by_mail": ["Select a valid choice. everything is not one of the available choices."]
    }
    assert not MessagePreference.objects.exists()


# --- stopping with one click


def stop_address(message) -> str:
    from endorsement_portal.outbox.unsubscribe import address

    return address(message).removeprefix("http://testserver")


def test_stopping_needs_a_post_and_no_account(client, user):
    address = stop_address(note(user=user, required=False, kind="cohort_news"))
    for _scanner in range(3):
        assert "Stop these mails?" in words(client.get(address))
    assert not MessagePreference.objects.exists()
    client.handler.enforce_csrf_checks = True  # as a mail program posts: without a cookie
    response = client.post(address, {"List-Unsubscribe": "One-Click"})
    assert 'You get no more mail of the kind "Cohort news"' in words(response)
    assert MessagePreference.objects.get().choice == "portal"


def test_a_forged_or_required_address_stops_nothing(client, user):
    required = stop_address(note(user=user))
    for address in (required, "/messages/stop/forged/", f"{required[:-3]}xx/", f"/messages/stop/{'x' * 3000}/"):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    assert not MessagePreference.objects.exists()
