"""A course of the training library, as a coordinator publishes and corrects it."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competencies.courses import CourseContent, faults
from competencies.duration_words import FAULTS
from competencies.durations import UnclearDuration, minutes_of, typed_form
from competencies.enums import Ages, CourseForm, TrainingTopic
from competencies.models import Course, CourseVersion
from competencies.queries import library
from competencies.queries.portfolio import competency_choices
from coordination.forms.filters import ALL, SearchForm
from endorsement_portal.web.forms import PlainForm

MINUTES_MAX = 2000 * 60
NUMBER_MAX = 32767
PARTS: dict[str, str] = {f"part_{topic.value}": topic.value for topic in TrainingTopic}
"""Field -> the topic of which it takes the minutes."""


class LibraryFilterForm(SearchForm):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[ALL, ("offered", _("Offered")), ("retired", _("Retired"))]
    )


class Length(forms.CharField):
    """A length as people type it; cleans to whole minutes (or None)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            minutes = minutes_of(text)
        except UnclearDuration as unclear:
            raise forms.ValidationError(FAULTS[unclear.fault], params={"text": unclear.text}) from unclear
        if minutes > MINUTES_MAX:
            limit = {"limit": typed_form(MINUTES_MAX)}
            raise forms.ValidationError(_("That is more than %(limit)s. Check the number."), params=limit)
        return minutes

    def prepare_value(self, value: Any) -> Any:
        return typed_form(value) if isinstance(value, int) else value


class CourseContentForm(PlainForm):
    """The whole course: its name, what it takes and shows, and from which day on."""

    seen_number = forms.IntegerField(required=False, min_value=1, max_value=NUMBER_MAX, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=200)
    organizer = forms.CharField(label=_("Organizer"), max_length=200, required=False)
    form = forms.ChoiceField(
        label=_("Kind"),
        choices=CourseForm.choices,
        initial=CourseForm.SHORT,
        help_text=_("Reviewers give a series more weight than a short training, and that more than a conference."),
    )
    minutes = Length(label=_("Length"), help_text=_("For example 1 h 30 min, 1:30, 1.5 h or 90 min."))
    valid_from = forms.DateField(
        label=_("Valid from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The first day of trainings that this applies to."),
    )
    topics = forms.MultipleChoiceField(
        label=_("All of it is about"),
        choices=TrainingTopic.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave empty for other topics, or when only a part is about one of these."),
    )
    part_core = Length(label=_("Of it, about relationship-based work"), required=False)
    part_rsc = Length(label=_("Of it, about giving reflective supervision/consultation"), required=False)
    part_dei = Length(label=_("Of it, about diversity, equity and inclusion"), required=False)
    ages = forms.MultipleChoiceField(
        label=_("Ages of the children"),
        choices=Ages.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave both empty when it fits all ages: then it counts for both licenses."),
    )
    competencies = forms.MultipleChoiceField(
        label=_("Competencies"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["competencies"].choices = competency_choices  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, course: Course, version: CourseVersion, today: datetime.date) -> dict[str, Any]:
        """A course as it stands, for the version that follows."""
        return {
            "seen_number": version.number,
            "title": course.title,
            "organizer": course.organizer,
            "form": version.form,
            "minutes": version.minutes,
            "valid_from": max(today, version.valid_from),
            "topics": version.topics,
            "ages": version.ages,
            "competencies": version.competencies,
            **{name: version.topic_minutes.get(topic, "") for name, topic in PARTS.items()},
        }

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            for fault in faults(self.content(), library.competency_names()):
                self.add_error(fault.field, fault.message)
        return self.cleaned_data

    def content(self) -> CourseContent:
        """Lists in the order of the standard, so that equal contents are equal."""
        given = self.cleaned_data
        parts = {topic: given[name] for name, topic in PARTS.items() if given[name]}
        return CourseContent(
            form=given["form"],
            minutes=given["minutes"],
            topics=tuple(topic for topic in TrainingTopic.values if topic in given["topics"]),
            topic_minutes=tuple(sorted(parts.items())),
            ages=tuple(ages for ages in Ages.values if ages in given["ages"]),
            competencies=tuple(code for code in library.competency_names() if code in given["competencies"]),
        )

    def values(self) -> dict[str, Any]:
        """Arguments of the action."""
        given = self.cleaned_data
        return {name: given[name] for name in ("title", "organizer", "valid_from")} | {"content": self.content()}
