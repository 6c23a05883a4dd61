"""Pure: a portfolio as frozen facts. Gathered once by queries.facts, then judged by assessment and coverage."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from competencies.enums import EntryKind, SessionFormat, SessionMode, SessionState


@dataclass(frozen=True, slots=True)
class StandingFact:
    """What a person's standing confers, from the first day to the last, both included (null: open)."""

    code: str
    kind: str
    starts_on: datetime.date
    ends_on: datetime.date | None = None
    trusted: bool = True
    """False: stated by a member and not confirmed by staff; shown, never counted."""

    def holds_on(self, day: datetime.date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class ProviderFact:
    key: str
    name: str
    standings: tuple[StandingFact, ...] = ()
    email: str = ""


@dataclass(frozen=True, slots=True)
class EducationFact:
    key: str
    level: str
    field: str = ""
    institution: str = ""
    awarded_on: datetime.date | None = None
    competencies: tuple[str, ...] = ()
    uuid: str = ""
    accepted: bool = True
    selected: bool = True


@dataclass(frozen=True, slots=True)
class LicenseFact:
    """A state's professional license to practice."""

    key: str
    license_kind: str
    name: str = ""
    region: str = ""
    starts_on: datetime.date | None = None
    ends_on: datetime.date | None = None
    uuid: str = ""
    accepted: bool = True
    selected: bool = True


@dataclass(frozen=True, slots=True)
class WorkFact:
    key: str
    title: str
    starts_on: datetime.date
    ends_on: datetime.date | None = None
    employer: str = ""
    hours_per_week: int | None = None
    paid: bool = True
    supervised: bool = False
    roles: tuple[str, ...] = ()
    families_served: int = 0
    ages: tuple[str, ...] = ()
    competencies: tuple[str, ...] = ()
    uuid: str = ""
    accepted: bool = True
    selected: bool = True


@dataclass(frozen=True, slots=True)
class TrainingFact:
    key: str
    on: datetime.date
    title: str
    minutes: int
    organizer: str = ""
    topics: tuple[str, ...] = ()
    topic_minutes: tuple[tuple[str, int], ...] = ()
    ages: tuple[str, ...] = ()
    competencies: tuple[str, ...] = ()
    uuid: str = ""
    accepted: bool = True
    selected: bool = True


@dataclass(frozen=True, slots=True)
class SupervisionFact:
    """One RSC session received. `provider` is the key of a ProviderFact, or None."""

    key: str
    on: datetime.date
    minutes: int
    provider: str | None
    format: str = SessionFormat.INDIVIDUAL
    group_size: int | None = None
    mode: str = SessionMode.IN_PERSON
    about_own_provision: bool = False
    ages: tuple[str, ...] = ()
    competencies: tuple[str, ...] = ()
    state: str = SessionState.LOGGED
    attested_on: datetime.date | None = None
    uuid: str = ""
    accepted: bool = True
    selected: bool = True


@dataclass(frozen=True, slots=True)
class DocumentFact:
    """A file attached to an entry."""

    owner_kind: str
    owner_key: str
    document_type: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class PortfolioFacts:
    education: tuple[EducationFact, ...] = ()
    licenses: tuple[LicenseFact, ...] = ()
    work: tuple[WorkFact, ...] = ()
    training: tuple[TrainingFact, ...] = ()
    supervision: tuple[SupervisionFact, ...] = ()
    providers: tuple[ProviderFact, ...] = ()
    documents: tuple[DocumentFact, ...] = ()

    def without(self, left_out: Mapping[str, Collection[str]]) -> PortfolioFacts:
        """The same portfolio with the entries an application leaves out marked so (entry kind -> keys)."""
        if not any(left_out.values()):
            return self

        def marked(entries: tuple, kind: EntryKind) -> tuple:
            keys = set(left_out.get(kind, ()))
            if not keys:
                return entries
            return tuple(replace(entry, selected=False) if entry.key in keys else entry for entry in entries)

        return replace(
            self,
            education=marked(self.education, EntryKind.EDUCATION),
            licenses=marked(self.licenses, EntryKind.LICENSE),
            work=marked(self.work, EntryKind.WORK),
            training=marked(self.training, EntryKind.TRAINING),
            supervision=marked(self.supervision, EntryKind.SUPERVISION),
        )

    def left_out_count(self) -> int:
        """How many entries an application leaves out."""
        return (
            sum(not entry.selected for entry in self.education)
            + sum(not entry.selected for entry in self.licenses)
            + sum(not entry.selected for entry in self.work)
            + sum(not entry.selected for entry in self.training)
            + sum(not entry.selected for entry in self.supervision)
        )

    def entry_count(self) -> int:
        return len(self.education) + len(self.licenses) + len(self.work) + len(self.training) + len(self.supervision)
