"""What a member reads when a membership is decided."""

import pytest

from endorsement_portal.outbox import rendering
from endorsement_portal.outbox.models import OutgoingMessage
from members.actions import memberships
from tests.factories.members import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pending(applicant, association):
    return MembershipFactory(person=applicant, association=association, pending=True)


def test_confirmed(pending, coordinator):
    memberships.confirm(membership=pending, by=coordinator)
    mail = rendering.render(OutgoingMessage.objects.get())
    assert mail.subject == "Your membership in Prairie Rivers Association is confirmed"
    assert "from Wed, January 1, 2025 to Fri, December 31, 2027, both days included" in mail.text
    assert "http://testserver/me/memberships/" in mail.text


def test_refused(pending, coordinator):
    memberships.refuse(membership=pending, by=coordinator, reason="The card is <of> 2024.")
    mail = rendering.render(OutgoingMessage.objects.get())
    assert mail.subject == "Your membership in Prairie Rivers Association could not be confirmed yet"
    assert "The card is <of> 2024." in mail.text
    assert "&lt;of&gt;" in mail.html
