"""Full addresses for mail, calendars and documents: pages know their own host, a message does not."""

from django.conf import settings
from django.urls import reverse


def absolute(name: str, *args: object) -> str:
    """The public address of the page called `name`, by settings.PUBLIC_ADDRESS."""
    return f"{settings.PUBLIC_ADDRESS.rstrip('/')}{reverse(name, args=[str(arg) for arg in args])}"
