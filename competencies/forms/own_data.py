"""The file that a member brings along."""

from django import forms
from django.utils.translation import gettext_lazy as _

from endorsement_portal.web.forms import PlainForm


class BringForm(PlainForm):
    file = forms.FileField(
        label=_("The ZIP, or its portfolio.json"),
        help_text=_("Up to 20 MB. Is the ZIP larger? Unpack it and choose the file portfolio.json in it."),
        widget=forms.FileInput(attrs={"accept": ".zip,.json,application/zip,application/json"}),
        error_messages={"empty": _("This file is empty. Choose the ZIP that the other portal gave you.")},
    )
