"""Limits of processor time that mean the same on every machine.

A shared machine is two or three times slower at some hours. The limits are those of a reference that adds ten million
numbers in half a second; a slower one may take as much longer as it takes for that.
"""

import time

NUMBERS = 10_000_000
REFERENCE_SECONDS = 0.5


def allowed(seconds: float) -> float:
    """What `seconds` of the reference may take here and now; never less than `seconds`."""
    begun = time.process_time()
    total = 0
    for number in range(NUMBERS):
        total += number
    return seconds * max(1.0, (time.process_time() - begun) / REFERENCE_SECONDS)
