"""One question of the finder."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competencies.finder_words import WORDS
from endorsement_portal.web.forms import PlainForm


class QuestionForm(PlainForm):
    answer = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": _("Choose the answer that comes closest.")}
    )

    def __init__(self, *args: Any, key: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = WORDS[key]
        self.fields["answer"].label = str(words.title)
        self.fields["answer"].choices = [(value, choice.label) for value, choice in words.choices.items()]  # type: ignore[attr-defined]
        self.fields["answer"].hints = {value: choice.hint for value, choice in words.choices.items()}  # type: ignore[attr-defined]
