"""The field for one document: limits stated before choosing, every refusal beside the field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from endorsement_portal.files import intake
from endorsement_portal.files.refusals import MESSAGES

ACCEPT = ".pdf,.jpg,.jpeg,.png,.heic,.heif,application/pdf,image/jpeg,image/png,image/heic"


def _limits() -> str:
    return gettext("PDF, JPEG, PNG or HEIC, up to %(size)s and %(pages)s pages. Photos from a phone are fine.") % {
        "size": filesizeformat(settings.UPLOAD_BYTES_MAX),
        "pages": settings.UPLOAD_PAGES_MAX,
    }


class InspectedFileField(forms.FileField):
    """Validating it inspects the file, once; the intake of its kind stores what was found."""

    accept: str
    """Endings and types offered in the browser's dialog."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": self.accept}))
        super().__init__(**kwargs)

    def inspect(self, upload: UploadedFile) -> Any:
        """What the file is. Raises the refusal that stands beside the field."""
        raise NotImplementedError

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile) and not hasattr(upload, "inspected"):
            upload.inspected = self.inspect(upload)  # type: ignore[attr-defined]
        return upload


class DocumentField(InspectedFileField):
    """Validating it inspects and cleans the file; `intake.receive(form.cleaned_data[...], by=user)` then stores it."""

    accept = ACCEPT
    default_error_messages = {"empty": MESSAGES["empty"], "required": _("Choose a file.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Document"))
        kwargs.setdefault("help_text", lazy(_limits, str)())
        super().__init__(**kwargs)

    def inspect(self, upload: UploadedFile) -> Any:
        return intake.inspect(upload)
