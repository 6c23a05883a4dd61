"""Forms of what a person brings: education, professional licenses, work."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from competencies.enums import EducationLevel, EntryKind, ProfessionalLicenseKind, WorkRole
from competencies.forms.entries import EntryForm, competencies_field
from competencies.forms.fields import AgesField, DayField, WordsField

CHOOSE = ("", _("Choose"))


class RegionField(forms.CharField):
    """A country's code, with or without its state's; small letters are welcome."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").upper()


class EducationForm(EntryForm):
    kind = EntryKind.EDUCATION
    short = ("level", "field", "institution", "awarded_on")

    level = forms.ChoiceField(label=_("Degree or certificate"), choices=[CHOOSE, *EducationLevel.choices])
    field = forms.CharField(label=_("Field of study"), max_length=200, required=False)
    institution = forms.CharField(label=_("School"), max_length=200, required=False)
    awarded_on = DayField(
        label=_("Awarded on"),
        required=False,
        help_text=_("As on your transcript. When it names only the month, choose its first day."),
    )
    competencies = competencies_field()

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        self.refuse_future("awarded_on")
        level = cleaned.get("level")
        if level == EducationLevel.NONE:
            cleaned["awarded_on"] = None
        elif level:
            if not cleaned.get("institution") and "institution" not in self.errors:
                self.add_error("institution", _("Name the school or organization that awarded it."))
            if not cleaned.get("awarded_on") and "awarded_on" not in self.errors:
                self.add_error("awarded_on", _("Give the day it was awarded: some rules count from it."))
        return cleaned


class ProfessionalLicenseForm(EntryForm):
    kind = EntryKind.LICENSE
    short = ("name", "license_kind", "region", "starts_on", "ends_on")

    name = forms.CharField(label=_("Professional license"), max_length=120, help_text=_("For example LCSW or LPC."))
    license_kind = forms.ChoiceField(
        label=_("Kind"), choices=[CHOOSE, *ProfessionalLicenseKind.choices], help_text=_("Of the license to practice.")
    )
    region = RegionField(
        label=_("State or region"),
        max_length=10,
        required=False,
        help_text=_("As a code: US-MO for Missouri."),
        validators=[RegexValidator(r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$", _("Write the code, for example US-MO."))],
        widget=forms.TextInput(attrs={"autocapitalize": "characters"}),
    )
    starts_on = DayField(label=_("Valid from"))
    ends_on = DayField(label=_("Valid until"), required=False, help_text=_("Last day. Empty: no end."))

    def clean(self) -> dict[str, Any]:
        self.refuse_future("starts_on")
        self.refuse_reversed("starts_on", "ends_on")
        return self.cleaned_data


class WorkForm(EntryForm):
    kind = EntryKind.WORK
    short = ("title", "employer", "starts_on", "ends_on", "hours_per_week", "roles", "paid", "supervised", "ages")

    title = forms.CharField(label=_("Your position"), max_length=200)
    employer = forms.CharField(label=_("Employer"), max_length=200, required=False)
    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("Until"), required=False, help_text=_("Leave empty while you still work there."))
    hours_per_week = forms.IntegerField(
        label=_("Hours a week"), required=False, min_value=1, max_value=100, help_text=_("On average.")
    )
    roles = WordsField(
        label=_("What you do there"),
        choices=WorkRole.choices,
        required=True,
        error_messages={"required": _("Choose at least one.")},
    )
    paid = forms.BooleanField(label=_("Paid work"), required=False, initial=True)
    supervised = forms.BooleanField(label=_("Supervised"), required=False)
    families_served = forms.IntegerField(
        label=_("Families served"),
        required=False,
        min_value=0,
        max_value=100_000,
        help_text=_("About how many families with children in these ages, in all."),
    )
    ages = AgesField()
    description = forms.CharField(
        label=_("What you did"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("You, and those who review your application, read this. Never write about families here."),
    )
    competencies = competencies_field()

    def clean(self) -> dict[str, Any]:
        self.refuse_future("starts_on", "ends_on")
        self.refuse_reversed("starts_on", "ends_on")
        self.cleaned_data["families_served"] = self.cleaned_data.get("families_served") or 0
        return self.cleaned_data
