"""Signing the code of ethics and the agreement: which text, by whom, when."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.actions import transitions
from applications.actions.journey import demand_editable
from applications.enums import TextKind
from applications.models import Application, LegalText, Signature
from applications.queries.texts import text_in_force
from applications.signing import same_name
from endorsement_portal.audit.actions import record
from endorsement_portal.workflow import NotAllowed
from members.models import User


@transaction.atomic
def sign(
    *,
    application: Application,
    text: LegalText,
    by: User,
    typed_name: str,
    not_sanctioned: bool | None = None,
    now: datetime.datetime | None = None,
) -> Signature:
    """Signs the text in force. Signing the same text again returns the first signature.

    The code of ethics comes with the statement that no licensing board has sanctioned the person.
    """
    now = now or timezone.now()
    application = transitions.lock(application)
    demand_editable(application, by)
    current = text_in_force(application, TextKind(text.kind), now)
    if current is None or current.pk != text.pk:
        raise NotAllowed.because(
            "text",
            _("There is a newer version of this text."),
            fix=_("Read it and sign again."),
            where=f"sign:{text.kind}",
        )
    if not same_name(typed_name, application.person.name):
        raise NotAllowed.because(
            "typed_name",
            _("Type your name as it stands in your profile: %(name)s") % {"name": application.person.name},
            where=f"sign:{text.kind}",
        )
    if text.kind == TextKind.ETHICS and not not_sanctioned:
        raise NotAllowed.because(
            "not_sanctioned",
            _("Confirm the statement about professional licensing boards, or write to your coordinator about it."),
            where=f"sign:{text.kind}",
        )
    try:
        with transaction.atomic():
            signature = Signature.objects.create(
                application=application,
                text=text,
                typed_name=" ".join(typed_name.split()),
                not_sanctioned=not_sanctioned if text.kind == TextKind.ETHICS else None,
                signed_at=now,
                signed_by=by,
            )
    except IntegrityError:
        return Signature.objects.get(application=application, text=text)
    record(
        verb="application.signed",
        obj=application,
        by=by,
        chain=application.association.code,
        data={"text": str(text.uuid), "kind": text.kind, "version": text.version, "sha256": text.sha256},
        text=signature.typed_name,
    )
    return signature
