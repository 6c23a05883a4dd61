"""What every form of an entry shares: the version that was seen, the short part first, values for the action."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Self

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competencies.enums import EntryKind
from competencies.forms.fields import WordsField, flat
from competencies.models.portfolio import AnyEntry
from competencies.queries.portfolio import competency_choices
from endorsement_portal.web.forms import PlainForm
from endorsement_portal.web.templatetags.portal import day
from members.models import Person

VERSION_MAX = 2**31 - 1
STANDING_ALONE = (forms.CheckboxSelectMultiple, forms.RadioSelect, forms.CheckboxInput)


@dataclass(frozen=True, slots=True)
class ComparedField:
    """One line of the page that shows two versions side by side."""

    label: str
    stored: str
    typed: str

    @property
    def differs(self) -> bool:
        return self.stored != self.typed


class EntryForm(PlainForm):
    """Parses and checks the shape; the rules of the credential are nobody's business here.

    Built with `person` and `today` (the person's own day); `providers` spares a query where they are known. `short`
    names the fields that stand open; the rest waits in a details element.
    """

    kind: ClassVar[EntryKind]
    short: ClassVar[tuple[str, ...]]

    seen_version = forms.IntegerField(
        required=False, min_value=1, max_value=VERSION_MAX, widget=forms.HiddenInput, label=""
    )

    def __init__(
        self, *args: Any, person: Person, today: datetime.date, providers: Sequence[Person] = (), **kwargs: Any
    ) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.person = person
        self.today = today
        self.known_providers = providers
        if "competencies" in self.fields:
            self.fields["competencies"].choices = cache(competency_choices)  # type: ignore[attr-defined]
        self.prepare()

    def prepare(self) -> None:
        """For choices that depend on the person."""

    @classmethod
    def initial_of(cls, entry: AnyEntry) -> dict[str, Any]:
        """How a stored entry stands in the fields."""
        return {name: getattr(entry, name) for name in cls.base_fields if hasattr(entry, name)} | {
            "seen_version": entry.version
        }

    def values(self) -> dict[str, Any]:
        """Model fields for the action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen_version"}

    def focus_first(self) -> None:
        """The next entry can be typed at once: the first field has the cursor when the page arrives."""
        self.fields[self.short[0]].widget.attrs["autofocus"] = True

    @property
    def short_fields(self) -> list[BoundField]:
        return [self[name] for name in self.short]

    @property
    def row_fields(self) -> list[BoundField]:
        """The short fields that stand side by side: those of one line."""
        return [field for field in self.short_fields if not isinstance(field.field.widget, STANDING_ALONE)]

    @property
    def standing_fields(self) -> list[BoundField]:
        return [field for field in self.short_fields if isinstance(field.field.widget, STANDING_ALONE)]

    @property
    def further_fields(self) -> list[BoundField]:
        hidden = {"seen_version", "competencies", *self.short}
        return [self[name] for name in self.fields if name not in hidden]

    @property
    def further_open(self) -> bool:
        """Whether the details must stand open: an error or a value in them must not be hidden."""
        return any(field.errors or (field.value() and not self.is_bound) for field in self.further_fields)

    @property
    def further_wrong(self) -> bool:
        return any(field.errors for field in self.further_fields)

    @property
    def holds_more(self) -> bool:
        """Whether something stands outside the short part: then the short part alone would lose it."""
        return self.further_open or bool("competencies" in self.fields and self["competencies"].value())

    def refuse_future(self, *names: str) -> None:
        for name in names:
            day = self.cleaned_data.get(name)
            if day is not None and day > self.today:
                self.add_error(name, forms.ValidationError(_("This day has not come yet."), code="future"))

    def refuse_reversed(self, first: str, last: str) -> None:
        starts, ends = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if starts is not None and ends is not None and ends < starts:
            self.add_error(last, forms.ValidationError(_("The last day is before the first day."), code="reversed"))

    @classmethod
    def read_back(cls, entry: AnyEntry, **kwargs: Any) -> Self:
        """The form as the stored entry would fill it."""
        return cls(initial=cls.initial_of(entry), **kwargs)

    def shown(self) -> list[tuple[str, str]]:
        """What is filled in, as label and words: for an entry that is only read."""
        lines = [(str(self[name].label), in_words(self[name], self[name].value())) for name in self.fields]
        return [(label, words) for label, words in lines if label and words != "-"]

    def compared_with(self, stored: Self) -> list[ComparedField]:
        """Field by field: what is stored now, and what was typed here."""
        names = [name for name in self.fields if name != "seen_version"]
        return [
            ComparedField(
                str(self[name].label),
                in_words(stored[name], stored[name].value()),
                in_words(self[name], self.cleaned_data.get(name)),
            )
            for name in names
        ]


def in_words(field: BoundField, value: Any) -> str:
    """A value as a person reads it: labels for choices, the common way of writing for lengths, a dash for nothing."""
    if isinstance(field.field, forms.BooleanField):
        return str(_("Yes") if value else _("No"))
    if isinstance(field.field, forms.ChoiceField):
        chosen = {str(item) for item in (value if isinstance(value, list | tuple) else [value])}
        labels = [str(label) for word, label in flat(field.field.choices) if word != "" and str(word) in chosen]
        return ", ".join(labels) or "-"
    if isinstance(value, datetime.date):
        return day(value)
    prepared = field.field.prepare_value(value)
    return "-" if prepared in (None, "") else str(prepared)


def competencies_field() -> WordsField:
    return WordsField(label=gettext_lazy("Competencies"), choices=())
