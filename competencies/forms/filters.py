"""Filters of the portfolio's lists: they live in the address, and what they cannot read they leave out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competencies.enums import Ages, EntryKind, SessionState, TrainingTopic
from competencies.queries.evidence import FileFilters
from competencies.queries.portfolio import WITH_AGES, Filters
from endorsement_portal.web.forms import PlainForm


class FilterForm(PlainForm):
    """A value that makes no sense counts as none: a list never refuses to show itself."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100, widget=forms.SearchInput)
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    topic = forms.ChoiceField(label=_("Topic"), required=False, choices=[("", _("All topics")), *TrainingTopic.choices])
    ages = forms.ChoiceField(label=_("Ages"), required=False, choices=[("", _("All ages")), *Ages.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Every state")), *SessionState.choices])
    provider = forms.ChoiceField(label=_("Provider"), required=False)
    withdrawn = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        kind: EntryKind,
        years: tuple[int, ...] = (),
        providers: list[tuple[str, str]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **{"auto_id": "filter_%s", "label_suffix": "", **kwargs})
        self.fields["year"].choices = [("", _("All years")), *((str(y), str(y)) for y in years)]  # type: ignore[attr-defined]
        self.fields["provider"].choices = [("", _("All providers")), *(providers or [])]  # type: ignore[attr-defined]
        for name, fits in (
            ("topic", kind == EntryKind.TRAINING),
            ("ages", kind in WITH_AGES),
            ("state", kind == EntryKind.SUPERVISION),
            ("provider", kind == EntryKind.SUPERVISION),
        ):
            if not fits:
                del self.fields[name]

    def filters(self) -> Filters:
        self.is_valid()
        return Filters(**{name: value for name, value in self.cleaned_data.items() if value})


class FileFilterForm(PlainForm):
    """For the list of files."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100, widget=forms.SearchInput)
    kind = forms.TypedChoiceField(
        label=_("Belongs to"), required=False, choices=[("", _("Every entry")), *EntryKind.choices], coerce=EntryKind
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "filter_%s", "label_suffix": "", **kwargs})

    def filters(self) -> FileFilters:
        self.is_valid()
        return FileFilters(q=self.cleaned_data.get("q", ""), kind=self.cleaned_data.get("kind") or None)
