"""Requests as views know them: behind the login middleware `user` is an account, never an anonymous one."""

from django.http import HttpRequest

from members.models import User


class SignedInRequest(HttpRequest):
    user: User
