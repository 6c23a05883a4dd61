"""Naming a rater."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from applications.enums import Slot
from endorsement_portal.web.forms import PlainForm
from endorsement_portal.workflow import Finding

OLDEST = datetime.date(1940, 1, 1)
WAIVER = (("yes", _("Yes, I give up the right to ask about it")), ("no", _("No, I keep the right to ask about it")))
FIELD_OF = {"own_address": "email", "already_named": "email", "slot_filled": "slot"}
"""Which field a refusal belongs to."""


class RaterForm(PlainForm):
    rater_name = forms.CharField(
        label=_("Name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the name of the person you ask.")},
    )
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        help_text=_("A personal address is best: mail filters at work often stop our mail."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the person's email address: the private link goes there.")},
    )
    slot = forms.ChoiceField(
        label=_("How you know each other"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you know each other.")},
    )
    known_since = forms.DateField(
        label=_("Known since"),
        help_text=_("About is fine. A rater should have known you for at least a year."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Enter a day since when you have known each other. About is fine.")},
    )
    waived = forms.ChoiceField(
        label=_("Do you give up the right to ask about this rating?"),
        help_text=_(
            "You never see the rating itself, whatever you choose. If you keep the right, a coordinator may tell you "
            "in their own words why a rating led to a deferral. Your rater sees what you chose."
        ),
        choices=WAIVER,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no: both are fine.")},
    )

    def __init__(self, *args: Any, roles: tuple[str, ...], today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        field = self.fields["slot"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(role, Slot(role).label) for role in roles]

    def clean_rater_name(self) -> str:
        name = " ".join(str(self.cleaned_data["rater_name"]).split())
        if not name.isprintable() or not any(character.isalpha() for character in name):
            raise ValidationError(_t("Please type the person's name."))
        return name

    def clean_known_since(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["known_since"]
        if day > self.today:
            raise ValidationError(_t("This day is in the future."))
        if day < OLDEST:
            raise ValidationError(_t("Please check the year."))
        return day

    @property
    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return {**self.cleaned_data, "waived": self.cleaned_data["waived"] == "yes"}

    def refuse(self, findings: tuple[Finding, ...]) -> None:
        """Show why the act was refused: by the field where one is to blame."""
        for finding in findings:
            words = " ".join(filter(None, (finding.message, finding.fix)))
            self.add_error(FIELD_OF.get(finding.requirement), words)
