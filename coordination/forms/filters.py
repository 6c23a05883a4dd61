"""Filters of the lists: GET forms whose values live in the address. Odd values mean: no filter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import AssignmentState, ReferenceState, Status
from coordination.queries import applications
from coordination.queries.applications import ApplicationFilter
from endorsement_portal.web.forms import PlainForm
from members.enums import MembershipState
from members.models import Association

ALL = ("", _("All"))


class SearchForm(PlainForm):
    search = forms.CharField(
        label=_("Search"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )

    def value(self, name: str) -> Any:
        """A cleaned value, or an empty text where the address holds something odd."""
        self.is_valid()
        return self.cleaned_data.get(name) or ""


class ApplicationFilterForm(SearchForm):
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[ALL, *Status.choices])
    category = forms.ChoiceField(label=_("Category"), required=False)
    cohort = forms.ChoiceField(label=_("Cohort"), required=False)
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("", _("Newest change first")), ("oldest", _("Waiting longest first"))],
    )

    def __init__(self, *args: Any, association: Association, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["search"].label = _("Name or reference number")
        self.fields["category"].choices = [ALL, *applications.category_choices()]  # type: ignore[attr-defined]
        self.fields["cohort"].choices = [  # type: ignore[attr-defined]
            ALL,
            *((str(uuid), name) for uuid, name in applications.cohort_choices(association)),
        ]

    def wanted(self) -> ApplicationFilter:
        return ApplicationFilter(
            search=self.value("search"),
            status=self.value("status"),
            category=self.value("category"),
            cohort=self.value("cohort") or None,
            order=self.value("order") or "recent",
        )


class MembershipFilterForm(SearchForm):
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ALL, *MembershipState.choices])


class ReferenceFilterForm(SearchForm):
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ALL, *ReferenceState.choices])


class ReviewFilterForm(SearchForm):
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ALL, *AssignmentState.choices])


class OutboxFilterForm(SearchForm):
    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("upcoming", _("Will go out")),
            ("attention", _("Needs a look")),
            ("sent", _("Sent")),
            ("skipped", _("No longer needed")),
        ],
    )


class RegistryFilterForm(SearchForm):
    category = forms.ChoiceField(label=_("Category"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [ALL, *applications.category_choices()]  # type: ignore[attr-defined]
