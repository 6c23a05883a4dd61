"""A world with its own clock and its own chance, so that the same seed gives the same data.

The headline people are made through the real actions, at the moments of their story. Those actions ask Django for the
time and the system for randomness; inside `World.at(...)` both answers come from the story. Used by `seed_demo` alone.
"""

import datetime
import os
import random
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from unittest import mock
from zoneinfo import ZoneInfo

from django.utils import timezone

ZONE = ZoneInfo("America/Chicago")


class World:
    """`today` is the day on which the demo is looked at; `chance` is the only source of the story's own choices.

    What the actions draw (identifiers, codes, salts) comes from streams of its own, one for each moment: whatever a
    library draws there once per process changes nothing after it.
    """

    def __init__(self, *, today: datetime.date, seed: int) -> None:
        self.today = today
        self.seed = seed
        self.chance = self.stream("choices")
        self.moments = 0
        self.moment = datetime.datetime.combine(today, datetime.time(9), ZONE)

    def day(self, days: int) -> datetime.date:
        """The date so many days from today (negative: before)."""
        return self.today + datetime.timedelta(days=days)

    def instant(self, days: int, hour: int = 10, minute: int = 0) -> datetime.datetime:
        return datetime.datetime.combine(self.day(days), datetime.time(hour, minute), ZONE).astimezone(datetime.UTC)

    def stream(self, name: str) -> random.Random:
        return random.Random(f"{self.seed}:{name}")  # noqa: S311 - invented data, not secrets

    def new_uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.chance.getrandbits(128), version=4)

    @contextmanager
    def at(self, days: int, hour: int = 10, minute: int = 0) -> Iterator[datetime.datetime]:
        """Within the block it is that many days from today, and chance is the world's own."""
        moment = self.instant(days, hour, minute)
        self.moments += 1
        identifiers, secrets = (self.stream(f"{kind}:{self.moments}") for kind in ("identifiers", "secrets"))
        ticks, keys = count(1), count(1)

        def now() -> datetime.datetime:
            return moment + datetime.timedelta(microseconds=next(ticks))

        def time_ns() -> int:
            return (int(moment.timestamp()) * 1_000_000 + next(keys)) * 1000

        with (
            mock.patch.object(timezone, "now", now),
            mock.patch.object(time, "time_ns", time_ns),
            mock.patch.object(os, "urandom", identifiers.randbytes),
            mock.patch.object(random, "_urandom", secrets.randbytes),
        ):
            yield moment
