"""What was typed and not saved: kept, restored, never written over silently."""

import json
from datetime import date, timedelta

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from endorsement_portal.web import drafts
from endorsement_portal.web.models import FormDraft
from tests.factories.members import UserFactory

pytestmark = pytest.mark.django_db
KEY = "training:new"
URL = reverse("web:save_draft", args=[KEY])


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def signed_in(client, user):
    client.force_login(user)
    return client


def post(client, version=0, url=URL, **values):
    return client.post(url, {"_draft_version": str(version), **values})


# --- The endpoint ---------------------------------------------------------------------------------------------------
def test_saved_with_its_version_and_time(signed_in, user):
    first = post(signed_in, title="Grief", topics=["core", "dei"])
    assert (first.status_code, first.json()["version"]) == (200, 1)
    draft = drafts.load(user, KEY)
    assert draft.data == {"title": ["Grief"], "topics": ["core", "dei"]}
    assert first.json()["saved_at"] == draft.updated_at.isoformat()
    second = post(signed_in, version=1, title="Grief and loss")
    assert (second.status_code, second.json()["version"]) == (200, 2)
    assert drafts.load(user, KEY).data == {"title": ["Grief and loss"]}
    assert second.json()["saved_at"] > first.json()["saved_at"]


def test_incomplete_and_wrong_input_is_welcome(signed_in, user):
    post(signed_in, minutes="abc", on="someday")
    assert drafts.load(user, KEY).data == {"minutes": ["abc"], "on": ["someday"]}


@pytest.mark.parametrize("version", [0, 1, 7])
def test_two_tabs_are_asked_and_nothing_is_overwritten(signed_in, user, version):
    post(signed_in, title="first")
    post(signed_in, version=1, title="second")
    answer = post(signed_in, version=version, title="<b>third</b>", note="new")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert 'data-version="2"' in text
    assert "second" in text
    assert "&lt;b&gt;third&lt;/b&gt;" in text
    assert 'data-autosave-keep="mine"' in text
    assert 'data-autosave-keep="theirs"' in text
    assert drafts.load(user, KEY).data == {"title": ["second"]}
    assert post(signed_in, version=2, title="third").json()["version"] == 3


def test_a_form_that_was_sent_elsewhere_does_not_come_back_by_itself(signed_in, user):
    post(signed_in, title="first")
    drafts.discard(user, KEY)
    answer = post(signed_in, version=1, title="again")
    assert answer.status_code == 409
    assert 'data-version="0"' in answer.content.decode()
    assert drafts.load(user, KEY) is None


def test_everybody_has_their_own(signed_in, user):
    post(signed_in, title="mine")
    other = Client()
    other.force_login(UserFactory())
    assert post(other, title="theirs").json()["version"] == 1
    assert drafts.load(user, KEY).data == {"title": ["mine"]}
    assert FormDraft.objects.count() == 2


def test_signed_out_is_401_and_nothing_is_kept(client):
    answer = post(client, title="x")
    assert (answer.status_code, answer.json()) == (401, {"error": "signed_out"})
    assert FormDraft.objects.count() == 0


def test_typed_by_one_person_it_is_never_saved_for_another(signed_in, user):
    stranger = drafts.owner_mark(UserFactory())
    answer = post(signed_in, title="x", _draft_owner=stranger)
    assert (answer.status_code, answer.json()) == (403, {"error": "other_person"})
    assert signed_in.get(URL, {"owner": stranger}).status_code == 403
    assert FormDraft.objects.count() == 0
    assert post(signed_in, title="x", _draft_owner=drafts.owner_mark(user)).status_code == 200


