"""Django's record pages: what is there at all, and that nothing an action writes can be written past it."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import RequestFactory
from django.urls import reverse

from applications.models import LegalText
from endorsement_portal.audit.models import AuditEvent
from members.models import Association, StaffRole
from tests.house.tree import APPS

pytestmark = pytest.mark.django_db
EDITED = {Association}
"""Reference data that an operator edits in place; everything else is shown, or added through an action."""
ADDED_BY_ACTION = {StaffRole, LegalText}
REMOVABLE = {Authenticator}
NOT_SHOWN = {
    "applications.Rating", "applications.RatingAnswer", "applications.Application", "applications.Submission",
    "applications.Decision", "applications.Message", "links.PrivateLink", "outbox.OutgoingMessage", "audit.AuditEvent",
    "auth.Group", "account.EmailAddress", "usersessions.UserSession",
}  # fmt: skip
"""Behind pages of their own that ask the rules and write down who read, or nobody's to read."""


@pytest.fixture
def records(client, operator):
    TOTP.activate(operator, generate_totp_secret())
    client.force_login(operator)
    return client


@pytest.fixture
def request_of(operator):
    request = RequestFactory().get("/")
    request.user = operator
    return request


def page_of(model, place, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{place}", args=args)


def test_what_an_action_writes_is_never_changed_here(request_of):
    for model, page in admin.site._registry.items():
        assert page.has_change_permission(request_of) is (model in EDITED), model
        assert page.has_add_permission(request_of) is (model in EDITED | ADDED_BY_ACTION), model
        assert page.has_delete_permission(request_of) is (model in REMOVABLE), model


def test_confidential_and_personal_rows_are_not_here():
    shown = {model._meta.label for model in admin.site._registry}
    assert shown & NOT_SHOWN == set()
    assert {label.split(".")[0] for label in shown} <= {*APPS, "mfa"}


def test_every_name_of_the_list_is_a_model():
    assert {apps.get_model(label)._meta.label for label in NOT_SHOWN} == NOT_SHOWN


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_each_record_page_opens(records, model):
    assert records.get(page_of(model, "changelist")).status_code == 200
    row = model._default_manager.first()
    if row is not None:
        assert records.get(page_of(model, "change", row.pk)).status_code == 200


def test_the_start_lists_the_records(records):
    assert records.get(reverse("admin:index")).status_code == 200


def test_others_do_not_come_in(client, coordinator):
    TOTP.activate(coordinator, generate_totp_secret())
    client.force_login(coordinator)
    assert client.get(reverse("admin:index")).status_code in {302, 403}


# --- texts to sign ----------------------------------------------------------------------------------------------------


def text(owner, **values):
    return {
        "association": owner.pk, "kind": "ethics", "version": "PR-1", "title": "Our code", "body": "Be kind.",
        "effective_from": "2026-06-01",
    } | values  # fmt: skip


def test_an_associations_text_is_published_through_its_action(records, association, operator):
    assert records.post(page_of(LegalText, "add"), text(association)).status_code == 302
    row = LegalText.objects.get(association=association)
    assert (row.version, row.title, row.body, len(row.sha256)) == ("PR-1", "Our code", "Be kind.", 64)
    event = AuditEvent.objects.get(verb="legal_text.published")
    assert (event.actor_id, event.chain) == (str(operator.uuid), association.code)


@pytest.mark.parametrize(
    ("values", "place"),
    [({"association": ""}, "association"), ({"body": "  "}, "body"), ({"kind": "haiku"}, "kind")],
)
def test_an_odd_text_is_refused_by_its_field(records, association, values, place):
    response = records.post(page_of(LegalText, "add"), text(association, **values))
    assert (response.status_code, list(response.context["adminform"].form.errors)) == (200, [place])
    assert not LegalText.objects.filter(association=association).exists()


def test_a_version_is_published_once(records, association):
    records.post(page_of(LegalText, "add"), text(association))
    again = records.post(page_of(LegalText, "add"), text(association, body="Be kinder."))
    assert again.status_code == 200
    assert LegalText.objects.get(association=association).body == "Be kind."


def test_a_published_text_stays_as_it_is(records):
    row = LegalText.objects.first()
    assert records.post(page_of(LegalText, "change", row.pk), {"body": "Else"}).status_code == 403
    assert records.post(page_of(LegalText, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert LegalText.objects.get(pk=row.pk).body == row.body


# --- second factors ---------------------------------------------------------------------------------------------------


def test_a_second_factor_is_removed_and_never_shown(records, applicant):
    TOTP.activate(applicant.user, "SECRETSECRETSECRET")
    row = Authenticator.objects.get(user=applicant.user)
    page = records.get(page_of(Authenticator, "change", row.pk)).content.decode()
    assert applicant.user.email in page
    assert "secret" not in page.casefold()
    assert records.post(page_of(Authenticator, "change", row.pk), {"type": "webauthn"}).status_code == 403
    assert records.post(page_of(Authenticator, "delete", row.pk), {"post": "yes"}).status_code == 302
    assert not Authenticator.objects.filter(pk=row.pk).exists()
    assert LogEntry.objects.get().user.email == "operator@example.org"
