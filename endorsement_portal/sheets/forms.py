"""The field for one spreadsheet: limits stated before choosing, every refusal beside the field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from endorsement_portal.files.forms import InspectedFileField
from endorsement_portal.sheets import intake
from endorsement_portal.sheets.refusals import MESSAGES, too_large
from endorsement_portal.sheets.table import FILE_BYTES_MAX, ROWS_MAX

ACCEPT = ".csv,.tsv,.txt,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _limits() -> str:
    return gettext("Excel workbook (.xlsx) or CSV, up to %(size)s and %(rows)s rows.") % {
        "size": filesizeformat(FILE_BYTES_MAX),
        "rows": f"{ROWS_MAX:,}",
    }


class SheetField(InspectedFileField):
    """Validating it reads the file in the child; `intake.receive(form.cleaned_data[...], by=user)` then stores it."""

    accept = ACCEPT
    default_error_messages = {"empty": MESSAGES["empty"], "required": _("Choose a file.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("File"))
        kwargs.setdefault("help_text", lazy(_limits, str)())
        super().__init__(**kwargs)

    def inspect(self, upload: UploadedFile) -> Any:
        return intake.inspect(upload)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs: dict[str, Any] = super().widget_attrs(widget)
        return attrs | {
            "data-max-bytes": FILE_BYTES_MAX,
            "data-too-large": str(too_large(FILE_BYTES_MAX + 1).messages[0]),
        }
