"""Forms that say what to enter: no field of ours answers with a bare "This field is required."."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

GENERIC = forms.Field.default_error_messages["required"]

ASKS: tuple[tuple[type, Any], ...] = (
    (forms.FileField, _("Choose a file.")),
    (forms.EmailField, _("Enter an email address, like name@example.org.")),
    (forms.BooleanField, _("Tick the box to go on.")),
    (forms.MultipleChoiceField, _("Choose at least one.")),
    (forms.ModelMultipleChoiceField, _("Choose at least one.")),
    (forms.ChoiceField, _("Choose one of the answers.")),
    (forms.ModelChoiceField, _("Choose one of the answers.")),
    (forms.DateTimeField, _("Enter a day and a time.")),
    (forms.SplitDateTimeField, _("Enter a day and a time.")),
    (forms.DateField, _("Enter a day.")),
    (forms.IntegerField, _("Enter a number.")),
)
"""By the kind of field, the first that fits. Anything else is text and is asked for by its label."""


def says_what_to_enter(field: forms.Field) -> Any:
    """What an empty field asks for: its own words where it has some."""
    own = field.error_messages["required"]
    if own != GENERIC:
        return own
    for kind, words in ASKS:
        if isinstance(field, kind):
            return words
    label = str(field.label or "")
    if not label or label.endswith("?"):
        return _("Write a few words here.")
    return gettext("Please fill this in: %(label)s.") % {"label": label}


class SaysWhatToEnter(forms.BaseForm):
    """Gives each required field words of its own before anything is judged: fields made in `__init__` too."""

    def full_clean(self) -> None:
        for field in self.fields.values():
            field.error_messages["required"] = says_what_to_enter(field)
        super().full_clean()


class PlainForm(SaysWhatToEnter, forms.Form):
    """The base of every form of ours."""
