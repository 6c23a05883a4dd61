"""Searching the demo's mail, and choosing a demo person."""

from django import forms
from django.utils.translation import gettext_lazy as _

from endorsement_portal.demo import queries
from endorsement_portal.web.forms import PlainForm


class MailFilter(PlainForm):
    q = forms.CharField(label=_("Address or subject"), max_length=100, required=False)


class SignInForm(PlainForm):
    """Only the people the demo offers: an address alone signs nobody in."""

    person = forms.ModelChoiceField(queryset=queries.people().none(), to_field_name="uuid")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queries.people()
