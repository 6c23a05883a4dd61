"""Pure: what stands on a packet's pages, as frozen data. Made by contents, read by the templates."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to an entry. `first_page` counts in the finished file; 0 before the pages are known."""

    number: int
    uuid: str
    name: str
    content_type: str
    size: int
    sha256: str
    belongs_to: str
    document_type: str
    pages: int = 0
    first_page: int = 0

    @property
    def anchor(self) -> str:
        return f"attachment-{self.number}"

    @property
    def last_page(self) -> int:
        return self.first_page + self.pages


@dataclass(frozen=True, slots=True)
class TrainingRow:
    on: datetime.date | None
    title: str
    organizer: str
    topics: str
    competencies: str
    minutes: int
    counted: int
    reason: str
    attachments: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SessionRow:
    on: datetime.date | None
    provider: str
    form: str
    minutes: int
    counted: int
    reason: str
    confirmed_on: datetime.date | None
    vouched: str
    """Who vouches for the confirmation (decision 14); empty while there is none."""
    attachments: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlainRow:
    """An education, a professional license or a job."""

    title: str
    details: str
    dates: str
    attachments: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One entry behind a requirement: what it is, and what it gives or why it does not count."""

    title: str
    counts: bool
    minutes: int | None
    reason: str
    attachments: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PartRow:
    label: str
    need: int
    have: int
    met: bool


@dataclass(frozen=True, slots=True)
class RequirementBlock:
    number: int
    key: str
    label: str
    kind: str
    required: bool
    met: bool
    message: str
    need_minutes: int | None
    have_minutes: int | None
    parts: tuple[PartRow, ...]
    entries: tuple[EvidenceRow, ...]
    checks: tuple[str, ...]
    see: str
    """The table that lists the entries, where there is one: "training" or "rsc"."""


@dataclass(frozen=True, slots=True)
class CoverageRow:
    area: str
    name: str
    entries: int


@dataclass(frozen=True, slots=True)
class RatingPage:
    """A rating, for the reviewers' packet only."""

    rater: str
    slot: str
    received_on: datetime.date | None
    valid_until: datetime.date | None
    waived: bool
    vetted: bool
    recommendation: str
    answers: tuple[tuple[str, str, str], ...]
    """Area, statement, answer in words."""
    comment: str
    explanation: str
    contradiction: bool


@dataclass(frozen=True, slots=True)
class Contents:
    reference_number: str
    number: int
    association: str
    category: str
    license: str
    ages: str
    who: str
    email: str
    residence: str
    cohort: str
    asks_emerging: bool
    submitted_at: datetime.datetime
    zone: str
    edition: str
    edition_sha256: str
    overlay: str
    snapshot_sha256: str
    requirements: tuple[RequirementBlock, ...]
    trainings: tuple[TrainingRow, ...]
    training_minutes: int
    training_counted: int
    sessions: tuple[SessionRow, ...]
    session_minutes: int
    session_counted: int
    education: tuple[PlainRow, ...]
    licenses: tuple[PlainRow, ...]
    work: tuple[PlainRow, ...]
    coverage: tuple[CoverageRow, ...]
    memberships: tuple[Json, ...]
    signatures: tuple[Json, ...]
    declaration: Json
    answers: tuple[Json, ...]
    ratings_received: int
    ratings_needed: int
    attachments: tuple[Attachment, ...]
    ratings: tuple[RatingPage, ...] = ()
    for_reviewers: bool = False

    @property
    def local_submitted_at(self) -> datetime.datetime:
        return self.submitted_at.astimezone(ZoneInfo(self.zone))

    @property
    def checksum(self) -> str:
        """The snapshot's digest in groups of four, for the eye."""
        return " ".join(self.snapshot_sha256[start : start + 4] for start in range(0, len(self.snapshot_sha256), 4))
