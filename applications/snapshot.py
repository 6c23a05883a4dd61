"""Pure: the snapshot of a submission, `endorsement-submission/1` (decision 19). Packets render from it alone.

Canonical JSON: sorted keys, UTF-8, no spaces, integers and strings only, so that the same facts always give the same
digest. Ratings are never in it, only how many were received.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from endorsement_portal.workflow import Finding

FORMAT = "endorsement-submission/1"

Json = dict[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Parts:
    """What a snapshot is made of. Each value is already plain JSON, but for findings and instants."""

    application: Mapping[str, Any]
    """uuid, reference_number, number, asks_emerging, holder_name."""
    submitted_at: datetime.datetime
    category: Mapping[str, Any]
    """code, name, license, license_name, ages."""
    association: Mapping[str, Any]
    """code, name, time_zone."""
    cohort: Mapping[str, Any]
    """uuid, name, season, year, deadline, time_zone, review_ends_on."""
    edition: Mapping[str, Any]
    """code, title, sha256."""
    overlay: Mapping[str, Any] | None
    """version, sha256."""
    portfolio: Mapping[str, Any]
    """endorsement-portfolio/1, without the entries that the applicant left out."""
    left_out: Mapping[str, list[str]]
    confirmations: Iterable[Mapping[str, Any]]
    """entry, state, minutes, attested_on, provider, provenance, accepted."""
    memberships: Iterable[Mapping[str, Any]]
    """association, association_name, kind, number, from, to, provenance."""
    signatures: Iterable[Mapping[str, Any]]
    """kind, title, version, sha256, typed_name, signed_at, not_sanctioned."""
    declaration: Mapping[str, Any]
    """text, typed_name."""
    findings: tuple[Finding, ...]
    coverage: Iterable[Mapping[str, Any]]
    """code, name, area, area_name, shown (a list of way and entry)."""
    references: Mapping[str, int]
    """received, needed."""
    files: Iterable[Mapping[str, Any]]
    """uuid, name, content_type, size, sha256, entry_kind, entry, document_type."""
    answers: Iterable[Mapping[str, Any]]
    """What was asked for and answered: requirement, text, answer, asked (change or deferral)."""


def finding_as_json(finding: Finding) -> Json:
    """A finding with its counted and uncounted entries, as plain JSON."""
    return {
        "requirement": finding.requirement,
        "kind": str(finding.kind),
        "label": str(finding.label),
        "stage": str(finding.stage),
        "required": finding.required,
        "group": finding.group,
        "met": finding.met,
        "message": str(finding.message),
        "have_minutes": finding.have_minutes,
        "logged_minutes": finding.logged_minutes,
        "need_minutes": finding.need_minutes,
        "short_minutes": finding.short_minutes,
        "parts": [
            {"key": part.key, "have_minutes": part.have_minutes, "need_minutes": part.need_minutes, "met": part.met}
            for part in finding.parts
        ],
        "counted": [{"entry": entry.entry, "minutes": entry.minutes} for entry in finding.counted],
        "uncounted": [
            {"entry": entry.entry, "minutes": entry.minutes, "reason": str(entry.reason), "detail": entry.detail}
            for entry in finding.uncounted
        ],
        "checks": [str(check) for check in finding.checks],
    }


def plain(value: Any) -> Any:
    """Plain JSON of a value. A float has no single spelling, so it is refused."""
    if isinstance(value, bool) or value is None or isinstance(value, int):
        return value
    if isinstance(value, str | UUID):
        return str(value)
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="seconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no place in a snapshot")


def build(parts: Parts) -> Json:
    """The snapshot as a dictionary."""
    body: Json = {
        "format": FORMAT,
        "application": dict(parts.application),
        "submitted_at": parts.submitted_at,
        "category": parts.category,
        "association": parts.association,
        "cohort": parts.cohort,
        "edition": parts.edition,
        "overlay": parts.overlay,
        "portfolio": parts.portfolio,
        "left_out": parts.left_out,
        "confirmations": parts.confirmations,
        "memberships": parts.memberships,
        "signatures": parts.signatures,
        "declaration": parts.declaration,
        "findings": [finding_as_json(finding) for finding in parts.findings],
        "coverage": parts.coverage,
        "references": parts.references,
        "files": parts.files,
        "answers": parts.answers,
    }
    made: Json = plain(body)
    return made


def canonical(snapshot: Json) -> str:
    return json.dumps(snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def read(text: str) -> Json:
    """A stored snapshot. Raises ValueError for another format."""
    snapshot: Json = json.loads(text)
    if snapshot.get("format") != FORMAT:
        raise ValueError(f"Not {FORMAT}: {snapshot.get('format')!r}")
    return snapshot
