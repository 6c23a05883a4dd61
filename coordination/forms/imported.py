"""Accepting what a member brought along."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from competencies.models import Supervision
from endorsement_portal.web.forms import PlainForm


class AcceptImportedForm(PlainForm):
    """`shown` are the sessions of the page: nothing is chosen beforehand."""

    source = forms.CharField(
        label=_("How you know"),
        max_length=200,
        help_text=_("For example: letter of the provider, registry of the other association."),
    )

    def __init__(self, *args: Any, shown: Iterable[Supervision] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown = {str(session.uuid): session for session in shown}
        chosen = self.data.getlist("session") if isinstance(self.data, QueryDict) else []
        self.chosen = [self.shown[key] for key in dict.fromkeys(chosen) if key in self.shown]

    def clean(self) -> dict[str, Any]:
        if not self.chosen:
            self.add_error(None, _("Tick the sessions that you accept."))
        return super().clean() or {}
