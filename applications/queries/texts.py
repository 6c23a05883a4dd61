"""The texts that are signed: which version is in force for an application."""

from __future__ import annotations

import datetime

from applications.enums import TextKind
from applications.models import Application, LegalText
from applications.queries.facts import day_in, house_facts, in_force, texts_known


def text_in_force(application: Application, kind: TextKind, now: datetime.datetime) -> LegalText | None:
    """The association's newest text of this kind, else the newest default one."""
    today = day_in(house_facts(application.association).time_zone, now)
    rows = list(
        texts_known(application.association, today)
        .filter(kind=kind)
        .values("id", "kind", "association_id", "effective_from")
    )
    best = next(iter(in_force(rows)), None)
    return LegalText.objects.get(pk=best["id"]) if best else None
