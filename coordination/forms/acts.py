"""The acts of a coordinator: what must be typed for each."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.enums import AssignmentState, Outcome
from applications.models import ReviewAssignment
from competencies.enums import StandingKind
from coordination.queries.applications import category_choices
from endorsement_portal.web.forms import PlainForm
from members.models import User

TASK_LENGTH = 1000
TOO_LONG = _("Please keep this under %(limit_value)d characters. It has %(show_value)d.")
NOT_LISTED = _("Choose one of the list.")


def _line(label: Any, missing: Any, *, length: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=length, help_text=help_text,
        error_messages={"required": missing, "max_length": TOO_LONG},
    )  # fmt: skip


def _text(label: Any, missing: Any = "", *, rows: int = 3, length: int = 1000, help_text: Any = "") -> forms.CharField:
    """Several lines. `missing`: what is said when nothing was written; without it the text may be left out."""
    return forms.CharField(
        label=label, max_length=length, required=bool(missing), help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}), error_messages={"required": missing, "max_length": TOO_LONG},
    )  # fmt: skip


def _day(label: Any, missing: Any = "", *, help_text: Any = "") -> forms.DateField:
    """A date. `missing`: what is said when there is none; without it the date may be left out."""
    return forms.DateField(
        label=label, required=bool(missing), help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": missing, "invalid": _("Enter a date, like 2026-06-26.")},
    )  # fmt: skip


def _answers(missing: Any) -> dict[str, Any]:
    """The messages of a choice that has to be made: nothing is chosen beforehand."""
    return {"required": missing, "invalid_choice": NOT_LISTED}


class ReasonForm(PlainForm):
    """A refusal, a lapse, a removal: never without a reason."""

    reason = _line(_("Reason"), _("Say why, in a few words."), length=500)


class ReinstateForm(ReasonForm):
    valid_until = _day(_("New last day"), _("Give the new last day."))


class StandingForm(PlainForm):
    kind = forms.ChoiceField(
        label=_("Kind of standing"),
        choices=[("", _("Choose a kind")), *StandingKind.choices],
        error_messages=_answers(_("Choose the kind of standing.")),
    )
    code = forms.ChoiceField(label=_("Category"), error_messages=_answers(_("Choose the category.")))
    starts_on = _day(_("From"), _("Give the first day."))
    ends_on = _day(_("Until"), help_text=_("Last day included. Leave empty while it goes on."))
    source = _line(
        _("How you know"), _("Say how you know: others rely on it."), length=200,
        help_text=_("For example: registry of the Alliance, interview on May 3."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [("", _("Choose a category")), *category_choices()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("The last day lies before the first."))
        return data


class EndStandingForm(PlainForm):
    ends_on = _day(_("Last day"), _("Give the last day."))


class MessageForm(PlainForm):
    body = _text(_("Your message"), _("Write your message first."), length=4000)


class ChangeRequestForm(PlainForm):
    requirement_key = forms.ChoiceField(label=_("About"), required=False, error_messages={"invalid_choice": NOT_LISTED})
    text = _text(
        _("What is needed"), _("Say what is needed."),
        help_text=_("One thing at a time; each becomes a task of the applicant."),
    )  # fmt: skip
    due_on = _day(_("Until"))

    def __init__(self, *args: Any, requirements: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["requirement_key"].choices = [("", _("The whole application")), *requirements]  # type: ignore[attr-defined]


class AssignForm(PlainForm):
    reviewer = forms.TypedChoiceField(
        label=_("Reviewer"), error_messages=_answers(_("Choose who is to read this application."))
    )
    due_on = _day(_("Due on"), _("Give the day by which the review is due."))

    def __init__(self, *args: Any, reviewers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {str(user.uuid): user for user in reviewers}
        field = self.fields["reviewer"]
        field.coerce = known.__getitem__  # type: ignore[attr-defined]
        named = [(uuid, _with_load(user)) for uuid, user in known.items()]
        field.choices = [("", _("Choose a reviewer")), *named] if named else []  # type: ignore[attr-defined]


def _with_load(user: User) -> str:
    return gettext("%(name)s (%(load)d open)") % {"name": user.get_full_name(), "load": getattr(user, "load", 0)}


class RemoveReviewerForm(PlainForm):
    """Posted by the button beside a reviewer who has not sent anything yet."""

    assignment = forms.TypedChoiceField(
        label=_("Reviewer"),
        error_messages={"invalid_choice": _("This review was sent, declined or taken back already.")},
    )

    def __init__(self, *args: Any, assignments: Sequence[ReviewAssignment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_ones = {str(row.uuid): row for row in assignments if row.state == AssignmentState.ASSIGNED}
        field = self.fields["assignment"]
        field.coerce = open_ones.__getitem__  # type: ignore[attr-defined]
        field.choices = [(uuid, row.reviewer.get_full_name()) for uuid, row in open_ones.items()]  # type: ignore[attr-defined]


class DecisionForm(PlainForm):
    outcome = forms.ChoiceField(label=_("Outcome"), error_messages=_answers(_("Choose the outcome.")))
    message = _text(
        _("To the applicant"), rows=5, length=4000,
        help_text=_("In your words. The mail carries a link, not this text. Never quote a rating."),
    )  # fmt: skip
    tasks = _text(
        _("Tasks of a deferral"), rows=4, length=4000,
        help_text=_("One task on each line. A deferral needs at least one."),
    )  # fmt: skip
    due_on = _day(_("Tasks due on"))

    def __init__(self, *args: Any, outcomes: Sequence[Outcome], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = [(outcome.value, outcome.label) for outcome in outcomes]
        self.fields["outcome"].choices = [("", _("Choose an outcome")), *possible]  # type: ignore[attr-defined]

    def clean_tasks(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["tasks"].splitlines()]
        if any(len(line) > TASK_LENGTH for line in lines):
            raise forms.ValidationError(_("Please keep each task under %(n)d characters."), params={"n": TASK_LENGTH})
        return [line for line in lines if line]


class ExamForm(PlainForm):
    part = forms.TypedChoiceField(
        label=_("Part"), coerce=int, choices=[("", _("Choose a part")), (1, _("Part 1")), (2, _("Part 2"))],
        error_messages=_answers(_("Choose the part of the exam.")),
    )  # fmt: skip
    sat_on = _day(_("Date of the exam"), _("Give the day of the exam."))
    passed = forms.TypedChoiceField(
        label=_("Result"), coerce=lambda value: value == "yes",
        choices=[("", _("Choose a result")), ("yes", _("Passed")), ("no", _("Not passed"))],
        error_messages=_answers(_("Choose the result.")),
    )  # fmt: skip
