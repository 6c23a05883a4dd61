"""What people write in a discussion, with a question before something that may point to a family."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts import case_hints
from endorsement_portal.web.forms import PlainForm

TITLE_MAX = 160
BODY_MAX = 10_000
REASON_MAX = 500


class CarefulForm(PlainForm):
    """A text that is looked at once before it is posted (K4). Confirmed, it is posted whatever we think of it."""

    looked_at: tuple[str, ...] = ("body",)

    confirmed = forms.BooleanField(
        required=False, label=_("I have looked again: no family can be recognized. Post it as it is.")
    )

    hints: tuple[case_hints.Found, ...] = ()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        text = "\n".join(values.get(name) or "" for name in self.looked_at)
        if not values.get("confirmed"):
            self.hints = case_hints.find(text)
        if self.hints and not self.errors:
            self.add_error(None, forms.ValidationError(_("Please look at this once more."), code="case_hint"))
        return values

    @property
    def only_hints(self) -> bool:
        """Nothing is wrong with the form but the question."""
        return bool(self.hints) and self.has_error("__all__", "case_hint")

    @property
    def hint_words(self) -> list[Any]:
        return [case_hints.WORDS[found.hint] for found in self.hints]


def _body(label: Any, rows: int) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "aria-describedby": "seen-by"})
    return forms.CharField(label=label, max_length=BODY_MAX, widget=widget)


class ThreadForm(CarefulForm):
    looked_at = ("title", "body")

    title = forms.CharField(label=_("Title"), max_length=TITLE_MAX, help_text=_("What it is about, in one line."))
    body = _body(_("Your first post"), 8)
    is_notice = forms.BooleanField(label=_("A notice to everyone: pinned, and mailed to each member"), required=False)

    field_order = ("title", "body", "is_notice", "confirmed")

    def __init__(self, *args: Any, moderates: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not moderates:
            del self.fields["is_notice"]


class PostForm(CarefulForm):
    body = _body(_("Your reply"), 4)

    field_order = ("body", "confirmed")


class EditForm(PostForm):
    body = _body(_("Your post"), 8)


class ReportForm(PlainForm):
    reason = forms.CharField(
        label=_("What should a coordinator look at?"),
        help_text=_("Only the coordinators read this. The author does not learn who reported."),
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ModerationForm(PlainForm):
    """Hide, restore or keep a post. The choices depend on the post."""

    act = forms.ChoiceField(label=_("What happens to the post?"), widget=forms.HiddenInput)
    """Each choice is a button of its own."""
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The author reads it when the post is hidden or shown again."),
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, hidden: bool, reported: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.acts = [("restore", _("Show the post again"))] if hidden else [("hide", _("Hide the post"))]
        if reported and not hidden:
            self.acts.append(("keep", _("Leave it as it is and close the report")))
        self.fields["act"].choices = self.acts  # type: ignore[attr-defined]


class SwitchForm(PlainForm):
    """On or off, from a button."""

    on = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")


class ThreadFilterForm(PlainForm):
    q = forms.CharField(
        label=_("Search in this cohort"), required=False, max_length=80, widget=forms.TextInput({"type": "search"})
    )
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("All threads")),
            ("notices", _("Notices")),
            ("mine", _("With my posts")),
            ("unanswered", _("Without a reply")),
        ],
    )

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}
