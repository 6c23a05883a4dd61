"""What a reviewer types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import AssignmentState, ReviewRecommendation
from endorsement_portal.web.forms import PlainForm

VERDICTS = {"met": True, "not_met": False, "": None}


class ReviewQueueForm(PlainForm):
    """The filters of the queue; they live in the address."""

    search = forms.CharField(label=_("Search"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All")),
            (AssignmentState.ASSIGNED, _("To do")),
            (AssignmentState.SUBMITTED, AssignmentState.SUBMITTED.label),
        ],
    )


class MarkForm(PlainForm):
    requirement = forms.CharField(max_length=60, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label=_("Your mark"),
        required=False,
        choices=[("met", _("Met")), ("not_met", _("Not yet")), ("", _("Not marked"))],
    )
    note = forms.CharField(
        label=_("Your note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def values(self) -> dict[str, Any]:
        """As the action takes them."""
        data = self.cleaned_data
        return {"requirement_key": data["requirement"], "met": VERDICTS[data["verdict"]], "note": data["note"]}


class SendReviewForm(PlainForm):
    recommendation = forms.ChoiceField(
        label=_("What you recommend"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you recommend."), "invalid_choice": _("Choose one of the list.")},
    )
    summary = forms.CharField(
        label=_("Summary for the coordinator"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("A few sentences. The coordinator decides what the applicant is told, in their own words."),
        error_messages={"required": _("Write a short summary for the coordinator.")},
    )

    def __init__(self, *args: Any, recommendations: Sequence[ReviewRecommendation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recommendation"].choices = [  # type: ignore[attr-defined]
            (choice.value, choice.label) for choice in recommendations
        ]


class DeclineReviewForm(PlainForm):
    reason = forms.CharField(
        label=_("Why you cannot read this one"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Say in a few words why, so that the coordinator can ask the right person."),
        },
    )
