"""A quarter's dates as a coordinator types them: wall times in the cohort's own zone."""

import datetime
import zoneinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.actions.cohorts import CohortDetails
from cohorts.calendar import quarter_plan
from cohorts.enums import Season
from endorsement_portal.web.forms import PlainForm

ZONES = [
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "Europe/Dublin", "Australia/Perth",
]  # fmt: skip


def _odd(missing: Any, odd: Any) -> dict[str, Any]:
    """The messages of a field: nothing given, and anything that does not fit."""
    return {"required": missing, "invalid": odd, "invalid_choice": odd, "min_value": odd, "max_value": odd}


class WallTime(forms.DateTimeField):
    """A date and time without a zone: the cohort's zone gives it its meaning."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {"required": _("Give the date and the time.")}
    input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]

    def to_python(self, value: Any) -> datetime.datetime | None:
        if value in self.empty_values or isinstance(value, datetime.datetime):
            return value or None
        for shape in self.input_formats:
            try:
                return datetime.datetime.strptime(str(value).strip(), shape)  # noqa: DTZ007 - a wall time on purpose
            except ValueError:
                continue
        raise forms.ValidationError(_("Enter a date and a time, like 2026-06-26 17:00."))


class CohortForm(PlainForm):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("As people will say it: Summer 2026."),
        error_messages={"required": _("Give the cohort a name.")},
    )  # fmt: skip
    year = forms.IntegerField(
        label=_("Year"), min_value=2020, max_value=2100,
        error_messages=_odd(_("Give the year of the quarter."), _("Choose a year from 2020 to 2100.")),
    )  # fmt: skip
    season = forms.ChoiceField(
        label=_("Quarter"),
        choices=Season.choices,
        error_messages=_odd(_("Choose the quarter."), _("Choose one of the list.")),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=[(zone, zone.replace("_", " ")) for zone in ZONES],
        help_text=_("Every date below is meant in this zone. The server decides deadlines in it too."),
        error_messages=_odd(_("Choose the time zone."), _("Choose one of the list.")),
    )
    opens = WallTime(label=_("Enrollment opens"))
    closes = WallTime(label=_("Enrollment closes"), help_text=_("This minute is still in time."))
    deadline = WallTime(label=_("Submission deadline"), help_text=_("This minute is still in time."))
    review_ends_on = forms.DateField(
        label=_("Review ends on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Give the last day of the review."), "invalid": _("Enter a date, like 2026-06-26."),
        },
    )  # fmt: skip
    capacity = forms.IntegerField(
        label=_("Seats"), min_value=1, max_value=500,
        error_messages=_odd(_("Say how many seats there are."), _("Choose a number from 1 to 500.")),
    )  # fmt: skip
    welcome = forms.CharField(
        label=_("Words of welcome"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Shown on the cohort's page to its members."),
    )

    def clean_time_zone(self) -> str:
        zone = self.cleaned_data["time_zone"]
        zoneinfo.ZoneInfo(zone)
        return str(zone)

    def details(self) -> CohortDetails:
        data = self.cleaned_data
        return CohortDetails(
            name=data["name"], year=data["year"], season=Season(data["season"]), time_zone=data["time_zone"],
            opens=data["opens"], closes=data["closes"], deadline=data["deadline"],
            review_ends_on=data["review_ends_on"], capacity=data["capacity"], welcome=data["welcome"],
        )  # fmt: skip


def planned(year: int, season: Season, zone: str) -> dict[str, Any]:
    """First values for a new quarter: the plan's usual dates."""
    plan = quarter_plan(year, season)
    return {
        "name": f"{season.label} {year}", "year": year, "season": season, "time_zone": zone, "capacity": 14,
        "opens": plan.opens, "closes": plan.closes, "deadline": plan.deadline, "review_ends_on": plan.review_ends_on,
    }  # fmt: skip
