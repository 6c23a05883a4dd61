"""What a seat waits for: said on the page before anybody presses the button."""

import pytest
from django.urls import reverse

from applications.queries.seats import wanted_membership
from tests.factories.cohorts import CohortFactory, EnrolmentFactory
from tests.factories.members import MembershipFactory

pytestmark = pytest.mark.django_db

MISSING = (
    "No confirmed individual membership on this day. Add your membership and its proof; a coordinator confirms it."
)
WAITS = (
    "Your membership waits for a coordinator to confirm it. "
    "Nothing for you to do: we write to you as soon as it is confirmed."
)


@pytest.fixture
def seat(association, applicant):
    return EnrolmentFactory(cohort=CohortFactory(association=association), person=applicant)


def test_nothing_is_wanted_of_a_member(seat, association, applicant, now):
    assert wanted_membership(seat, now) == MISSING
    MembershipFactory(person=applicant, association=association, pending=True)
    assert wanted_membership(seat, now) == WAITS
    MembershipFactory(person=applicant, association=association)
    assert wanted_membership(seat, now) == ""


def test_the_page_says_it_before_the_button(client, seat, association, applicant, now, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    where = reverse("applications:start", args=[seat.uuid])
    client.force_login(applicant.user)
    assert MISSING in client.get(where).content.decode()
    MembershipFactory(person=applicant, association=association, pending=True)
    assert WAITS in client.get(where).content.decode()
    MembershipFactory(person=applicant, association=association)
    page = client.get(where).content.decode()
    assert (MISSING in page, WAITS in page) == (False, False)
