"""Shapes of what an applicant types. Judging it is the actions' part."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from applications.queries.moving import Choice
from cohorts.models import Cohort
from competencies.enums import EntryKind
from competencies.facts import PortfolioFacts
from competencies.models import Category
from endorsement_portal.web.forms import PlainForm
from endorsement_portal.workflow import NotAllowed


class ActionForm(PlainForm):
    """A form whose action may answer with findings: each lands by its field, or above the form."""

    field_of: dict[str, str] = {}
    """Finding's requirement -> field."""

    def refuse(self, error: NotAllowed) -> None:
        for finding in error.findings:
            field = self.field_of.get(finding.requirement)
            if field in self.fields and finding.message not in self.errors.get(field or "", []):
                self.add_error(field, finding.message)
            else:
                words = f"{finding.message.rstrip('.')}. {finding.fix}" if finding.fix else finding.message
                self.add_error(None, words)


class StartForm(ActionForm):
    field_of = {"category": "category", "already_open": "category", "license": "category", "emerging": "asks_emerging"}

    category = forms.ChoiceField(
        label=_("Which category do you apply for?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the category you apply for.")},
    )
    asks_emerging = forms.BooleanField(
        label=_("I apply as emerging: I do not meet every rule of the add-on yet"), required=False
    )

    def __init__(self, *args: Any, categories: list[Category], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.categories = {category.code: category for category in categories}
        by_license: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for category in categories:
            by_license[str(category.license)].append((category.code, category.name))
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(by_license.items())
        field.hints = {category.code: category.scope_name for category in categories}  # type: ignore[attr-defined]
        if not any(category.emerging_max_months for category in categories):
            del self.fields["asks_emerging"]

    def chosen(self) -> Category:
        return self.categories[self.cleaned_data["category"]]


class SignForm(ActionForm):
    field_of = {"typed_name": "typed_name", "not_sanctioned": "not_sanctioned"}

    not_sanctioned = forms.BooleanField(
        label=_("No professional licensing board has sanctioned me"),
        required=False,
        help_text=_("If this is not so, leave it empty and write to your coordinator: a person looks at it."),
    )
    typed_name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Type your name to sign.")},
    )

    def __init__(self, *args: Any, attests: bool, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["typed_name"].help_text = _("As in your profile: %(name)s") % {"name": name}
        if not attests:
            del self.fields["not_sanctioned"]


class SubmitForm(ActionForm):
    field_of = {"declaration": "declaration"}

    declaration = forms.CharField(
        label=_("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Type your name to sign the declaration and send your application.")},
    )

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["declaration"].help_text = _("As in your profile: %(name)s") % {"name": name}


class SelectionForm(PlainForm):
    """A box for each entry: ticked means it goes in."""

    LISTS: tuple[tuple[EntryKind, str], ...] = (
        (EntryKind.EDUCATION, "education"),
        (EntryKind.LICENSE, "licenses"),
        (EntryKind.WORK, "work"),
        (EntryKind.TRAINING, "training"),
        (EntryKind.SUPERVISION, "supervision"),
    )

    def __init__(self, *args: Any, portfolio: PortfolioFacts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        providers = {provider.key: provider.name for provider in portfolio.providers}
        self.entries = {kind: getattr(portfolio, name) for kind, name in self.LISTS}
        for kind, entries in self.entries.items():
            if entries:
                self.fields[kind.value] = forms.MultipleChoiceField(
                    label=kind.label,
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                    choices=[(entry.key, title_of(kind, entry, providers)) for entry in entries],
                    initial=[entry.key for entry in entries if entry.selected],
                )

    def left_out(self) -> dict[str, list[str]]:
        """What was not ticked, by kind."""
        return {
            kind.value: [entry.key for entry in entries if entry.key not in self.cleaned_data[kind.value]]
            for kind, entries in self.entries.items()
            if entries
        }


def title_of(kind: EntryKind, entry: Any, providers: dict[str, str]) -> str:
    parts = {
        EntryKind.EDUCATION: lambda: (entry.field or entry.institution, entry.awarded_on),
        EntryKind.LICENSE: lambda: (entry.name, entry.region),
        EntryKind.WORK: lambda: (entry.title, entry.employer),
        EntryKind.TRAINING: lambda: (entry.title, entry.on),
        EntryKind.SUPERVISION: lambda: (entry.on, providers.get(entry.provider or "", "")),
    }[kind]()
    return ", ".join(in_words(part) for part in parts if part) or entry.key


def in_words(part: object) -> str:
    return date_format(part, "F j, Y") if isinstance(part, datetime.date) else str(part)


class AnswerForm(ActionForm):
    field_of = {"answer": "answer"}

    answer = forms.CharField(
        label=_("What did you do?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A sentence or two. No names of families."),
        error_messages={"required": _("Say in a sentence what you did.")},
    )


class MessageForm(ActionForm):
    field_of = {"body": "body"}

    body = forms.CharField(
        label=_("Your message"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write your message first.")},
    )
    requirement_key = forms.ChoiceField(label=_("What is it about?"), required=False)

    def __init__(self, *args: Any, parts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["requirement_key"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("The whole application")), *parts]


class WithdrawForm(ActionForm):
    reason = forms.CharField(
        label=_("Why? (if you like to say)"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class MoveForm(ActionForm):
    field_of = {"reason": "reason", "cohort_full": "cohort", "enrollment_over": "cohort"}

    cohort = forms.ChoiceField(
        label=_("Which cohort?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the cohort you want to move to.")},
    )
    reason = forms.CharField(
        label=_("Why do you move?"),
        help_text=_("A few words are enough."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say in a few words why you move.")},
    )

    def __init__(self, *args: Any, choices: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohorts = {str(choice.cohort.uuid): choice.cohort for choice in choices}
        self.fields["cohort"].hints = {  # type: ignore[attr-defined]
            str(choice.cohort.uuid): _("Applications close on %(day)s.") % {"day": choice.closes_on}
            for choice in choices
        }
        self.fields["cohort"].choices = [(key, cohort.name) for key, cohort in self.cohorts.items()]  # type: ignore[attr-defined]

    def chosen(self) -> Cohort:
        return self.cohorts[self.cleaned_data["cohort"]]
