"""The file of an entry: one field and, where a rule asks for it, what it is."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competencies.enums import EntryKind
from competencies.models import Evidence
from endorsement_portal.files.forms import DocumentField
from endorsement_portal.web.forms import PlainForm

DOCUMENT_TYPES: dict[EntryKind, list[tuple[str, Any]]] = {
    EntryKind.EDUCATION: [
        ("transcript", _("Transcript")),
        ("certificate", _("Certificate")),
        ("", _("Something else")),
    ],
    EntryKind.LICENSE: [("license", _("Copy of the professional license")), ("", _("Something else"))],
    EntryKind.WORK: [("resume", _("Résumé")), ("", _("Something else"))],
    EntryKind.TRAINING: [("certificate", _("Certificate")), ("", _("Something else"))],
    EntryKind.SUPERVISION: [("", _("Any document"))],
}


class EvidenceForm(PlainForm):
    """`replaceable` are the files that the new one may take the place of."""

    document_type = forms.ChoiceField(label=_("What it is"), required=False)
    replaces = forms.ChoiceField(label=_("In place of"), required=False)
    document = DocumentField(label=_("File"))

    def __init__(self, *args: Any, kind: EntryKind, replaceable: Iterable[Evidence] = (), **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "file_%s", "label_suffix": "", **kwargs})
        types = DOCUMENT_TYPES[kind]
        self.fields["document_type"].choices = types  # type: ignore[attr-defined]
        self.fields["document_type"].initial = types[0][0]
        if len(types) == 1:
            self.fields["document_type"].widget = forms.HiddenInput()
        self.replaceable = {str(evidence.uuid): evidence for evidence in replaceable}
        self.fields["replaces"].choices = [  # type: ignore[attr-defined]
            ("", _("None: add it to the others")),
            *((key, evidence.file.name) for key, evidence in self.replaceable.items()),
        ]
        if not self.replaceable:
            del self.fields["replaces"]

    def values(self) -> dict[str, Any]:
        """Arguments of the action."""
        return {
            "upload": self.cleaned_data["document"],
            "document_type": self.cleaned_data["document_type"],
            "replaces": self.replaceable.get(self.cleaned_data.get("replaces", "")),
        }
