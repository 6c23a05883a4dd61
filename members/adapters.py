"""How allauth speaks to our people."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from members import rules
from members.enums import Role


class AccountAdapter(DefaultAccountAdapter):
    """Codes and notices go out at once, not through the outbox: they hold secrets and are worthless an hour later."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff to their desk, everybody else home. A safe `next` has been followed before this is asked."""
        user = request.user
        if rules.is_operator(user) or rules.has_any_role(user, Role.COORDINATOR, Role.STANDARDS_EDITOR):
            return reverse("coordination:index")
        return reverse("reviews:queue") if rules.has_any_role(user, Role.REVIEWER) else reverse("home")

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Accounts have no user name: the address is the name."""
