"""Pure: how long to wait before trying again, and when to stop."""

import zlib
from datetime import timedelta

ATTEMPTS_MAX = 8
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
SPREAD_PERCENT = 20


def spent(attempts: int) -> bool:
    """True when no further attempt is made: a person has to look."""
    return attempts >= ATTEMPTS_MAX


def wait_after(attempts: int, key: str) -> timedelta:
    """The pause after this many attempts (at least 1): doubled each time, up to 6 h.

    A share of up to 20 % is added by the message's key, so that a crowd that failed together does not return together.
    """
    wait = min(FIRST_WAIT * 2 ** (max(attempts, 1) - 1), LONGEST_WAIT)
    return wait + wait * (zlib.crc32(key.encode()) % (SPREAD_PERCENT + 1)) / 100
