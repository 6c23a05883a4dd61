"""What accounts tell the portfolio: an address was proved, so attendances that waited for it become entries."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from competencies.actions import rosters
from members.models import User
from members.queries import find_person


@receiver(email_confirmed, dispatch_uid="competencies.claim_attendance")
def claim_when_proved(sender: object, email_address: EmailAddress, **kwargs: Any) -> None:
    _claim(email_address.user)


@receiver(user_logged_in, dispatch_uid="competencies.claim_at_sign_in")
def claim_at_sign_in(sender: object, user: User, **kwargs: Any) -> None:
    """A person may take over an address later, and lists go on coming."""
    _claim(user)


def _claim(user: User) -> None:
    person = find_person(user)
    if person is not None:
        rosters.claim(person=person)
