"""A person's standings as plain rows, as a correction keeps and compares them."""

from __future__ import annotations

from typing import Any

from competencies.models import Standing
from members.enums import Provenance
from members.models import Person


def standing_rows(person: Person) -> list[dict[str, Any]]:
    """As competencies.standings reads them, in order of their first day."""
    return [row_of(standing) for standing in Standing.objects.filter(person=person).order_by("starts_on", "pk")]


def rows_after(person: Person, changed: dict[str, Any], *, instead_of: Standing | None = None) -> list[dict[str, Any]]:
    """The rows, were one of them replaced by `changed`, or `changed` added: what a preview judges by."""
    rows = Standing.objects.filter(person=person).order_by("starts_on", "pk")
    kept = [row_of(standing) for standing in rows if instead_of is None or standing.pk != instead_of.pk]
    return [*kept, changed]


def row_of(standing: Standing) -> dict[str, Any]:
    return {
        "code": standing.code,
        "kind": str(standing.kind),
        "starts_on": standing.starts_on.isoformat(),
        "ends_on": standing.ends_on.isoformat() if standing.ends_on else None,
        "trusted": standing.provenance != Provenance.STATED,
    }
