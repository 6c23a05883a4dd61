"""Who gets in: a role at the association of the address, now. To everybody else the desk does not exist."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coordination.queries.desk import desk_for, desks_of
from members.enums import Role
from members.models import AssociationSettings, StaffRole
from tests.factories.members import AssociationFactory, StaffRoleFactory, UserFactory
from tests.house.world import second_factor

pytestmark = pytest.mark.django_db
TODAY = ("coordination:today", "xx-pr")


def status(user, name, *args):
    client = Client()
    if user is not None:
        client.force_login(user)
    response = client.get(reverse(name, args=args))
    return response.status_code, response.headers.get("Location", "")


@pytest.fixture
def staff(association, coordinator, reviewer, other_coordinator, operator):
    second_factor(coordinator, reviewer, other_coordinator, operator)


def editor_of(association):
    user = UserFactory(email="editor@example.org")
    StaffRoleFactory(user=user, association=association, role=Role.STANDARDS_EDITOR)
    second_factor(user)
    return user


def test_a_coordinator_of_the_association_gets_in(staff, coordinator):
    assert status(coordinator, *TODAY) == (200, "")


@pytest.mark.parametrize("who", ["reviewer", "other_coordinator", "operator", "applicant"])
def test_others_find_no_page(staff, request, who):
    user = request.getfixturevalue(who)
    user = user.user if who == "applicant" else user
    assert status(user, *TODAY) == (404, "")


def test_who_is_not_signed_in_is_asked_to(association):
    assert status(None, *TODAY) == (302, "/accounts/login/?next=/admin/xx-pr/")


def test_a_role_that_ended_opens_nothing(staff, association, coordinator):
    StaffRole.objects.filter(user=coordinator).update(ends_at=timezone.now())
    assert status(coordinator, *TODAY) == (404, "")
    assert desk_for(coordinator, slug="xx-pr") is None
    assert desks_of(coordinator) == []


def test_an_unknown_association_is_no_page(staff, coordinator):
    assert status(coordinator, "coordination:today", "us-zz") == (404, "")


def test_an_editor_of_rules_sees_the_rules_alone(staff, association):
    editor = editor_of(association)
    assert status(editor, "coordination:standards", "xx-pr") == (200, "")
    assert status(editor, "coordination:applications", "xx-pr") == (404, "")
    assert status(editor, *TODAY) == (404, "")
    client = Client()
    client.force_login(editor)
    page = client.get(reverse("coordination:standards", args=["xx-pr"])).content.decode()
    assert reverse("coordination:applications", args=["xx-pr"]) not in page


def test_an_association_without_settings_has_no_desk_yet(staff, coordinator):
    bare = AssociationFactory(code="XX-BARE", name="Bare Hills Association")
    StaffRoleFactory(user=coordinator, association=bare)
    AssociationSettings.objects.filter(association=bare).delete()
    assert status(coordinator, "coordination:today", "xx-bare") == (404, "")
    client = Client()
    client.force_login(coordinator)
    page = client.get(reverse("coordination:index")).content.decode()
    assert "This association has no settings yet" in page


def test_the_index_leads_straight_to_the_only_place(staff, association, coordinator, reviewer):
    assert status(coordinator, "coordination:index") == (302, "/admin/xx-pr/")
    assert status(reviewer, "coordination:index") == (302, "/reviews/")
    assert status(editor_of(association), "coordination:index") == (302, "/admin/xx-pr/standards/")


def test_the_index_offers_several_desks(staff, coordinator, other_association):
    StaffRoleFactory(user=coordinator, association=other_association, role=Role.REVIEWER)
    client = Client()
    client.force_login(coordinator)
    page = client.get(reverse("coordination:index")).content.decode()
    assert page.index("Harbor Lights Association") < page.index("Prairie Rivers Association")
    assert reverse("coordination:today", args=["xx-hl"]) not in page
    assert reverse("reviews:queue") in page


def test_the_index_of_an_operator_leads_to_the_records(staff, operator):
    client = Client()
    client.force_login(operator)
    page = client.get(reverse("coordination:index")).content.decode()
    assert "You work for no association yet" in page
    assert reverse("admin:index") in page


def test_the_index_of_somebody_without_a_desk_does_not_exist(applicant):
    assert status(applicant.user, "coordination:index") == (404, "")


def test_roles_of_one_desk_stand_together(association, coordinator):
    StaffRoleFactory(user=coordinator, association=association, role=Role.REVIEWER)
    [desk] = desks_of(coordinator)
    assert (desk.association, desk.roles) == (association, {"coordinator", "reviewer"})
    assert (desk.coordinates, desk.reviews, desk.edits_standards) == (True, True, False)
    assert desk_for(coordinator, slug="xx-pr") == desk
