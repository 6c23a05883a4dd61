"""What is typed to correct a provider's standing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.forms.acts import StandingForm


class StandingRow(StandingForm):
    """A standing as it would be recorded."""

    def standing_row(self) -> dict[str, Any]:
        """As a preview judges it (competencies.standings)."""
        given = self.cleaned_data
        return {
            "code": given["code"],
            "kind": given["kind"],
            "starts_on": given["starts_on"].isoformat(),
            "ends_on": given["ends_on"].isoformat() if given["ends_on"] else None,
            "trusted": True,
        }


class CorrectStandingForm(StandingRow):
    reason = forms.CharField(
        label=_("What was wrong"),
        max_length=500,
        error_messages={"required": _("Say what was wrong: it stays in the history.")},
    )
