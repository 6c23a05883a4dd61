"""What readers may ask for: a search of their messages, and their choice of mails."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from endorsement_portal.outbox.queries import KindChoice
from endorsement_portal.web.forms import PlainForm


class InboxFilter(PlainForm):
    q = forms.CharField(label=_("Search"), max_length=100, required=False)
    unread = forms.BooleanField(label=_("Unread only"), required=False)


class PreferencesForm(PlainForm):
    by_mail = forms.MultipleChoiceField(
        label=_("Send me these by email too"),
        help_text=_("You find every message here in any case."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: object, choices: Iterable[KindChoice], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.kinds = tuple(choices)
        field = self.fields["by_mail"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(choice.kind, choice.label) for choice in self.kinds]
        field.initial = [choice.kind for choice in self.kinds if choice.by_mail]
