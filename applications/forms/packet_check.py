"""Checking a packet file or its checksum."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from applications.packet.verify import cleaned, digest
from endorsement_portal.web.forms import PlainForm

BYTES_MAX = 300 * 1024 * 1024


class PacketCheckForm(PlainForm):
    file = forms.FileField(
        label=_("The file"),
        required=False,
        allow_empty_file=True,
        help_text=_("We only compute its checksum. The file is not kept."),
    )
    checksum = forms.CharField(
        label=_("Or its SHA-256 checksum"), required=False, max_length=200, help_text=_("64 letters and digits.")
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is not None and file.size > BYTES_MAX:
            raise ValidationError(_t("This file is larger than any packet of ours."))
        return file

    def clean_checksum(self) -> str:
        typed = str(self.cleaned_data["checksum"])
        if typed and not cleaned(typed):
            raise ValidationError(_t("A SHA-256 checksum has 64 letters and digits, 0 to 9 and a to f."))
        return cleaned(typed)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not self.errors and not data.get("file") and not data.get("checksum"):
            raise ValidationError(_t("Choose a file or paste a checksum."))
        return data

    @property
    def sha256(self) -> str:
        file = self.cleaned_data.get("file")
        return digest(file.chunks()) if file else str(self.cleaned_data["checksum"])
