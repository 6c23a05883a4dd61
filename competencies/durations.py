"""Pure: how long something took, as people type it, in whole minutes.

Understood: "1 h 30 min", "1h30", "1:30", "1.5 h", "90 min" and "90" (minutes). A bare number that could as well mean
hours is asked about, never guessed.
"""

import re
from decimal import Decimal
from enum import StrEnum

BARE_MINUTES_MIN = 15
"""A bare number below this is more likely hours than minutes: we ask."""
TEXT_LENGTH_MAX = 40
USUAL_MINUTES = (30, 60, 90, 120)
"""What a session or a short training mostly takes: offered, never assumed."""

_NUMBER = r"([0-9]{1,6}(?:[.,][0-9]{1,4})?)"
_HOURS = rf"{_NUMBER}\s*(?:hours|hour|hrs|hr|h)\.?"
_MINUTES = r"([0-9]{1,6})\s*(?:minutes|minute|mins|min|m)\.?"
_PATTERN_CLOCK = re.compile(r"([0-9]{1,4}):([0-5][0-9])", re.ASCII)
_PATTERN_HOURS = re.compile(_HOURS, re.ASCII | re.IGNORECASE)
_PATTERN_MINUTES = re.compile(_MINUTES, re.ASCII | re.IGNORECASE)
_PATTERN_BOTH = re.compile(
    r"([0-9]{1,4})\s*(?:hours|hour|hrs|hr|h)\.?\s*(?:and|,)?\s*([0-5]?[0-9])\s*(?:minutes|minute|mins|min|m)?\.?",
    re.ASCII | re.IGNORECASE,
)
_PATTERN_BARE = re.compile(r"[0-9]{1,6}", re.ASCII)
_PATTERN_DECIMAL = re.compile(r"[0-9]{1,6}[.,][0-9]+", re.ASCII)


class Fault(StrEnum):
    UNREADABLE = "unreadable"
    AMBIGUOUS = "ambiguous"
    UNIT_MISSING = "unit_missing"
    NOT_WHOLE = "not_whole"
    ZERO = "zero"


class UnclearDuration(ValueError):
    def __init__(self, fault: Fault, text: str) -> None:
        self.fault = fault
        self.text = text
        super().__init__(fault.value)


def minutes_of(text: str) -> int:
    """Whole minutes, at least one. Raises UnclearDuration with the fault to explain."""
    typed = " ".join(text.split())
    if len(typed) > TEXT_LENGTH_MAX:
        raise UnclearDuration(Fault.UNREADABLE, typed[:TEXT_LENGTH_MAX])
    minutes = _read(typed)
    if minutes == 0:
        raise UnclearDuration(Fault.ZERO, typed)
    return minutes


def _read(typed: str) -> int:
    if match := _PATTERN_CLOCK.fullmatch(typed) or _PATTERN_BOTH.fullmatch(typed):
        return int(match[1]) * 60 + int(match[2])
    if match := _PATTERN_HOURS.fullmatch(typed):
        exact = Decimal(match[1].replace(",", ".")) * 60
        if exact != int(exact):
            raise UnclearDuration(Fault.NOT_WHOLE, typed)
        return int(exact)
    if match := _PATTERN_MINUTES.fullmatch(typed):
        return int(match[1])
    if _PATTERN_BARE.fullmatch(typed):
        if 0 < int(typed) < BARE_MINUTES_MIN:
            raise UnclearDuration(Fault.AMBIGUOUS, typed)
        return int(typed)
    raise UnclearDuration(Fault.UNIT_MISSING if _PATTERN_DECIMAL.fullmatch(typed) else Fault.UNREADABLE, typed)


def typed_form(minutes: int) -> str:
    """How a stored length stands in its field: "3 h 30 min", read back to the same minutes."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"
