"""Pure: what an association's settings change beside the rules themselves, in words: old and new."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competencies import wording
from competencies.edition_diff import ValueChange
from competencies.rule_values import NOTHING
from competencies.specs import Data

FEE_NAMES = {
    "membership": gettext_lazy("Membership"),
    "registration": gettext_lazy("Registration"),
    "processing": gettext_lazy("Processing"),
    "renewal": gettext_lazy("Renewal"),
    "late": gettext_lazy("Late"),
    "exam": gettext_lazy("Exam"),
    "reinstatement": gettext_lazy("Reinstatement"),
}


def settings_diff(before: Data, after: Data) -> tuple[ValueChange, ...]:
    """Settings that are no parameter of a rule. A key that is absent reads as the portal's own default."""
    return tuple(
        ValueChange(str(label), old, new, judges)
        for key, (label, write, judges) in _SETTINGS.items()
        if (old := write(before.get(key))) != (new := write(after.get(key)))
    )


def _until(value: str | None) -> str:
    return wording.day_in_words(datetime.date.fromisoformat(value)) if value else _("never")


def _confirmed(value: bool | None) -> str:
    return _("once the provider has confirmed them") if value in (None, True) else _("as soon as they are logged")


def _coverage(value: str | None) -> str:
    return {"warn": _("warns"), "block": _("blocks a submission")}.get(value or "", _("as set for the association"))


def _through_review(value: bool | None) -> str:
    if value is None:
        return _("as set for the association")
    return _("required") if value else _("a warning only")


def _fees(value: list[Data] | None) -> str:
    if not value:
        return str(NOTHING)
    return "; ".join(f"{FEE_NAMES[row['fee']]}: {row['amount']} {row['currency']}" for row in value)


_SETTINGS: dict[str, tuple[Any, Callable[[Any], str], bool]] = {
    "vetted_until": (gettext_lazy("Vetted providers count until"), _until, True),
    "rsc_confirmation_required": (gettext_lazy("RSC minutes count"), _confirmed, True),
    "coverage": (gettext_lazy("A competency with nothing in it"), _coverage, True),
    "membership_through_review": (gettext_lazy("Membership to the end of the review"), _through_review, True),
    "fees": (gettext_lazy("Fees"), _fees, False),
}
