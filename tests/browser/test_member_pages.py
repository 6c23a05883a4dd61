"""A person's own pages: axe in both themes on a phone and on a desk, no report, no sideways scrolling."""

import pytest

from members.enums import MembershipState
from tests.factories.members import AssociationFactory, MembershipFactory, PersonFactory


@pytest.fixture
def person(transactional_db):
    return PersonFactory(name="Maren Oakhill", email="maren@example.org", with_user=True)


def test_profile(check_page, sign_in, person):
    check_page("/me/", sign_in(person.user))


def test_memberships_empty(check_page, sign_in, person):
    check_page("/me/memberships/", sign_in(person.user))


def test_memberships(check_page, sign_in, person):
    association = AssociationFactory(code="XX-PR", name="Prairie Rivers Association", portal=True)
    MembershipFactory(person=person, association=association, number="A-17")
    MembershipFactory(person=person, association=association, pending=True)
    MembershipFactory(
        person=person, association=association, state=MembershipState.REFUSED, reason="The card is of 2024."
    )
    check_page("/me/memberships/", sign_in(person.user))


def test_add_a_membership(check_page, sign_in, person):
    AssociationFactory(code="XX-PR", name="Prairie Rivers Association", portal=True)
    check_page("/me/memberships/add/", sign_in(person.user))
