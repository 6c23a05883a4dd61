"""The attendance list of a course."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from endorsement_portal.sheets.forms import SheetField
from endorsement_portal.web.forms import PlainForm


class RosterForm(PlainForm):
    on = forms.DateField(
        label=_("Day of the training"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("For every row that has no date of its own."),
    )
    file = SheetField(
        label=_("Attendance list"), help_text=_("Excel workbook (.xlsx) or CSV, up to 1,000 rows in one list.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
