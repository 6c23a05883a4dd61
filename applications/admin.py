"""Django's record pages: the texts that applicants sign. A new wording is a new version; what was signed never changes.

Applications, ratings and decisions are not here: their pages ask the rules and write down who read them.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from applications.actions import legal_texts
from applications.enums import TextKind
from applications.models import LegalText
from endorsement_portal.web.forms import SaysWhatToEnter


class LegalTextForm(SaysWhatToEnter, forms.ModelForm):
    class Meta:
        model = LegalText
        fields = ("association", "kind", "version", "title", "body", "effective_from")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "association" in self.fields:
            self.fields["association"].required = True


@admin.register(LegalText)
class LegalTextAdmin(admin.ModelAdmin):
    """An association's own text is published through the action, so that it is in the history."""

    form = LegalTextForm
    list_display = ("title", "kind", "association", "version", "effective_from")
    list_filter = ("kind", ("association", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("association",)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: LegalText, form: Any, change: bool) -> None:
        values = dict(form.cleaned_data)
        published = legal_texts.publish(**values | {"kind": TextKind(values["kind"])}, by=request.user)  # type: ignore[arg-type]
        obj.pk = published.pk
