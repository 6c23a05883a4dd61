"""The portfolio to read: a tagged PDF (PDF/UA-1) with simple tables, in the person's language."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language

from competencies.enums import EntryKind
from competencies.facts import PortfolioFacts
from competencies.own_data.tables import FileLine
from endorsement_portal.files.rendering import render_pdf
from members.models import Person

STYLESHEETS = ("paper.css",)
NAMED_MAX = 1_000
"""Entries of one kind on paper, the newest; the tables beside it have every one."""


def render(person: Person, facts: PortfolioFacts, files: Sequence[FileLine], made_at: datetime.datetime) -> bytes:
    """The same data of the same moment give the same bytes."""
    html = html_of(person, facts, files, made_at)
    return render_pdf(html, stylesheets=STYLESHEETS, identifier=hashlib.sha256(html.encode()).hexdigest())


def html_of(person: Person, facts: PortfolioFacts, files: Sequence[FileLine], made_at: datetime.datetime) -> str:
    providers = {row.key: row.name for row in facts.providers}
    trainings = _newest(facts.training)
    sessions = _newest(facts.supervision)
    context: dict[str, Any] = {
        "person": person,
        "language": get_language() or "en",
        "made_at": made_at,
        "education": facts.education,
        "licenses": facts.licenses,
        "work": facts.work,
        "trainings": trainings,
        "more_trainings": len(facts.training) - len(trainings),
        "training_minutes": sum(row.minutes for row in facts.training),
        "sessions": [(row, providers.get(row.provider or "", "")) for row in sessions],
        "more_sessions": len(facts.supervision) - len(sessions),
        "session_minutes": sum(row.minutes for row in facts.supervision),
        "files": [(line, EntryKind(line.kind).label) for line in files],
    }
    return render_to_string("portfolio/own_data/paper.html", context)


def _newest(rows: Sequence[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: (row.on, row.key), reverse=True)[:NAMED_MAX]
