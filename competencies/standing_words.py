"""Pure: what to say beside a provider's name about standings on a day."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


class Dated(Protocol):
    """A standing, as far as its days go. First and last day included; None: open."""

    code: str
    starts_on: datetime.date
    ends_on: datetime.date | None


@dataclass(frozen=True, slots=True)
class StandingSummary:
    """`state` is current, ended, upcoming or none; `on` is the day the sentence names; `codes` those that hold."""

    state: str
    on: datetime.date | None = None
    until: datetime.date | None = None
    codes: tuple[str, ...] = ()


def summary(standings: Iterable[Dated], day: datetime.date) -> StandingSummary:
    """Current standings first, else the one that ended last, else the one that begins next."""
    known = tuple(standings)
    current = [row for row in known if row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)]
    if current:
        ends = [row.ends_on for row in current]
        until = None if None in ends else max(end for end in ends if end is not None)
        codes = tuple(sorted({row.code for row in current}))
        return StandingSummary("current", min(row.starts_on for row in current), until, codes)
    ended = [row for row in known if row.ends_on is not None and row.ends_on < day]
    if ended:
        last = max(row.ends_on for row in ended if row.ends_on is not None)
        return StandingSummary("ended", last, codes=tuple(sorted({row.code for row in ended if row.ends_on == last})))
    if known:
        first = min(row.starts_on for row in known)
        return StandingSummary("upcoming", first, codes=tuple(sorted({r.code for r in known if r.starts_on == first})))
    return StandingSummary("none")