def test_a_new_token_after_a_new_sign_in(user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert post(client, title="x").status_code == 403
    token = client.get(URL, {"owner": drafts.owner_mark(user)}).json()["csrf"]
    assert post(client, title="x", csrfmiddlewaretoken=token).status_code == 200
    assert drafts.load(user, KEY).data == {"title": ["x"]}


@pytest.mark.parametrize("name", ["password", "new_password1", "csrfmiddlewaretoken", "client_secret", "api_token"])
def test_secrets_are_not_kept(signed_in, user, name):
    post(signed_in, title="x", **{name: "canary"})
    assert drafts.load(user, KEY).data == {"title": ["x"]}


def test_nul_is_dropped(signed_in, user):
    post(signed_in, title="a\x00b")
    assert drafts.load(user, KEY).data == {"title": ["ab"]}


def test_more_than_a_form_can_hold(signed_in):
    assert post(signed_in, title="x" * drafts.BYTES_MAX).status_code == 413
    assert post(signed_in, **{f"f{number}": "x" for number in range(drafts.FIELDS_MAX + 1)}).status_code == 413
    assert post(signed_in, **{f"f{number}": "x" for number in range(drafts.FIELDS_MAX)}).status_code == 200
    assert FormDraft.objects.count() == 1


@pytest.mark.parametrize(("version", "status"), [("x", 400), ("", 400), ("-5", 200), ("9" * 40, 409), ("٣", 409)])
def test_odd_versions_are_answered(signed_in, version, status):
    assert post(signed_in, version=version, title="x").status_code == status


@pytest.mark.parametrize("key", ["k" * 121, "nul\x00"])
def test_odd_keys_are_answered(signed_in, key):
    assert post(signed_in, url=reverse("web:save_draft", args=[key]), title="x").status_code == 400


def test_other_methods_are_refused(signed_in):
    assert signed_in.delete(URL).status_code == 405


def test_discard_forgets_and_goes_back(signed_in, user):
    post(signed_in, title="x")
    answer = signed_in.post(URL, {"discard": "1"}, headers={"Referer": "http://testserver/portfolio/training/add/"})
    assert (answer.status_code, answer.url) == (302, "http://testserver/portfolio/training/add/")
    assert drafts.load(user, KEY) is None


# --- Functions ------------------------------------------------------------------------------------------------------
def test_nobody_has_no_drafts():
    assert drafts.load(AnonymousUser(), KEY) is None
    assert drafts.discard(AnonymousUser(), KEY) is None


class Training(forms.Form):
    title = forms.CharField()
    on = forms.DateField()
    topics = forms.MultipleChoiceField(choices=[("core", "Core"), ("dei", "DEI")])
    agreed = forms.BooleanField()
    document = forms.FileField()
    when = forms.SplitDateTimeField()


def test_bound_initial_gives_back_what_was_typed(user):
    draft = FormDraft(
        user=user,
        data={
            "title": ["Grief"], "on": ["someday"], "topics": ["core", "dei"], "agreed": ["on"], "document": ["x.pdf"],
            "when_0": ["2026-01-02"], "when_1": ["10:00"], "strange": ["x"],
        },
    )  # fmt: skip
    initial = drafts.bound_initial(Training, draft)
    assert initial == {
        "title": "Grief", "on": "someday", "topics": ["core", "dei"], "agreed": True, "when": ["2026-01-02", "10:00"],
    }  # fmt: skip
    html = Training(initial=initial).as_p()
    assert 'value="Grief"' in html
    assert 'value="someday"' in html
    assert html.count("selected") == 2
    assert "checked" in html


def test_bound_initial_without_a_draft_or_with_a_prefix(user):
    assert drafts.bound_initial(Training, None) == {}
    draft = FormDraft(user=user, data={"a-title": ["x"], "title": ["y"], "a-on": [date(2026, 1, 1).isoformat()]})
    assert drafts.bound_initial(Training, draft, prefix="a")["title"] == "x"


def test_autosave_attributes(user):
    attributes = drafts.autosave_attributes(KEY, None, user)
    assert attributes["data-autosave"] == "/drafts/training:new/"
    assert attributes["data-autosave-version"] == "0"
    assert attributes["data-autosave-owner"] == drafts.owner_mark(user)
    assert json.loads(attributes["data-autosave-words"])["saved"] == "Saved"
    assert attributes["data-autosave-login"] == "/accounts/login/"
    draft = FormDraft(user=user, version=3)
    assert drafts.autosave_attributes(KEY, draft)["data-autosave-version"] == "3"
    assert "data-autosave-owner" not in drafts.autosave_attributes(KEY, draft, AnonymousUser())


@pytest.mark.parametrize(
    ("posted", "expected"),
    [
        ({}, 0),
        ({"_draft_seen": f"4 {KEY}"}, 4),
        ({"_draft_seen": "4 another:form"}, 0),
        ({"_draft_seen": f"-1 {KEY}"}, 0),
        ({"_draft_seen": f"\u0664 {KEY}"}, 0),
        ({"_draft_seen": f"{'9' * 5000} {KEY}"}, 2**31 - 1),
    ],
)
def test_a_page_shown_again_goes_on_from_the_draft_it_had_seen(posted, expected):
    assert drafts.seen_version(posted, KEY) == expected
    assert drafts.autosave_attributes(KEY, None, seen=expected)["data-autosave-version"] == str(expected)


def test_of_two_savers_of_the_same_version_one_is_asked(user):
    drafts.save(user=user, form_key=KEY, data={"a": ["1"]}, seen_version=0)
    assert drafts.save(user=user, form_key=KEY, data={"a": ["2"]}, seen_version=1).version == 2
    outcome = drafts.save(user=user, form_key=KEY, data={"a": ["3"]}, seen_version=1)
    assert isinstance(outcome, drafts.Conflict)
    assert outcome.theirs.data == {"a": ["2"]}


def test_differences_are_by_field(user):
    theirs = FormDraft(user=user, data={"a": ["1"], "b": ["2"], "c": ["3"]})
    assert drafts.differences({"a": ["1"], "b": ["x", "y"], "d": ["4"]}, theirs) == (
        drafts.Difference("b", "x, y", "2"),
        drafts.Difference("d", "4", ""),
        drafts.Difference("c", "", "3"),
    )


# --- Lost answers, and how much is kept -----------------------------------------------------------------------------
def test_an_answer_that_was_lost_is_no_other_window(signed_in, user):
    """The server stored it and died before it answered: the same page goes on, on top of what it does not know of."""
    post(signed_in, title="first", _draft_writer="aaa")
    post(signed_in, version=1, title="second", _draft_writer="aaa")
    again = post(signed_in, version=1, title="second, and more", _draft_writer="aaa")
    assert (again.status_code, again.json()["version"], drafts.load(user, KEY).data) == (
        200, 3, {"title": ["second, and more"]},
    )  # fmt: skip


def test_the_very_first_answer_may_be_lost_too(signed_in, user):
    post(signed_in, title="first", _draft_writer="aaa")
    assert post(signed_in, title="again", _draft_writer="aaa").json()["version"] == 2


def test_another_page_in_between_is_a_choice_again(signed_in, user):
    post(signed_in, title="first", _draft_writer="aaa")
    post(signed_in, version=1, title="other window", _draft_writer="bbb")
    assert post(signed_in, version=1, title="mine", _draft_writer="aaa").status_code == 409
    assert drafts.load(user, KEY).data == {"title": ["other window"]}


@pytest.mark.parametrize("writer", ["", "x" * 500, "\x00'\"<>", "é"])
def test_an_odd_mark_of_a_page_does_no_harm(signed_in, user, writer):
    assert post(signed_in, title="first", _draft_writer=writer).status_code == 200
    assert post(signed_in, version=0, title="second", _draft_writer="").status_code == 409
    assert len(drafts.load(user, KEY).writer) <= 40


def test_a_person_has_so_many_unfinished_forms_and_no_more(signed_in, user, monkeypatch):
    monkeypatch.setattr(drafts, "DRAFTS_MAX", 3)
    for number in range(3):
        drafts.save(user=user, form_key=f"training:{number}", data={}, seen_version=0)
    refused = post(signed_in, title="one more")
    assert (refused.status_code, refused.json(), FormDraft.objects.filter(user=user).count()) == (
        429, {"error": "too_many"}, 3,
    )  # fmt: skip
    drafts.save(user=UserFactory(), form_key=KEY, data={}, seen_version=0)
    known = drafts.save(user=user, form_key="training:1", data={"title": ["x"]}, seen_version=1)
    assert known.version == 2


def test_what_nobody_touched_for_half_a_year_makes_room(signed_in, user, monkeypatch):
    monkeypatch.setattr(drafts, "DRAFTS_MAX", 2)
    for number in range(2):
        drafts.save(user=user, form_key=f"training:{number}", data={}, seen_version=0)
    long_ago = timezone.now() - timedelta(days=drafts.STALE_DAYS + 1)
    FormDraft.objects.filter(form_key="training:0").update(updated_at=long_ago)
    assert post(signed_in, title="one more").status_code == 200
    assert set(FormDraft.objects.values_list("form_key", flat=True)) == {"training:1", KEY}


def test_what_the_form_itself_put_in_is_no_difference_for_people(signed_in, user):
    post(signed_in, title="first", _made_as="t-1")
    answer = post(signed_in, title="second", _made_as="t-2")
    assert [row.field for row in answer.context["differences"]] == ["title"]
