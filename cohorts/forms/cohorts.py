"""Filters of the list, and what taking or giving back a seat asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from endorsement_portal.web.forms import PlainForm

COMING, PAST = "", "past"


class CohortFilterForm(PlainForm):
    """In the address: which association, coming or past."""

    association = forms.ChoiceField(label=_("Association"), required=False)
    when = forms.ChoiceField(
        label=_("Show"), required=False, choices=[(COMING, _("Open and coming")), (PAST, _("Past"))]
    )

    def __init__(self, *args: Any, associations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["association"].choices = [("", _("All associations")), *associations]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        """What can be used: an unknown value counts as none."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}


class ReserveForm(PlainForm):
    """The category is a plan, not a promise: a code, or nothing."""

    category = forms.CharField(
        required=False, max_length=12, validators=[RegexValidator(r"^[A-Za-z/-]*$")], label=_("Category")
    )


class LeaveForm(PlainForm):
    reason = forms.CharField(
        label=_("Why are you giving the seat back?"),
        help_text=_("If you like: a few words help us plan."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "aria-describedby": "seen-by"}),
    )
