"""Private links: derived, hashed, voided, expiring, counted."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from endorsement_portal.links import actions, queries, tokens
from endorsement_portal.links.models import PrivateLink
from endorsement_portal.workflow import NotAllowed

pytestmark = pytest.mark.django_db

RATING = uuid.UUID("11111111-1111-4111-8111-111111111111")
WEEK = timedelta(days=7)


@pytest.fixture
def link(now):
    return actions.issue(purpose="rating", object_uuid=RATING, valid_for=WEEK, now=now)


def resolve(token, now, purpose="rating"):
    return queries.resolve(purpose=purpose, token=token, now=now)


def test_the_token_opens_its_link_and_stands_nowhere(link, now):
    token = actions.token_of(link)
    assert len(token) == 43
    assert resolve(token, now) == link
    row = PrivateLink.objects.filter(pk=link.pk).values().get()
    assert token not in str(row)
    assert row["token_hash"] == tokens.hashed(token)


def test_tokens_depend_on_secret_purpose_and_link():
    one = tokens.derive("secret", purpose="rating", uuid=RATING)
    others = {
        tokens.derive("other", purpose="rating", uuid=RATING),
        tokens.derive("secret", purpose="sign_off", uuid=RATING),
        tokens.derive("secret", purpose="rating", uuid=uuid.uuid4()),
    }
    assert len({one, *others}) == 4
    assert one == tokens.derive("secret", purpose="rating", uuid=RATING)


@given(token=st.text())
def test_any_text_can_be_hashed(token):
    assert len(tokens.hashed(token)) == 64


@pytest.mark.parametrize("token", ["", "x", "\x00", "\ud800", "é" * 5000])
def test_guesses_open_nothing(link, now, token):
    assert resolve(token, now) is None


def test_one_changed_character_opens_nothing(link, now):
    token = actions.token_of(link)
    changed = ("B" if token[0] == "A" else "A") + token[1:]
    assert resolve(changed, now) is None


def test_another_purpose_opens_nothing(link, now):
    assert resolve(actions.token_of(link), now, purpose="sign_off") is None


def test_a_link_opens_until_its_last_instant(link, now):
    token = actions.token_of(link)
    assert resolve(token, now + WEEK - timedelta(seconds=1)) == link
    assert resolve(token, now + WEEK) is None


def test_every_refusal_takes_one_query(link, now, django_assert_num_queries):
    token = actions.token_of(link)
    with django_assert_num_queries(4):
        assert resolve(token, now) == link
        assert resolve("wrong", now) is None
        assert resolve(token, now + WEEK) is None
        assert resolve(token, now, purpose="other") is None


def test_a_new_link_voids_the_old_one_of_the_same_object_only(link, now):
    other_object = actions.issue(purpose="rating", object_uuid=uuid.uuid4(), valid_for=WEEK, now=now)
    other_purpose = actions.issue(purpose="sign_off", object_uuid=RATING, valid_for=WEEK, now=now)
    renewed = actions.issue(purpose="rating", object_uuid=RATING, valid_for=WEEK, now=now)
    assert resolve(actions.token_of(link), now) is None
    assert resolve(actions.token_of(renewed), now) == renewed
    assert resolve(actions.token_of(other_object), now) == other_object
    assert resolve(actions.token_of(other_purpose), now, purpose="sign_off") == other_purpose
    assert queries.live_link(purpose="rating", object_uuid=RATING, now=now) == renewed


def test_the_database_keeps_one_open_link_per_purpose_and_object(link, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        PrivateLink.objects.create(purpose="rating", object_uuid=RATING, token_hash="x", expires_at=now)


def test_losing_the_race_to_issue_tries_again(link, now, monkeypatch):
    revoke, calls = actions.revoke, []

    def blind_at_first(**kwargs):
        calls.append(kwargs)
        return 0 if len(calls) == 1 else revoke(**kwargs)

    monkeypatch.setattr(actions, "revoke", blind_at_first)
    issued = actions.issue(purpose="rating", object_uuid=RATING, valid_for=WEEK, now=now)
    assert len(calls) == 2
    assert queries.live_link(purpose="rating", object_uuid=RATING, now=now) == issued


def test_issuing_gives_up_when_the_database_goes_on_refusing(link, now, monkeypatch):
    monkeypatch.setattr(actions, "revoke", lambda **_kwargs: 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.issue(purpose="rating", object_uuid=RATING, valid_for=WEEK, now=now)


def test_revoking_shuts_and_says_how_many(link, now):
    assert actions.revoke(purpose="rating", object_uuid=RATING, now=now) == 1
    assert actions.revoke(purpose="rating", object_uuid=RATING, now=now) == 0
    assert resolve(actions.token_of(link), now) is None


def test_renewing_keeps_the_address_and_opens_an_expired_link_again(link, now):
    token = actions.token_of(link)
    later = now + WEEK + timedelta(days=1)
    assert resolve(token, later) is None
    assert actions.renew(link, valid_for=WEEK, now=later).expires_at == later + WEEK
    assert resolve(token, later) == link


def test_a_revoked_link_cannot_be_renewed(link, now):
    actions.revoke(purpose="rating", object_uuid=RATING, now=now)
    with pytest.raises(NotAllowed) as refused:
        actions.renew(link, valid_for=WEEK, now=now)
    assert refused.value.findings[0].requirement == "link_revoked"


def test_uses_are_counted_and_spend_nothing(link, now):
    actions.mark_used(link, now=now)
    used = actions.mark_used(link, now=now + timedelta(hours=1))
    assert (used.use_count, used.used_at) == (2, now + timedelta(hours=1))
    assert resolve(actions.token_of(link), now) == link


def test_links_of_an_older_secret_still_have_their_address(link, now):
    token = actions.token_of(link)
    with override_settings(
        SECRET_KEY="another-secret", SECRET_KEY_FALLBACKS=["tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF"]
    ):
        assert actions.token_of(link) == token
    with override_settings(SECRET_KEY="another-secret", SECRET_KEY_FALLBACKS=[]), pytest.raises(LookupError):
        actions.token_of(link)


def test_the_placeholder_names_the_link_and_not_its_secret(link):
    assert actions.placeholder(link, "rating:landing") == {"private_link": str(link.uuid), "url_name": "rating:landing"}


def test_the_address_is_the_page_with_the_token(link):
    assert actions.address_of(link, "outbox:unsubscribe") == (
        f"http://testserver/messages/stop/{actions.token_of(link)}/"
    )
    assert queries.by_uuid(link.uuid) == link
