"""A person's portfolio as frozen facts, in one round trip whatever its size."""

from __future__ import annotations

import datetime
from collections import defaultdict
from functools import lru_cache
from typing import Any

from competencies.enums import EntryKind
from competencies.facts import (
    DocumentFact,
    EducationFact,
    LicenseFact,
    PortfolioFacts,
    ProviderFact,
    StandingFact,
    SupervisionFact,
    TrainingFact,
    WorkFact,
)
from competencies.models import Education, Evidence, ProfessionalLicense, Standing, Supervision, Training, Work
from endorsement_portal.gathering import Gathering, Row, day, identity_text, nested
from members.enums import Provenance
from members.models import Person

_ENTRY = ("key", "uuid", "accepted")
_OWNERS = {
    "education_key": EntryKind.EDUCATION,
    "professional_license_key": EntryKind.LICENSE,
    "work_key": EntryKind.WORK,
    "training_key": EntryKind.TRAINING,
    "supervision_key": EntryKind.SUPERVISION,
}


def portfolio_facts(person: Person) -> PortfolioFacts:
    """Everything current, in the order of entry: withdrawn entries are not there."""
    rows = _gathering(person.pk)
    return PortfolioFacts(
        education=tuple(_education(row) for row in rows["education"]),
        licenses=tuple(_license(row) for row in rows["licenses"]),
        work=tuple(_work(row) for row in rows["work"]),
        training=tuple(_training(row) for row in rows["training"]),
        supervision=tuple(_supervision(row) for row in rows["supervision"]),
        providers=_providers(rows),
        documents=tuple(_documents(rows["evidence"])),
    )


def _sources(person: int) -> dict[str, Any]:
    sessions = Supervision.objects.filter(person=person).current()
    competencies = "competencies"
    return {
        "education": (
            Education.objects.filter(person=person).current(),
            (*_ENTRY, "level", "field", "institution", "awarded_on", competencies),
        ),
        "licenses": (
            ProfessionalLicense.objects.filter(person=person).current(),
            (*_ENTRY, "license_kind", "name", "region", "starts_on", "ends_on"),
        ),
        "work": (
            Work.objects.filter(person=person).current(),
            (*_ENTRY, "title", "employer", "starts_on", "ends_on", "hours_per_week", "paid", "supervised", "roles",
             "families_served", "ages", competencies),
        ),
        "training": (
            Training.objects.filter(person=person).current(),
            (*_ENTRY, "on", "title", "organizer", "minutes", "topics", "topic_minutes", "ages", competencies),
        ),
        "supervision": (
            sessions,
            (*_ENTRY, "on", "minutes", "format", "group_size", "mode", "about_own_provision", "ages", competencies,
             "state", "attested_on", "provider__uuid"),
        ),
        "providers": (
            Person.objects.filter(pk__in=sessions.filter(provider__isnull=False).values("provider")),
            ("uuid", "name", "email"),
        ),
        "standings": (
            Standing.objects.filter(person__in=sessions.filter(provider__isnull=False).values("provider")),
            ("person__uuid", "code", "kind", "starts_on", "ends_on", "provenance"),
        ),
        "evidence": (
            Evidence.objects.filter(person=person, withdrawn_at__isnull=True),
            ("document_type", "file__name", *(name.replace("_key", "__key") for name in _OWNERS)),
        ),
    }  # fmt: skip


_gathering = Gathering(_sources)


def _providers(rows: dict[str, list[Row]]) -> tuple[ProviderFact, ...]:
    standings: dict[str, list[StandingFact]] = defaultdict(list)
    for row in rows["standings"]:
        standings[row["person_uuid"]].append(standing_fact(row))
    return tuple(
        ProviderFact(
            key=identity_text(row["uuid"]),
            name=row["name"],
            email=row["email"],
            standings=tuple(sorted(standings[row["uuid"]], key=lambda standing: standing.starts_on)),
        )
        for row in rows["providers"]
    )


def standing_fact(row: Row) -> StandingFact:
    return StandingFact(
        code=row["code"],
        kind=row["kind"],
        starts_on=_known(row["starts_on"]),
        ends_on=day(row["ends_on"]),
        trusted=row["provenance"] != Provenance.STATED,
    )


def _documents(rows: list[Row]) -> list[DocumentFact]:
    return [
        DocumentFact(
            owner_kind=kind.value, owner_key=row[name], document_type=row["document_type"], name=row["file_name"]
        )
        for row in rows
        for name, kind in _OWNERS.items()
        if row[name] is not None
    ]


def _known(value: str) -> datetime.date:
    return datetime.date.fromisoformat(value[:10])


def _list(value: Any) -> tuple[str, ...]:
    """Thousands of entries share a few lists: each text is read once."""
    return _read_list(value) if isinstance(value, str) else tuple(value)


@lru_cache(maxsize=4096)
def _read_list(text: str) -> tuple[str, ...]:
    return tuple(nested(text))


def _pairs(value: Any) -> tuple[tuple[str, int], ...]:
    return _read_pairs(value) if isinstance(value, str) else tuple(sorted(value.items()))


@lru_cache(maxsize=1024)
def _read_pairs(text: str) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(nested(text).items()))


def _education(row: Row) -> EducationFact:
    return EducationFact(
        key=row["key"],
        level=row["level"],
        field=row["field"],
        institution=row["institution"],
        awarded_on=day(row["awarded_on"]),
        competencies=_list(row["competencies"]),
        uuid=identity_text(row["uuid"]),
        accepted=bool(row["accepted"]),
    )


def _license(row: Row) -> LicenseFact:
    return LicenseFact(
        key=row["key"],
        license_kind=row["license_kind"],
        name=row["name"],
        region=row["region"],
        starts_on=day(row["starts_on"]),
        ends_on=day(row["ends_on"]),
        uuid=identity_text(row["uuid"]),
        accepted=bool(row["accepted"]),
    )


def _work(row: Row) -> WorkFact:
    return WorkFact(
        key=row["key"],
        title=row["title"],
        employer=row["employer"],
        starts_on=_known(row["starts_on"]),
        ends_on=day(row["ends_on"]),
        hours_per_week=row["hours_per_week"],
        paid=bool(row["paid"]),
        supervised=bool(row["supervised"]),
        roles=_list(row["roles"]),
        families_served=row["families_served"],
        ages=_list(row["ages"]),
        competencies=_list(row["competencies"]),
        uuid=identity_text(row["uuid"]),
        accepted=bool(row["accepted"]),
    )


def _training(row: Row) -> TrainingFact:
    return TrainingFact(
        key=row["key"],
        on=_known(row["on"]),
        title=row["title"],
        organizer=row["organizer"],
        minutes=row["minutes"],
        topics=_list(row["topics"]),
        topic_minutes=_pairs(row["topic_minutes"]),
        ages=_list(row["ages"]),
        competencies=_list(row["competencies"]),
        uuid=identity_text(row["uuid"]),
        accepted=bool(row["accepted"]),
    )


def _supervision(row: Row) -> SupervisionFact:
    return SupervisionFact(
        key=row["key"],
        on=_known(row["on"]),
        minutes=row["minutes"],
        provider=identity_text(row["provider_uuid"]) if row["provider_uuid"] is not None else None,
        format=row["format"],
        group_size=row["group_size"],
        mode=row["mode"],
        about_own_provision=bool(row["about_own_provision"]),
        ages=_list(row["ages"]),
        competencies=_list(row["competencies"]),
        state=row["state"],
        attested_on=day(row["attested_on"]),
        uuid=identity_text(row["uuid"]),
        accepted=bool(row["accepted"]),
    )
