"""What reading and writing share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from competencies.enums import EntryKind

FORMAT = "endorsement-portfolio/1"
PORTABLE_KEYS: dict[EntryKind, str] = {
    EntryKind.EDUCATION: "education",
    EntryKind.LICENSE: "licences",
    EntryKind.WORK: "work",
    EntryKind.TRAINING: "training",
    EntryKind.SUPERVISION: "supervision",
}
"""Entry kind -> the list it stands in."""
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Member:
    email: str
    name: str
    residence: str = ""
