"""Forms of the import of a log: the file, and what its columns mean."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from competencies.enums import DayOrder, NumberUnit
from competencies.log_import.columns import Columns, asks_for_order, asks_for_unit
from competencies.log_import.fields import LogField
from competencies.templatetags.import_words import LOGS
from endorsement_portal.sheets.forms import SheetField
from endorsement_portal.sheets.table import Table, letter
from endorsement_portal.web.forms import PlainForm

PLACE, FOR_ALL = "column:", "all:"
HEADING_SHOWN = 60


class UploadForm(PlainForm):
    kind = forms.ChoiceField(
        label=_("What is in the file?"),
        choices=[(kind.value, words) for kind, words in LOGS.items()],
        widget=forms.RadioSelect,
    )
    file = SheetField(label=_("Spreadsheet"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class ColumnsForm(PlainForm):
    """One choice for each thing an entry says: a column, a word for all rows, or nothing."""

    unit = forms.ChoiceField(
        label=_("Where a length has no unit, it means"),
        choices=NumberUnit.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    order = forms.ChoiceField(
        label=_("Where a date has slashes"), choices=DayOrder.choices, widget=forms.RadioSelect, required=False
    )

    def __init__(self, *args: Any, fields: Sequence[LogField], table: Table, columns: Columns, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.known_fields = tuple(fields)
        self.table = table
        places = [
            (f"{PLACE}{place}", f"{letter(place)}: {heading[:HEADING_SHOWN]}" if heading else letter(place))
            for place, heading in enumerate(table.headings)
        ]
        for known in self.known_fields:
            words = [(f"{FOR_ALL}{value}", _all_rows(label)) for value, label in known.for_all]
            nothing = ("", _("Choose") if known.required else _("Not in my file"))
            self.fields[known.name] = forms.ChoiceField(
                label=known.label, choices=[nothing, *places, *words], required=known.required
            )
        self.initial.update({name: f"{PLACE}{place}" for name, place in columns.places.items()})
        self.initial.update({name: f"{FOR_ALL}{word}" for name, word in columns.for_all.items()})
        self.initial.update(unit=columns.unit, order=columns.order)
        self.order_fields([known.name for known in self.known_fields])

    @property
    def required_columns(self) -> list[forms.BoundField]:
        return [self[known.name] for known in self.known_fields if known.required]

    @property
    def further_columns(self) -> list[forms.BoundField]:
        return [self[known.name] for known in self.known_fields if not known.required]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        taken: dict[str, str] = {}
        for known in self.known_fields:
            choice = cleaned.get(known.name, "")
            if choice.startswith(PLACE) and taken.setdefault(choice, known.name) != known.name:
                self.add_error(known.name, _("This column is chosen twice. Each column is one thing."))
        places = self._places()
        if not cleaned.get("unit") and asks_for_unit(self.known_fields, self.table, places):
            self.add_error("unit", _("There are numbers without a unit in your file. Say what they mean."))
        if not cleaned.get("order") and asks_for_order(self.table, places):
            self.add_error("order", _("There are dates in your file that can be read both ways. Say how to read them."))
        return cleaned

    def _places(self) -> dict[str, int]:
        chosen = {known.name: self.cleaned_data.get(known.name, "") for known in self.known_fields}
        return {name: int(word.removeprefix(PLACE)) for name, word in chosen.items() if word.startswith(PLACE)}

    def columns(self) -> Columns:
        chosen = {known.name: self.cleaned_data[known.name] for known in self.known_fields}
        unit, order = self.cleaned_data["unit"], self.cleaned_data["order"]
        return Columns(
            places=self._places(),
            for_all={name: word.removeprefix(FOR_ALL) for name, word in chosen.items() if word.startswith(FOR_ALL)},
            unit=NumberUnit(unit) if unit else None,
            order=DayOrder(order) if order else None,
        )


def _all_rows(label: object) -> str:
    return gettext("All rows: %(what)s") % {"what": label}
