"""Finding a course in the library, and saying "I attended"."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competencies.durations import typed_form
from competencies.enums import Ages
from competencies.forms.fields import DayField, LengthField
from competencies.forms.hours import TRAINING_MINUTES_MAX
from competencies.models import Course, CourseVersion
from competencies.queries import library
from competencies.queries.library import LibraryFilters
from competencies.queries.portfolio import competency_choices
from endorsement_portal.files.forms import DocumentField
from endorsement_portal.web.forms import PlainForm
from endorsement_portal.web.templatetags.portal import day

PHOTO = {"accept": "image/*", "capture": "environment"}
"""A phone opens its camera for it."""


class LibraryFilterForm(PlainForm):
    """A value that makes no sense counts as none: a list never refuses to show itself."""

    q = forms.CharField(
        label=gettext_lazy("Title or organizer"), required=False, max_length=100, widget=forms.SearchInput
    )
    competency = forms.ChoiceField(label=gettext_lazy("Competency"), required=False)
    length = forms.ChoiceField(
        label=gettext_lazy("Length"),
        required=False,
        choices=[
            ("", gettext_lazy("Any length")),
            ("short", gettext_lazy("Up to 1 h 30 min")),
            ("middle", gettext_lazy("Longer, under 6 h")),
            ("long", gettext_lazy("6 h and more")),
        ],
    )
    ages = forms.ChoiceField(
        label=gettext_lazy("Ages"), required=False, choices=[("", gettext_lazy("All ages")), *Ages.choices]
    )
    mine = forms.ChoiceField(
        label=gettext_lazy("From"),
        required=False,
        choices=[("", gettext_lazy("Every association")), ("1", gettext_lazy("My associations"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "filter_%s", "label_suffix": "", **kwargs})
        self.fields["competency"].choices = [("", _("Any competency")), *competency_choices()]  # type: ignore[attr-defined]

    def filters(self) -> LibraryFilters:
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return LibraryFilters(**{**given, "mine": bool(given.get("mine"))})


class AttendForm(PlainForm):
    """The course is chosen; its day, its length as the library has it, and a certificate if there is one.

    `shown` is the version that the page showed. On another day another one may apply: then a length that was left as
    it stood is asked about, never changed silently.
    """

    shown = forms.IntegerField(required=False, min_value=1, max_value=32767, widget=forms.HiddenInput, label="")
    on = DayField(label=gettext_lazy("Date you finished"))
    minutes = LengthField(minutes_max=TRAINING_MINUTES_MAX, help_text=gettext_lazy("As the library has it."))
    document = DocumentField(label=gettext_lazy("Certificate, if you have it"), required=False)
    photo = DocumentField(
        label=gettext_lazy("Or take a photo of it"),
        required=False,
        help_text="",
        widget=forms.FileInput(attrs=PHOTO),
    )

    def __init__(self, *args: Any, course: Course, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.course = course
        self.today = today
        self.version: CourseVersion | None = None

    def clean(self) -> dict[str, Any]:
        on = self.cleaned_data.get("on")
        if on is None:
            return self.cleaned_data
        if on > self.today:
            self.add_error("on", _("This day has not come yet."))
            return self.cleaned_data
        self.version = library.version_on(self.course, on)
        if self.version is None:
            self.add_error(
                "on",
                _("The library has this course only for later days. Log it as a training of your own instead."),
            )
        else:
            self._ask_about_length(on, self.version)
        return self.cleaned_data

    def _ask_about_length(self, on: datetime.date, version: CourseVersion) -> None:
        shown = library.version_numbered(self.course, self.cleaned_data.get("shown"))
        left_alone = shown is not None and self.cleaned_data.get("minutes") == shown.minutes
        if shown is None or shown.number == version.number or not left_alone or shown.minutes == version.minutes:
            return
        words = {"day": day(on), "then": typed_form(version.minutes), "now": typed_form(shown.minutes)}
        message = _("On %(day)s this course took %(then)s, not %(now)s. We put that in; check it and save again.")
        self.add_error("minutes", message % words)
        self.data = {**self.data.dict(), "minutes": typed_form(version.minutes), "shown": str(version.number)}  # type: ignore[attr-defined]

    def uploads(self) -> list[Any]:
        """What was chosen, none, one or both."""
        return [self.cleaned_data[name] for name in ("document", "photo") if self.cleaned_data.get(name)]
