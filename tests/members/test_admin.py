"""Django's record pages: reference data is edited, what an action writes is only shown, roles go through actions."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib import admin
from django.urls import reverse

from endorsement_portal.audit.models import AuditEvent
from members.models import Association, Membership, Person, StaffRole, User
from tests.factories.members import AssociationFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, operator):
    TOTP.activate(operator, generate_totp_secret())
    client.force_login(operator)
    return client


@pytest.mark.parametrize("model", [Person, User, Membership])
def test_what_an_action_writes_is_only_shown(desk, rf, operator, model):
    row = MembershipFactory(person__with_user=True)
    obj = {Person: row.person, User: row.person.user, Membership: row}[model]
    name = f"admin:members_{model._meta.model_name}"
    assert desk.get(reverse(f"{name}_changelist"), {"q": "example"}).status_code == 200
    assert desk.get(reverse(f"{name}_change", args=[obj.pk])).status_code == 200
    assert desk.get(reverse(f"{name}_add")).status_code == 403
    assert desk.post(reverse(f"{name}_change", args=[obj.pk]), {"email": "x@example.org"}).status_code == 403
    assert desk.post(reverse(f"{name}_delete", args=[obj.pk]), {"post": "yes"}).status_code == 403


def test_associations_are_reference_data(desk):
    association = AssociationFactory(code="XX-AD")
    page = desk.get(reverse("admin:members_association_change", args=[association.pk]))
    assert page.status_code == 200
    assert desk.post(reverse("admin:members_association_delete", args=[association.pk])).status_code == 403
    assert Association.objects.filter(pk=association.pk).exists()


def test_a_role_is_given_and_ended_through_the_actions(desk, association):
    user = UserFactory()
    values = {"user": user.pk, "association": association.pk, "role": "coordinator"}
    assert desk.post(reverse("admin:members_staffrole_add"), values).status_code == 302
    role = StaffRole.objects.get(user=user)
    end = {"action": "end_roles", "_selected_action": [role.pk]}
    desk.post(reverse("admin:members_staffrole_changelist"), end)
    role.refresh_from_db()
    assert role.ends_at is not None
    answer = desk.post(reverse("admin:members_staffrole_changelist"), end, follow=True)
    assert "This role has ended already." in answer.content.decode()
    verbs = AuditEvent.objects.filter(verb__startswith="role.").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["role.given", "role.ended"]


def test_roles_are_neither_changed_nor_deleted(desk, coordinator):
    role = coordinator.staff_roles.get()
    assert desk.post(reverse("admin:members_staffrole_change", args=[role.pk]), {"role": "reviewer"}).status_code == 403
    assert desk.post(reverse("admin:members_staffrole_delete", args=[role.pk]), {"post": "yes"}).status_code == 403
    assert "delete_selected" not in desk.get(reverse("admin:members_staffrole_changelist")).content.decode()


def test_every_model_of_ours_is_shown():
    assert {model for model in admin.site._registry if model._meta.app_label == "members"} == {
        Association, Person, User, Membership, StaffRole,
    }  # fmt: skip
