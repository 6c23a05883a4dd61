"""Signing out leaves nothing behind in the browser."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest


@receiver(user_logged_out, dispatch_uid="web.clear_site_data")
def clear_site_data(sender: object, request: HttpRequest | None, **kwargs: Any) -> None:
    """PrivateResponsesMiddleware turns this into a Clear-Site-Data header."""
    if request is not None:
        request.signed_out = True  # type: ignore[attr-defined]
