"""What accounts tell us: an address was proved, an address was changed, a second factor went away."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, email_confirmed
from allauth.mfa.signals import authenticator_removed
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from endorsement_portal.workflow import NotAllowed
from members.actions import people
from members.middleware import ZONE_KEY, forget
from members.models import User

logger = logging.getLogger(__name__)


@receiver(email_confirmed, dispatch_uid="members.tie_person")
def tie_person(sender: object, email_address: EmailAddress, **kwargs: Any) -> None:
    user = email_address.user
    if email_address.email.lower() == user.email.lower():
        people.ensure_person(user)


@receiver(user_logged_in, dispatch_uid="members.person_at_sign_in")
def person_at_sign_in(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Accounts made by a command have no sign-up: their person comes with the first sign-in, and their clocks."""
    try:
        request.session[ZONE_KEY] = people.ensure_person(user).time_zone
    except NotAllowed:
        logger.warning("Account %s signed in and could not get a person", user.uuid)


@receiver(email_changed, dispatch_uid="members.follow_address")
def follow_address(sender: object, user: User, to_email_address: EmailAddress, **kwargs: Any) -> None:
    people.follow_address(user, to_email_address.email)


@receiver(authenticator_removed, dispatch_uid="members.forget_second_factor")
def forget_second_factor(sender: object, request: HttpRequest, **kwargs: Any) -> None:
    forget(request)
