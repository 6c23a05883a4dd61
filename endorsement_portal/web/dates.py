"""Pure: instants in a zone, and days left until one."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo


def zoned(instant: datetime.datetime, zone: str) -> datetime.datetime:
    """The same instant on the clocks of `zone` (an IANA name). A naive instant is refused."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs its offset")
    return instant.astimezone(ZoneInfo(zone))


def days_left(instant: datetime.datetime, now: datetime.datetime, zone: str) -> int:
    """Calendar days of `zone` from now until `instant`: 0 on its own day, negative on later days.

    Days with 23 or 25 hours count as one day. Whether the instant itself has passed is for the caller to compare.
    """
    return (zoned(instant, zone).date() - zoned(now, zone).date()).days


def day_in(now: datetime.datetime, zone: str) -> datetime.date:
    """Which day it is in `zone`."""
    return zoned(now, zone).date()
