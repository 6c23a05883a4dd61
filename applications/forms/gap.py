"""Forms of the gap report's pages. They live in the address, and nothing of them is stored."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.queries.gap_entries import COUNTED, NOT_COUNTED, EntryFilters
from applications.queries.matrix_page import LIST_OF, WAYS
from competencies.durations import Fault, UnclearDuration, minutes_of, typed_form
from competencies.enums import LicenseCode, Reason
from competencies.models import Category
from competencies.projection import Plan
from endorsement_portal.web.forms import PlainForm

PACE_MAX = 200 * 60
EACH_MAX = 24 * 60
TOTAL_MAX = 3000 * 60
YEARS_AHEAD = 10


class EntryFilterForm(PlainForm):
    """A value that makes no sense counts as none: a list never refuses to show itself."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100, widget=forms.SearchInput)
    state = forms.ChoiceField(
        label=_("Counted or not"),
        required=False,
        choices=[("", _("All entries")), (COUNTED, _("Counted")), (NOT_COUNTED, _("Not counted"))],
    )
    reason = forms.ChoiceField(label=_("Reason"), required=False)

    def __init__(self, *args: Any, reasons: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "filter_%s", "label_suffix": "", **kwargs})
        choices = [(reason, str(Reason(reason).label)) for reason in reasons]
        self.fields["reason"].choices = [("", _("Every reason")), *choices]  # type: ignore[attr-defined]

    def filters(self) -> EntryFilters:
        self.is_valid()
        return EntryFilters(**{name: value for name, value in self.cleaned_data.items() if value})


class ShowingFilterForm(PlainForm):
    """The list of entries that show a competency."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100, widget=forms.SearchInput)
    way = forms.ChoiceField(label=_("Kind"), required=False)

    def __init__(self, *args: Any, ways: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "filter_%s", "label_suffix": "", **kwargs})
        choices = [(way, label) for way, label in WAYS.items() if way in ways and way in LIST_OF]
        self.fields["way"].choices = [("", _("All kinds")), *choices]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, str]:
        self.is_valid()
        return {"q": self.cleaned_data.get("q", ""), "way": self.cleaned_data.get("way", "")}


class LicenseFilterForm(PlainForm):
    license = forms.ChoiceField(label=_("License"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "filter_%s", "label_suffix": "", **kwargs})
        self.fields["license"].choices = [("", _("Both licenses")), *LicenseCode.choices]  # type: ignore[attr-defined]

    def license_code(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("license") or "")


class CompareForm(PlainForm):
    """Two different categories that are open to applications."""

    first = forms.ChoiceField(label=_("Category"), error_messages={"invalid_choice": _("Choose a category.")})
    second = forms.ChoiceField(label=_("Beside it"), error_messages={"invalid_choice": _("Choose a category.")})

    def __init__(self, *args: Any, categories: Sequence[Category], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "compare_%s", "label_suffix": "", **kwargs})
        choices: dict[str, list[tuple[str, str]]] = {}
        for category in categories:
            choices.setdefault(category.license.name, []).append((category.code, category.name))
        for field in self.fields.values():
            field.choices = list(choices.items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("first") and values.get("first") == values.get("second"):
            self.add_error("second", _("Choose another category than the first."))
        return values


class AmountField(forms.CharField):
    """A length of time as people type it, in whole minutes. Zero only where `zero` allows it."""

    def __init__(self, *, minutes_max: int, zero: bool = False, **kwargs: Any) -> None:
        self.minutes_max, self.zero = minutes_max, zero
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(max_length=40, required=False, **kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            minutes = minutes_of(text)
        except UnclearDuration as unclear:
            if unclear.fault is Fault.ZERO and self.zero:
                return 0
            raise forms.ValidationError(_("Write it as 2 h, 1 h 30 min or 90 min."), code="unclear") from unclear
        if minutes > self.minutes_max:
            limit = typed_form(self.minutes_max)
            raise forms.ValidationError(_("At most %(limit)s."), code="too_long", params={"limit": limit})
        return minutes


class PlanForm(PlainForm):
    """For one hours requirement: the pace of now, and a plan on top of it."""

    pace = AmountField(
        label=_("My pace now, a month"),
        minutes_max=PACE_MAX,
        zero=True,
        help_text=_("From your last 90 days. Change it if the coming months will be different."),
    )
    each = AmountField(
        label=_("More, each time"), minutes_max=EACH_MAX, help_text=_("For example 2 h. Empty: no plan.")
    )
    times = forms.IntegerField(
        label=_("Times a month"),
        required=False,
        min_value=1,
        max_value=31,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    starts_on = forms.DateField(
        label=_("From"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%m/%d/%Y"],
    )
    total = AmountField(
        label=_("In all at most"), minutes_max=TOTAL_MAX, help_text=_("For example 24 h. Empty: no limit.")
    )

    def __init__(self, *args: Any, requirement: str, own_pace: int, today: datetime.date, **kwargs: Any) -> None:
        self.requirement, self.own_pace, self.today = requirement, own_pace, today
        initial = {"pace": typed_form(own_pace), "starts_on": today}
        super().__init__(
            *args, **{"prefix": requirement.replace(".", "-"), "label_suffix": "", "initial": initial, **kwargs}
        )

    def clean_starts_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["starts_on"]
        if day is not None and not self.today.year - 1 <= day.year <= self.today.year + YEARS_AHEAD:
            raise forms.ValidationError(_("Check the year."), code="year")
        return day

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("total") and not values.get("each") and "each" not in self.errors:
            self.add_error("each", _("Say how long each time takes."))
        return values

    @property
    def chosen_pace(self) -> int:
        pace = self.cleaned_data.get("pace")
        return self.own_pace if pace is None else pace

    @property
    def plan(self) -> Plan | None:
        values: Mapping[str, Any] = self.cleaned_data
        if not values.get("each"):
            return None
        return Plan(
            requirement=self.requirement,
            minutes_each=values["each"],
            times_a_month=values.get("times") or 1,
            starts_on=values.get("starts_on") or self.today,
            total=values.get("total"),
        )
