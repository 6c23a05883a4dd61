"""What visitors type: a code, a day, a name to look for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from credentials import codes
from endorsement_portal.web.forms import PlainForm

CODE_TYPED_MAX = 60


class CodeForm(PlainForm):
    code = forms.CharField(
        label=_("Code on the certificate"),
        help_text=_("12 letters and digits, like 7KMP-2QRS-TV9W. Hyphens and small letters do not matter."),
        max_length=CODE_TYPED_MAX,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        code = codes.normalize(self.cleaned_data["code"])
        if len(code) != codes.LENGTH:
            raise forms.ValidationError(
                _("A code has %(length)d letters and digits; this one has %(given)d."),
                params={"length": codes.LENGTH, "given": len(code)},
                code="length",
            )
        return code


class DayForm(PlainForm):
    on = forms.DateField(
        label=_("On another date?"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )


class RegistryForm(PlainForm):
    q = forms.CharField(label=_("Name"), required=False, max_length=80, widget=forms.TextInput({"type": "search"}))
    category = forms.ChoiceField(label=_("Category"), required=False)
    association = forms.ChoiceField(label=_("Association"), required=False)

    def __init__(
        self, *args: Any, categories: list[tuple[str, str]], associations: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("All categories")), *categories]  # type: ignore[attr-defined]
        self.fields["association"].choices = [("", _("All associations")), *associations]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        """What can be used: an unknown value counts as none."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}
