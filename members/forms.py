"""What people type about themselves and their memberships: shape only, the actions judge."""

from __future__ import annotations

import datetime
import re
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from endorsement_portal.files.forms import DocumentField
from endorsement_portal.web.forms import PlainForm
from members import queries, regions
from members.actions import people
from members.enums import MembershipKind, MembershipState
from members.models import Association, Person, User
from members.names import NAME_LENGTH_MAX, has_control

YEAR_MIN = 1950
YEAR_MAX = 2100
COMMON_ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico", "Europe/Dublin", "Australia/Sydney",
)  # fmt: skip


class NameField(forms.CharField):
    """A person's name on one line: any script, no control characters."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Your name"))
        kwargs.setdefault("max_length", NAME_LENGTH_MAX)
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "name"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        # Looked at before the base class strips: "Ada\r\n" is refused, not mended.
        if isinstance(value, str) and has_control(value):
            raise forms.ValidationError(
                _("A name is one line of letters. Please type it again without line breaks or hidden characters."),
                code="control",
            )
        return " ".join(str(super().clean(value)).split())


class SignupForm(PlainForm):
    """allauth puts address and password below these fields."""

    name = NameField(help_text=_("As it should stand on your certificate. You can change it later."))

    def signup(self, request: HttpRequest, user: User) -> None:
        people.keep_name(user, self.cleaned_data["name"])


@cache
def _other_zones() -> tuple[str, ...]:
    return tuple(sorted(zone for zone in available_timezones() if "/" in zone and zone not in COMMON_ZONES))


def _zones() -> list[tuple[str, Any]]:
    common = [(zone, zone.replace("_", " ")) for zone in COMMON_ZONES]
    return [
        (str(_("Often used")), common),
        (str(_("All others")), [(zone, zone.replace("_", " ")) for zone in _other_zones()]),
    ]


class ProfileForm(PlainForm):
    name = NameField(help_text=_("As it should stand on your certificate."))
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("For our mail to you and for these pages.")
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=_zones, help_text=_("Dates and deadlines are shown on these clocks.")
    )
    residence = forms.ChoiceField(
        label=_("Where you live"),
        required=False,
        help_text=_("Leave it empty if your place is not on the list."),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {
                "name": person.name,
                "language": person.language,
                "time_zone": person.time_zone,
                "residence": person.residence,
            },
        )
        super().__init__(*args, **kwargs)
        known = regions.choices()
        if person.residence and person.residence not in dict(known):
            known.append((person.residence, person.residence))
        self.fields["residence"].choices = [("", _("Not on the list")), *known]  # type: ignore[attr-defined]


class DayField(forms.DateField):
    """A calendar day within reason, so that no later arithmetic can overflow."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> datetime.date | None:
        day: datetime.date | None = super().clean(value)
        if day is not None and not YEAR_MIN <= day.year <= YEAR_MAX:
            raise forms.ValidationError(
                _("Give a year from %(first)s to %(last)s.") % {"first": YEAR_MIN, "last": YEAR_MAX}, code="year"
            )
        return day


class AssociationField(forms.CharField):
    """One of all associations, found by typing: works as a plain text box, and with suggestions in the browser."""

    LIST_ID = "associations"

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"list": self.LIST_ID, "autocomplete": "off", "spellcheck": "false"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attributes))
        kwargs.setdefault("max_length", 300)
        super().__init__(**kwargs)

    @staticmethod
    def label_of(association: Association) -> str:
        place = f", {association.region}" if association.region else ""
        return f"{association.name}{place} ({association.code})"

    def clean(self, value: Any) -> Association | None:
        text = " ".join(str(super().clean(value) or "").split())
        if not text:
            return None
        found = self._find(text.casefold())
        if found is None:
            raise forms.ValidationError(
                _("Choose one association from the list. Start with the name of its state or its short name."),
                code="unknown",
            )
        return found

    def _find(self, text: str) -> Association | None:
        rows = list(queries.all_associations())
        code = re.search(r"\(([^()]+)\)\s*$", text)
        for row in rows:
            if row.code.casefold() in (text, code.group(1).strip() if code else text):
                return row
        matches = [
            row for row in rows if text in (row.name.casefold(), row.abbreviation.casefold(), row.region.casefold())
        ]
        return matches[0] if len(matches) == 1 else None


class MembershipForm(PlainForm):
    association = AssociationField(
        label=_("Association"), help_text=_("Type the name of your state, or the short name of the association.")
    )
    kind = forms.ChoiceField(
        label=_("Kind of membership"), choices=MembershipKind.choices, initial=MembershipKind.INDIVIDUAL
    )
    number = forms.CharField(label=_("Member number"), max_length=60, required=False)
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), help_text=_("The day printed on your card or receipt. It is included."))
    desk = forms.ModelChoiceField(
        label=_("Who checks your proof"),
        queryset=Association.objects.none(),
        required=False,
        empty_label=_("My association itself"),
        help_text=_("Only needed when your association does not use this site: choose where you want to apply."),
    )
    proof = DocumentField(label=_("Proof"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["desk"].queryset = queries.desks()  # type: ignore[attr-defined]

    def associations(self) -> list[str]:
        """The suggestions of the association's box."""
        return [AssociationField.label_of(row) for row in queries.all_associations()]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first day."))
        return cleaned


class MembershipFilterForm(PlainForm):
    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *MembershipState.choices])
