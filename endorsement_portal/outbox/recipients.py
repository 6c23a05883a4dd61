"""Pure: who a message is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address and a name; with `user` the reader has an account and gets a copy in the portal."""

    email: str
    name: str
    user: AbstractBaseUser | None = None
    language: str = "en"
