"""The rating form, built from the statements of a category. Everything may be left open until it is sent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.actions.ratings import Answers
from applications.enums import DeclineReason, Recommendation
from applications.queries.references import ItemGroup
from applications.rating_texts import NOT_ENOUGH, SCALE
from endorsement_portal.web.forms import PlainForm
from endorsement_portal.workflow import Finding

NONE = "none"
CHOICES = (*((str(value), label) for value, label in SCALE), (NONE, NOT_ENOUGH))


WORDS = dict(CHOICES)


def field_name(code: str) -> str:
    return f"q-{code}"


class RatingForm(PlainForm):
    recommendation = forms.ChoiceField(
        label=_("What do you recommend?"), choices=Recommendation.choices, widget=forms.RadioSelect, required=False
    )
    comment = forms.CharField(
        label=_("Something you saw, if you like"),
        help_text=_("Describe the way of working; leave out anything that points to a family."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
    )
    explanation = forms.CharField(
        label=_("Would you tell the reviewers why?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )
    typed_name = forms.CharField(
        label=_("Your name, as a signature"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    save_number = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)
    explanation_asked = forms.BooleanField(widget=forms.HiddenInput, required=False)
    overwrite = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, groups: tuple[ItemGroup, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = groups
        self.kept_number: int | None = None
        """The save number after what was typed has been kept; the page goes on from it."""
        for group in groups:
            for item in group.items:
                self.fields[field_name(item.key)] = forms.ChoiceField(
                    label=item.text, choices=CHOICES, required=False, initial=item.value
                )

    choices = CHOICES

    @property
    def seen(self) -> int | None:
        """The save number that this page was made from; None: what is on this screen wins."""
        if self.cleaned_data.get("overwrite"):
            return None
        return self.cleaned_data.get("save_number") or 0

    @property
    def number(self) -> object:
        """The save number that the next post of this page names."""
        return self["save_number"].value() or 0 if self.kept_number is None else self.kept_number

    @property
    def answers(self) -> Answers:
        data = self.cleaned_data
        given = {item.key: data.get(field_name(item.key)) for group in self.groups for item in group.items}
        return Answers(
            items={code: None if value == NONE else int(value) for code, value in given.items() if value},
            recommendation=data.get("recommendation") or "",
            comment=data.get("comment") or "",
            explanation=data.get("explanation") or "",
            typed_name=" ".join((data.get("typed_name") or "").split()),
        )

    @property
    def asks_explanation(self) -> bool:
        return (
            bool(self.data.get("explanation_asked"))
            or "explanation" in self.errors
            or bool(self["explanation"].value())
        )

    def refuse(self, findings: tuple[Finding, ...]) -> None:
        for finding in findings:
            key = finding.requirement
            name = field_name(key.removeprefix("item:")) if key.startswith("item:") else key
            words = " ".join(filter(None, (finding.message, finding.fix)))
            self.add_error(name if name in self.fields else None, words)

    def needed_to_send(self) -> RatingForm:
        """For the page: a draft may leave everything open, but these are no option when the rating is sent."""
        for name in ("recommendation", "typed_name"):
            self.fields[name].required = True
        return self

    def rows(self) -> list[dict[str, Any]]:
        """The statements by area for the page: with what is chosen, and the message of each."""
        return [
            {
                "name": group.name,
                "code": group.code,
                "first": group.items[0].number,
                "last": group.items[-1].number,
                "items": [
                    {
                        "number": item.number,
                        "text": item.text,
                        "name": field_name(item.key),
                        "value": self[field_name(item.key)].value() or "",
                        "words": WORDS.get(item.value, ""),
                        "error": " ".join(str(error) for error in self[field_name(item.key)].errors),
                    }
                    for item in group.items
                ],
            }
            for group in self.groups
        ]


class DeclineForm(PlainForm):
    reason = forms.ChoiceField(label=_("Why not?"), choices=DeclineReason.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Anything a coordinator should know"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        required=False,
    )
