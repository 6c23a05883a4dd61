"""Putting texts to sign into force: our defaults, and an association's own wording."""

from __future__ import annotations

import datetime
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from applications.enums import TextKind
from applications.legal_texts import DEFAULTS, digest
from applications.models import LegalText
from endorsement_portal.audit.actions import record
from endorsement_portal.workflow import NotAllowed
from members.models import Association, User


@transaction.atomic
def load_defaults() -> int:
    """Adds the default texts that are missing. Returns how many were added; a second call adds none. Everywhere the
    same wording is the same text: its identifier comes from its digest.

    Raises NotAllowed when a loaded version reads otherwise here: what people signed is never rewritten.
    """
    added = 0
    for text in DEFAULTS:
        sha256 = digest(text.title, text.body)
        known = LegalText.objects.filter(kind=text.kind, association=None, version=text.version).first()
        if known is None:
            LegalText.objects.create(
                uuid=uuid.UUID(sha256[:32]),
                kind=text.kind,
                version=text.version,
                title=text.title,
                body=text.body,
                sha256=sha256,
                effective_from=text.effective_from,
            )
            added += 1
        elif known.sha256 != sha256:
            raise NotAllowed.because(
                "text",
                _("%(kind)s %(version)s was changed. Give the new wording a new version.")
                % {"kind": text.kind.label, "version": text.version},
            )
    return added


@transaction.atomic
def publish(
    *,
    association: Association,
    kind: TextKind,
    version: str,
    title: str,
    body: str,
    effective_from: datetime.date,
    by: User | None = None,
) -> LegalText:
    """An association's own text, in force for it from a day on."""
    if LegalText.objects.filter(kind=kind, association=association, version=version).exists():
        raise NotAllowed.because("version", _("This version exists already. Give the new wording a new version."))
    if not body.strip() or not title.strip():
        raise NotAllowed.because("body", _("A text needs a title and words."))
    text = LegalText.objects.create(
        kind=kind,
        association=association,
        version=version,
        title=title.strip(),
        body=body.strip(),
        sha256=digest(title.strip(), body.strip()),
        effective_from=effective_from,
    )
    record(
        verb="legal_text.published",
        obj=text,
        by=by,
        chain=association.code,
        data={"kind": kind.value, "version": version, "sha256": text.sha256},
    )
    return text
