"""Forms about the rules: an uploaded edition, the day it begins, an association's settings, filters of the lists."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from competencies.edition_bundle import BYTES_MAX
from competencies.models import Edition
from coordination.forms.filters import ALL, SearchForm
from endorsement_portal.web.forms import PlainForm

FAULTS_SHOWN = 100
DAY_MIN, DAY_MAX = datetime.date(2000, 1, 1), datetime.date(2100, 12, 31)


def _limits() -> str:
    words = gettext("One file with the keys categories and competencies, up to %(size)s.")
    return words % {"size": filesizeformat(BYTES_MAX)}


def day_field(*, label: Any, help_text: Any, required: bool = True) -> forms.DateField:
    """A day that lies in our times: others are slips of the keyboard."""
    bounds = [MinValueValidator(DAY_MIN, _("Check the year.")), MaxValueValidator(DAY_MAX, _("Check the year."))]
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        validators=bounds,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class EditionUploadForm(PlainForm):
    file = forms.FileField(
        label=_("Edition as a JSON file"),
        help_text=lazy(_limits, str)(),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )  # fmt: skip

    def clean_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > BYTES_MAX:
            raise forms.ValidationError(
                _("The file is larger than %(size)s."), code="large", params={"size": filesizeformat(BYTES_MAX)}
            )
        return upload

    def refuse(self, faults: Sequence[str]) -> None:
        """Each fault stands at the field by its path; where there are very many, the rest is a number."""
        for fault in faults[:FAULTS_SHOWN]:
            self.add_error("file", fault)
        if len(faults) > FAULTS_SHOWN:
            rest = gettext("And %(count)s more faults of the same file.") % {"count": len(faults) - FAULTS_SHOWN}
            self.add_error("file", rest)


class PublishForm(PlainForm):
    effective_from = day_field(
        label=_("First day"), help_text=_("Applications started on this day or later are judged by it.")
    )


class ConfirmForm(PlainForm):
    """An act whose words stand on the page already."""


class CompareForm(PlainForm):
    before = forms.ChoiceField(label=_("Edition"), required=False)
    after = forms.ChoiceField(label=_("Beside"), required=False)
    settings = forms.BooleanField(label=_("With our settings"), required=False)

    def __init__(self, *args: Any, editions: Iterable[Edition], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.editions = {edition.code: edition for edition in editions}
        choices = [(edition.code, edition.title) for edition in self.editions.values()]
        self.fields["before"].choices = choices  # type: ignore[attr-defined]
        self.fields["after"].choices = choices  # type: ignore[attr-defined]

    def pair(self) -> tuple[Edition, Edition] | None:
        """The two editions that are asked for; else the newest two. None: there is no edition."""
        newest = list(self.editions.values())
        if not newest:
            return None
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        after = self.editions.get(data.get("after") or "", newest[0])
        before = self.editions.get(data.get("before") or "", newest[1] if len(newest) > 1 else newest[0])
        self.data = {"before": before.code, "after": after.code, "settings": data.get("settings")}  # as they are shown
        return before, after


class ChangeFilterForm(SearchForm):
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[ALL, ("open", _("Proposed")), ("published", _("In force")), ("discarded", _("Dropped"))],
    )


class LineFilterForm(SearchForm):
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ALL,
            ("differs", _("Judged otherwise")),
            ("falls", _("Met before, not after")),
            ("rises", _("Met only after")),
            ("stays", _("Applications that stay")),
        ],
    )
