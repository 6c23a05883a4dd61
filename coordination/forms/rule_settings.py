"""The form of an association's settings over an edition."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from competencies import wording
from competencies.durations import UnclearDuration, minutes_of, typed_form
from competencies.enums import RequirementKind, TrainingTopic
from competencies.settings_words import FEE_NAMES
from competencies.specs import CategorySpec, TrainingRule
from coordination.forms.rules import day_field
from endorsement_portal.web.forms import PlainForm

YES_NO = [("", _("As set for the association")), ("yes", _("Yes")), ("no", _("No"))]
MINUTES_MAX = 60000


class LengthOrNoneField(forms.CharField):
    """A length as people type it, in whole minutes; 0 for none; empty stays undecided."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            minutes = 0 if text == "0" else minutes_of(text)
        except UnclearDuration as unclear:
            raise forms.ValidationError(_("Write the length as 3 h, 3 h 30 min or 90 min, or 0 for none.")) from unclear
        if minutes > MINUTES_MAX:
            raise forms.ValidationError(_("That is more than 1,000 h. Check the number."))
        return minutes

    def prepare_value(self, value: Any) -> Any:
        if value == 0:
            return "0"
        return typed_form(value) if isinstance(value, int) else value


class SettingsForm(PlainForm):
    """An association's settings over an edition. What is left empty stays as the edition says."""

    max_group_size = forms.IntegerField(
        label=_("Largest RSC group"), required=False, min_value=1, max_value=1000,
        help_text=_("Members of the group, the provider not counted. Empty: no limit of your own."),
    )  # fmt: skip
    rsc_window_months = forms.IntegerField(
        label=_("RSC of the last so many months counts"), required=False, min_value=1, max_value=1200,
        help_text=_("Empty: sessions do not grow too old."),
    )  # fmt: skip
    training_expiry_months = forms.IntegerField(
        label=_("Training of the last so many months counts"), required=False, min_value=1, max_value=1200,
        help_text=_("Empty: training does not grow too old."),
    )  # fmt: skip
    vetted_until = day_field(
        label=_("Vetted providers count until"), required=False,
        help_text=_("Last day of a session, included. Empty: vetted providers do not count."),
    )  # fmt: skip
    rsc_confirmation_required = forms.ChoiceField(
        label=_("RSC minutes count once the provider has confirmed them"), required=False,
        choices=[("", _("Yes")), ("no", _("No, as soon as they are logged"))],
    )  # fmt: skip
    coverage = forms.ChoiceField(
        label=_("A competency with nothing in it"), required=False,
        choices=[("", _("As set for the association")), ("warn", _("Warns")), ("block", _("Blocks a submission"))],
    )  # fmt: skip
    membership_through_review = forms.ChoiceField(
        label=_("Membership must last to the end of the review"), required=False, choices=YES_NO
    )
    currency = forms.CharField(label=_("Currency"), required=False, max_length=3, help_text=_("Three letters: USD."))

    def __init__(
        self, *args: Any, specs: Mapping[str, CategorySpec], current: Mapping[str, Any], **kwargs: Any
    ) -> None:
        self.specs = specs
        self.current = current
        kwargs.setdefault("initial", _initial(current, specs))
        super().__init__(*args, **kwargs)
        for kind, name in FEE_NAMES.items():
            self.fields[f"fee_{kind}"] = forms.IntegerField(label=name, required=False, min_value=0, max_value=100000)
        for spec in specs.values():
            if spec.active:
                self._add_category(spec)

    def _add_category(self, spec: CategorySpec) -> None:
        self.fields[f"name_{spec.slug}"] = forms.CharField(
            label=gettext("Name shown for %(name)s") % {"name": spec.name}, required=False, max_length=120
        )
        asked = _dei_of(spec)
        if asked is not None:
            self.fields[f"dei_{spec.slug}"] = LengthOrNoneField(
                label=gettext("Training on diversity, equity and inclusion"),
                required=False,
                help_text=gettext("The edition asks for %(hours)s. For none write 0.")
                % {"hours": wording.hours_in_words(asked)},
            )

    @property
    def general(self) -> list[forms.BoundField]:
        names = ("max_group_size", "vetted_until", "rsc_window_months", "training_expiry_months",
                 "rsc_confirmation_required", "coverage", "membership_through_review")  # fmt: skip
        return [self[name] for name in names]

    @property
    def fees(self) -> list[forms.BoundField]:
        return [*(self[f"fee_{kind}"] for kind in FEE_NAMES), self["currency"]]

    @property
    def categories(self) -> list[tuple[CategorySpec, list[forms.BoundField]]]:
        return [
            (spec, [self[name] for name in (f"name_{spec.slug}", f"dei_{spec.slug}") if name in self.fields])
            for spec in self.specs.values()
            if spec.active
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        currency = (data.get("currency") or "").upper()
        has_fees = any(data.get(f"fee_{kind}") is not None for kind in FEE_NAMES)
        if has_fees and not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
            self.add_error("currency", _("Write the currency of the fees in three letters, such as USD."))
        return {**data, "currency": currency}

    def settings(self) -> dict[str, Any]:
        """The data of the overlay. Settings that this form does not show are kept."""
        given = self.cleaned_data
        shown = {
            **{name: given[name] for name in ("max_group_size", "rsc_window_months", "training_expiry_months")},
            "vetted_until": given["vetted_until"].isoformat() if given["vetted_until"] else None,
            "rsc_confirmation_required": False if given["rsc_confirmation_required"] == "no" else None,
            "coverage": given["coverage"] or None,
            "membership_through_review": {"yes": True, "no": False}.get(given["membership_through_review"]),
            "fees": self._fees(),
            "names": self._of_categories("name", lambda value, spec: value and value != spec.name),
            "dei_minutes": self._of_categories("dei", lambda value, _spec: value is not None),
        }
        kept = {key: value for key, value in self.current.items() if key not in shown}
        return {**kept, **{key: value for key, value in shown.items() if value not in (None, [], {})}}

    def _fees(self) -> list[dict[str, Any]]:
        given = self.cleaned_data
        return [
            {"fee": kind, "amount": given[f"fee_{kind}"], "currency": given["currency"]}
            for kind in FEE_NAMES
            if given.get(f"fee_{kind}") is not None
        ]

    def _of_categories(self, prefix: str, wanted: Any) -> dict[str, Any]:
        return {
            spec.code: value
            for spec in self.specs.values()
            if wanted(value := self.cleaned_data.get(f"{prefix}_{spec.slug}"), spec)
        }


def _dei_of(spec: CategorySpec) -> int | None:
    """Whole minutes on diversity, equity and inclusion that the edition asks; None: the category asks no training."""
    rule = next((row.rule for row in spec.requirements if row.kind == RequirementKind.TRAINING_HOURS), None)
    if not isinstance(rule, TrainingRule):
        return None
    return sum(part.minutes for part in rule.sub_minimums if part.topic == TrainingTopic.DEI)


def _initial(current: Mapping[str, Any], specs: Mapping[str, CategorySpec]) -> dict[str, Any]:
    fees = current.get("fees", [])
    until = current.get("vetted_until")
    through = current.get("membership_through_review")
    return {
        **{name: current.get(name) for name in ("max_group_size", "rsc_window_months", "training_expiry_months")},
        "vetted_until": datetime.date.fromisoformat(until) if until else None,
        "rsc_confirmation_required": "no" if current.get("rsc_confirmation_required") is False else "",
        "coverage": current.get("coverage", ""),
        "membership_through_review": "" if through is None else ("yes" if through else "no"),
        "currency": fees[0]["currency"] if fees else "USD",
        **{f"fee_{row['fee']}": row["amount"] for row in fees},
        **{f"name_{specs[code].slug}": name for code, name in current.get("names", {}).items() if code in specs},
        **{f"dei_{specs[code].slug}": value for code, value in current.get("dei_minutes", {}).items() if code in specs},
    }
