"""Pure: a portfolio as tables, one for each kind of entry and one for the files. Headings in American English."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from competencies.enums import (
    Ages,
    EducationLevel,
    EntryKind,
    ProfessionalLicenseKind,
    SessionFormat,
    SessionMode,
    SessionState,
    TrainingTopic,
    WorkRole,
)
from competencies.facts import PortfolioFacts

Cell: TypeAlias = str | int | datetime.date | None
FILE_NAMES: dict[EntryKind, str] = {
    EntryKind.EDUCATION: "education.csv",
    EntryKind.LICENSE: "professional-licenses.csv",
    EntryKind.WORK: "work.csv",
    EntryKind.TRAINING: "trainings.csv",
    EntryKind.SUPERVISION: "rsc-sessions.csv",
}
FILES_NAME = "files.csv"


@dataclass(frozen=True, slots=True)
class FileLine:
    """One evidence file: where it stands in the ZIP (empty: left out, and `why`) and which entry it proves."""

    path: str
    name: str
    kind: EntryKind
    entry_key: str
    document_type: str
    size: int
    sha256: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables(
    facts: PortfolioFacts, *, files: Iterable[FileLine] = (), descriptions: Mapping[str, str] | None = None
) -> tuple[Table, ...]:
    """`descriptions`: key of a work entry -> what the person wrote about it."""
    return (
        _education(facts),
        _licenses(facts),
        _work(facts, descriptions or {}),
        _training(facts),
        _sessions(facts),
        file_table(files),
    )


def _words(values: Iterable[str], labels: Mapping[str, str]) -> str:
    return ", ".join(labels.get(value, value) for value in values)


def _labels(choices: Sequence[tuple[str, object]]) -> dict[str, str]:
    return {value: str(label) for value, label in choices}


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


def _education(facts: PortfolioFacts) -> Table:
    levels = _labels(EducationLevel.choices)
    return Table(
        FILE_NAMES[EntryKind.EDUCATION],
        ("Level", "Field", "Institution", "Awarded on", "Competencies", "Key"),
        tuple(
            (
                levels.get(row.level, row.level),
                row.field,
                row.institution,
                row.awarded_on,
                ", ".join(row.competencies),
                row.key,
            )
            for row in facts.education
        ),
    )


def _licenses(facts: PortfolioFacts) -> Table:
    kinds = _labels(ProfessionalLicenseKind.choices)
    return Table(
        FILE_NAMES[EntryKind.LICENSE],
        ("Professional license", "Kind", "State", "From", "Until", "Key"),
        tuple(
            (row.name, kinds.get(row.license_kind, row.license_kind), row.region, row.starts_on, row.ends_on, row.key)
            for row in facts.licenses
        ),
    )


def _work(facts: PortfolioFacts, descriptions: Mapping[str, str]) -> Table:
    roles, ages = _labels(WorkRole.choices), _labels(Ages.choices)
    return Table(
        FILE_NAMES[EntryKind.WORK],
        (
            "Position", "Employer", "From", "Until", "Hours a week", "Paid", "Supervised", "Roles",
            "Families served", "Ages", "Competencies", "Description", "Key",
        ),
        tuple(
            (
                row.title, row.employer, row.starts_on, row.ends_on, row.hours_per_week, _yes(row.paid),
                _yes(row.supervised), _words(row.roles, roles), row.families_served, _words(row.ages, ages),
                ", ".join(row.competencies), descriptions.get(row.key, ""), row.key,
            )
            for row in facts.work
        ),
    )  # fmt: skip


def _training(facts: PortfolioFacts) -> Table:
    topics, ages = _labels(TrainingTopic.choices), _labels(Ages.choices)
    return Table(
        FILE_NAMES[EntryKind.TRAINING],
        (
            "Date", "Title", "Organizer", "Minutes", "Topics", "Topics of a part", "Ages", "Competencies", "Key",
        ),
        tuple(
            (
                row.on, row.title, row.organizer, row.minutes, _words(row.topics, topics),
                ", ".join(f"{topics.get(topic, topic)}: {part} min" for topic, part in row.topic_minutes),
                _words(row.ages, ages), ", ".join(row.competencies), row.key,
            )
            for row in facts.training
        ),
    )  # fmt: skip


def _sessions(facts: PortfolioFacts) -> Table:
    formats, modes = _labels(SessionFormat.choices), _labels(SessionMode.choices)
    states, ages = _labels(SessionState.choices), _labels(Ages.choices)
    people = {row.key: (row.name, row.email) for row in facts.providers}
    return Table(
        FILE_NAMES[EntryKind.SUPERVISION],
        (
            "Date", "Minutes", "Format", "People in the group", "Mode", "Provider", "Provider's email",
            "About the RSC you give", "Ages", "Competencies", "State", "Signed on", "Waits for a coordinator", "Key",
        ),
        tuple(
            (
                row.on, row.minutes, formats.get(row.format, row.format), row.group_size,
                modes.get(row.mode, row.mode), *people.get(row.provider or "", ("", "")),
                _yes(row.about_own_provision), _words(row.ages, ages), ", ".join(row.competencies),
                states.get(row.state, row.state), row.attested_on, _yes(not row.accepted), row.key,
            )
            for row in facts.supervision
        ),
    )  # fmt: skip


def file_table(files: Iterable[FileLine]) -> Table:
    """Each file with the entry that it proves; those left out with the reason."""
    kinds = _labels(EntryKind.choices)
    return Table(
        FILES_NAME,
        ("File in this ZIP", "Name", "Belongs to", "Key of the entry", "What it is", "Bytes", "SHA-256", "Left out"),
        tuple(
            (row.path, row.name, kinds[row.kind], row.entry_key, row.document_type, row.size, row.sha256, row.why)
            for row in files
        ),
    )
