"""The portable portfolio -> facts."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from competencies.enums import SessionMode, SessionState
from competencies.facts import (
    EducationFact,
    LicenseFact,
    PortfolioFacts,
    ProviderFact,
    StandingFact,
    SupervisionFact,
    TrainingFact,
    WorkFact,
)
from competencies.portable.faults import PortableFault, meaning_faults, numbered, schema_faults
from competencies.portable.format import Json, Member


def from_portable(data: Any, *, codes: Collection[str] | None = None) -> tuple[Member, PortfolioFacts]:
    """The member and the portfolio that a file describes; else PortableFault with every fault by its path.

    `codes` are the category and add-on codes that a standing may confer. Entries of the kinds without a key are
    numbered (e1, l1, w1). Sessions with an attested_on count as confirmed.
    """
    faults = sorted(schema_faults(data))
    if not faults:
        faults = list(meaning_faults(data, codes))
    if faults:
        raise PortableFault(faults)
    member = data["member"]
    return (
        Member(email=member["email"], name=member["name"], residence=member.get("residence") or ""),
        PortfolioFacts(
            education=tuple(_read_education(row, f"e{n}") for n, row in numbered(data, "education")),
            licenses=tuple(_read_license(row, f"l{n}") for n, row in numbered(data, "licences")),
            work=tuple(_read_work(row, f"w{n}") for n, row in numbered(data, "work")),
            training=tuple(_read_training(row) for _, row in numbered(data, "training")),
            providers=tuple(_read_provider(row) for _, row in numbered(data, "providers")),
            supervision=tuple(_read_supervision(row) for _, row in numbered(data, "supervision")),
        ),
    )


def _read_day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text is not None else None


def _whole(number: float | None) -> int | None:
    """JSON knows one kind of number: 40.0 is 40."""
    return int(number) if number is not None else None


def _known_day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def _read_education(row: Json, key: str) -> EducationFact:
    return EducationFact(
        key=key,
        level=row["level"],
        field=row.get("field") or "",
        institution=row.get("institution") or "",
        awarded_on=_read_day(row.get("awarded_on")),
    )


def _read_license(row: Json, key: str) -> LicenseFact:
    return LicenseFact(
        key=key,
        license_kind=row["kind"],
        name=row["name"],
        region=row.get("region") or "",
        starts_on=_read_day(row.get("from")),
        ends_on=_read_day(row.get("to")),
    )


def _read_work(row: Json, key: str) -> WorkFact:
    return WorkFact(
        key=key,
        title=row["title"],
        employer=row.get("employer") or "",
        starts_on=_known_day(row["from"]),
        ends_on=_read_day(row.get("to")),
        hours_per_week=_whole(row.get("hours_per_week")),
        paid=row.get("paid", True),
        supervised=row.get("supervised", False),
        roles=tuple(row.get("roles", ())),
        families_served=_whole(row.get("families_served")) or 0,
        ages=tuple(row.get("ages", ())),
    )


def _read_training(row: Json) -> TrainingFact:
    return TrainingFact(
        key=row["key"],
        on=_known_day(row["on"]),
        title=row["title"],
        organizer=row.get("organiser") or "",
        minutes=int(row["minutes"]),
        topics=tuple(row.get("topics", ())),
        topic_minutes=tuple(sorted((topic, int(part)) for topic, part in row.get("topic_minutes", {}).items())),
        ages=tuple(row.get("ages", ())),
        competencies=tuple(row.get("competencies", ())),
    )


def _read_provider(row: Json) -> ProviderFact:
    return ProviderFact(
        key=row["key"],
        name=row["name"],
        email=row["email"].strip().lower(),
        standings=tuple(
            StandingFact(
                code=standing["category"],
                kind=standing["kind"],
                starts_on=_known_day(standing["from"]),
                ends_on=_read_day(standing.get("to")),
            )
            for standing in row.get("standings", [])
        ),
    )


def _read_supervision(row: Json) -> SupervisionFact:
    attested_on = _read_day(row.get("attested_on"))
    return SupervisionFact(
        key=row["key"],
        on=_known_day(row["on"]),
        minutes=int(row["minutes"]),
        provider=row["provider"],
        format=row["format"],
        group_size=_whole(row.get("group_size")),
        mode=row.get("mode", SessionMode.IN_PERSON.value),
        about_own_provision=row.get("about_own_provision", False),
        ages=tuple(row.get("ages", ())),
        competencies=tuple(row.get("competencies", ())),
        state=(SessionState.LOGGED if attested_on is None else SessionState.CONFIRMED).value,
        attested_on=attested_on,
    )
