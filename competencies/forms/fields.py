"""Fields that the portfolio's forms share: lengths of time, days, ages, topics, competencies."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competencies.duration_words import FAULTS
from competencies.durations import UnclearDuration, minutes_of, typed_form
from competencies.enums import Ages

DAY_MIN = datetime.date(1940, 1, 1)
DAY_MAX = datetime.date(2100, 12, 31)


LENGTHS_LIST = "usual-lengths"
"""The id of the page's one list of them (portfolio/_lengths.html)."""


class LengthField(forms.CharField):
    """A length as people type it; cleans to whole minutes (or None)."""

    def __init__(self, *, minutes_max: int, usual: bool = False, **kwargs: Any) -> None:
        """`usual`: the usual lengths stand beside it, one press each."""
        kwargs.setdefault("label", _("Length"))
        kwargs.setdefault("help_text", _("For example 1 h 30 min, 1:30, 1.5 h or 90 min."))
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}))
        self.minutes_max = minutes_max
        super().__init__(max_length=40, **kwargs)
        if usual:
            self.widget.attrs |= {"list": LENGTHS_LIST, "data-chips": _("Usual lengths")}

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            minutes = minutes_of(text)
        except UnclearDuration as unclear:
            raise forms.ValidationError(
                FAULTS[unclear.fault], code=unclear.fault, params={"text": unclear.text}
            ) from unclear
        if minutes > self.minutes_max:
            raise forms.ValidationError(
                _("That is more than %(limit)s. Check the number, or log it in parts."),
                code="too_long",
                params={"limit": typed_form(self.minutes_max)},
            )
        return minutes

    def prepare_value(self, value: Any) -> Any:
        return typed_form(value) if isinstance(value, int) and not isinstance(value, bool) else value


class DayField(forms.DateField):
    """A calendar day, by the browser's own picker; "05/12/2026" typed without one is understood as well."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%m/%d/%Y"])
        super().__init__(**kwargs)

    def clean(self, value: Any) -> datetime.date | None:
        day: datetime.date | None = super().clean(value)
        if day is not None and not DAY_MIN <= day <= DAY_MAX:
            raise forms.ValidationError(_("Check the year."), code="year")
        return day


class WordsField(forms.MultipleChoiceField):
    """Some words out of a fixed list, kept in the list's order."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[str]:
        chosen = set(super().clean(value))
        return [str(word) for word, _label in flat(self.choices) if str(word) in chosen]


class AgesField(WordsField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Ages of the children"))
        kwargs.setdefault("help_text", _("Leave both empty when it fits all ages: then it counts for both licenses."))
        super().__init__(choices=Ages.choices, **kwargs)


def flat(choices: Any) -> list[tuple[Any, Any]]:
    """Choices without their groups."""
    pairs: list[tuple[Any, Any]] = []
    for value, label in choices:
        pairs.extend(label if isinstance(label, list | tuple) else [(value, label)])
    return pairs
