"""Addresses of pages: the public ones for mail and documents, and those of a list's rows."""

from functools import lru_cache
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

STAND_IN = UUID("5e7a0d1e-0000-4000-8000-000000000000")
"""Fits wherever an address has a public id or a word, and occurs in none."""


def absolute(name: str, *args: object) -> str:
    """The public address of the page called `name`, by settings.PUBLIC_ADDRESS."""
    return f"{settings.PUBLIC_ADDRESS.rstrip('/')}{reverse(name, args=[str(arg) for arg in args])}"


def row_address(name: str, *args: object) -> str:
    """As `reverse`, for rows of a list whose last argument is a public id or a word of ours: only the first row pays
    for finding the address."""
    *same, key = args
    before, after = _around(name, tuple(same), get_urlconf(), get_script_prefix())
    return f"{before}{quote(str(key), safe='')}{after}"


@lru_cache(maxsize=256)
def _around(name: str, args: tuple[object, ...], urlconf: str | None, prefix: str) -> tuple[str, str]:
    """What stands before and after the key."""
    before, _key, after = reverse(name, urlconf=urlconf, args=[*args, STAND_IN]).partition(str(STAND_IN))
    return before, after
