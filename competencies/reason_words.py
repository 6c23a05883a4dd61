"""Pure: what mends an entry that does not count, for each reason. Empty where nothing does, or nothing has to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from competencies.enums import Reason

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FIXES: Mapping[Reason, StrOrPromise] = {
    Reason.PROVIDER_DECLINED: _("Ask the provider what was wrong, and log the session again."),
    Reason.NO_NAMED_PROVIDER: _("If somebody led the meeting, name them in the entry."),
    Reason.PROVIDER_NOT_QUALIFIED: _("If the provider held one, ask your coordinators to correct their record."),
    Reason.OUTSIDE_AGE_RANGE: _("Check the ages of the entry."),
    Reason.FORMAT_NOT_ACCEPTED: _("Check the format of the entry."),
    Reason.GROUP_TOO_LARGE: _("Check the size of the group."),
    Reason.OUTSIDE_WINDOW: "",
    Reason.AWAITING_CONFIRMATION: _("Ask the provider to confirm it."),
    Reason.DUPLICATE: _("Withdraw it; the other one counts."),
    Reason.EXPIRED: "",
    Reason.NOT_ACCEPTED_YET: "",
    Reason.NOT_SELECTED: _("Select it in your application."),
    Reason.ROLE_NOT_COUNTED: _("Check the kinds of work of the entry."),
    Reason.NOT_PAID: _("Check whether the work was paid."),
    Reason.NOT_SUPERVISED: _("Check whether the work was supervised."),
    Reason.BEFORE_DEGREE: _("Check the date of your degree."),
    Reason.HOURS_TOO_FEW: _("Check the hours a week."),
    Reason.LEVEL_NOT_ACCEPTED: "",
    Reason.NOT_CURRENT: _("Add the dates that are missing."),
}


def fix_of(reason: str) -> str:
    return str(FIXES[Reason(reason)])


def why(reason: str, detail: str = "") -> str:
    """The reason as one or two sentences; `detail` says what decided, where that helps."""
    label = str(Reason(reason).label)
    return f"{label}. {detail}." if detail else f"{label}."
