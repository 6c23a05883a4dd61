"""Bringing a portable portfolio into a member's own: all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F

from competencies.enums import EntryKind
from competencies.facts import PortfolioFacts, ProviderFact, StandingFact, SupervisionFact
from competencies.keys import new_key
from competencies.models import Education, ProfessionalLicense, Standing, Supervision, Training, Work
from competencies.portable import PortableFault
from endorsement_portal.audit import actions as audit
from members.actions.people import find_or_create
from members.enums import Provenance
from members.models import Person, User


@dataclass
class Imported:
    """What an import did. `kept` are standings confirmed by staff that the file contradicts: they stay as they are."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)

    def note(self, outcome: str) -> None:
        setattr(self, outcome, getattr(self, outcome) + 1)


@transaction.atomic
def import_portfolio(
    *,
    person: Person,
    facts: PortfolioFacts,
    by: User | None,
    trusted: bool,
    keys: Mapping[str, str] | None = None,
) -> Imported:
    """Entries with a key that is there already are brought to what the file says; equal ones are left alone.

    `keys`: names that entries of the kinds without a key had where they come from, by their number in the file (e1).

    `trusted`: an operator vouches for the file. A member's own import is `stated`: its confirmations and standings are
    shown and not counted until a coordinator accepts them (decision 14). Raises PortableFault for a session that was
    confirmed here and differs in the file.
    """
    imported = Imported()
    keys = keys or {}
    if any(provider.email == person.email for provider in facts.providers):
        raise PortableFault([f"$.providers: {person.email} cannot be their own provider"])
    provenance = Provenance.IMPORTED_TRUSTED if trusted else Provenance.STATED
    providers = {row.key: _provider(row, provenance, imported) for row in facts.providers}
    for study in facts.education:
        values: dict[str, Any] = {"level": study.level, "field": study.field, "institution": study.institution}
        values["awarded_on"] = study.awarded_on
        _same_or_new(Education, person, values, provenance, imported, keys.get(study.key, ""))
    for held in facts.licenses:
        values = {"license_kind": held.license_kind, "name": held.name, "region": held.region}
        dates = {"starts_on": held.starts_on, "ends_on": held.ends_on}
        _same_or_new(ProfessionalLicense, person, {**values, **dates}, provenance, imported, keys.get(held.key, ""))
    for job in facts.work:
        _same_or_new(
            Work,
            person,
            {
                "title": job.title,
                "employer": job.employer,
                "starts_on": job.starts_on,
                "ends_on": job.ends_on,
                "hours_per_week": job.hours_per_week,
                "paid": job.paid,
                "supervised": job.supervised,
                "roles": list(job.roles),
                "families_served": job.families_served,
                "ages": list(job.ages),
            },
            provenance,
            imported,
            keys.get(job.key, ""),
        )
    _import_training(person, facts, provenance, imported)
    _import_sessions(person, facts, providers, provenance, imported)
    counts = {"added": imported.added, "changed": imported.changed, "unchanged": imported.unchanged}
    audit.record(verb="portfolio.imported", obj=person, by=by, data={**counts, "trusted": trusted})
    return imported


def _same_or_new(
    model: type[Education] | type[ProfessionalLicense] | type[Work],
    person: Person,
    values: dict[str, Any],
    provenance: Provenance,
    imported: Imported,
    wanted: str,
) -> None:
    """Kinds without a key in the format: an entry that is there with these very values is the same one.

    A new one keeps the name that it had (`wanted`), where the person has no other entry of this name.
    """
    if model.objects.filter(person=person, withdrawn_at__isnull=True, **values).exists():
        imported.note("unchanged")
        return
    free = wanted and not model.objects.filter(person=person, key=wanted).exists()
    key = wanted if free else new_key(EntryKind(model.kind))
    model.objects.create(person=person, key=key, provenance=provenance, **values)
    imported.note("added")


def _import_training(person: Person, facts: PortfolioFacts, provenance: Provenance, imported: Imported) -> None:
    known = {row.key: row for row in Training.objects.filter(person=person)}
    new = []
    for entry in facts.training:
        values = {
            "on": entry.on,
            "title": entry.title,
            "organizer": entry.organizer,
            "minutes": entry.minutes,
            "topics": list(entry.topics),
            "topic_minutes": dict(entry.topic_minutes),
            "ages": list(entry.ages),
            "competencies": list(entry.competencies),
        }
        row = known.get(entry.key)
        if row is None:
            new.append(Training(person=person, key=entry.key, provenance=provenance, **values))
        else:
            _bring_up(row, values, provenance, imported)
    Training.objects.bulk_create(new)
    imported.added += len(new)


def _import_sessions(
    person: Person,
    facts: PortfolioFacts,
    providers: dict[str, Person],
    provenance: Provenance,
    imported: Imported,
) -> None:
    known = {row.key: row for row in Supervision.objects.filter(person=person)}
    new = []
    for number, entry in enumerate(facts.supervision):
        values = _session_values(entry, providers, provenance)
        row = known.get(entry.key)
        if row is None:
            new.append(Supervision(person=person, key=entry.key, provenance=provenance, **values))
            continue
        if row.accepted and not _differs(row, {**values, "accepted": True}):
            imported.note("unchanged")  # what is known to be true is not doubted because its person says it again
            continue
        confirmed_here = row.attested_on is not None and row.provenance == Provenance.CONFIRMED_HERE
        if confirmed_here and _differs(row, values):
            raise PortableFault(
                [f"$.supervision[{number}].key: {entry.key!r} was confirmed by its provider here and stays as it is"]
            )
        _bring_up(row, values, provenance, imported)
    Supervision.objects.bulk_create(new)
    imported.added += len(new)


def _session_values(entry: SupervisionFact, providers: dict[str, Person], provenance: Provenance) -> dict[str, Any]:
    return {
        "on": entry.on,
        "minutes": entry.minutes,
        "format": entry.format,
        "group_size": entry.group_size,
        "mode": entry.mode,
        "provider": providers[entry.provider] if entry.provider is not None else None,
        "about_own_provision": entry.about_own_provision,
        "ages": list(entry.ages),
        "competencies": list(entry.competencies),
        "state": entry.state,
        "attested_on": entry.attested_on,
        "accepted": entry.attested_on is None or provenance != Provenance.STATED,
    }


def _differs(row: Training | Supervision, values: dict[str, Any]) -> bool:
    return row.withdrawn_at is not None or any(getattr(row, name) != value for name, value in values.items())


def _bring_up(row: Training | Supervision, values: dict[str, Any], provenance: Provenance, imported: Imported) -> None:
    if not _differs(row, values):
        imported.note("unchanged")
        return
    for name, value in {**values, "provenance": provenance, "withdrawn_at": None, "version": F("version") + 1}.items():
        setattr(row, name, value)
    row.save()
    imported.note("changed")


def _provider(fact: ProviderFact, provenance: Provenance, imported: Imported) -> Person:
    provider = find_or_create(email=fact.email, name=fact.name)
    known = list(Standing.objects.filter(person=provider))
    for standing in fact.standings:
        if any(_same(row, standing) for row in known):
            continue
        if any(_confirmed_and_overlapping(row, standing) for row in known):
            imported.kept.append(f"{provider.email}: {standing.code} from {standing.starts_on}")
            continue
        known.append(
            Standing.objects.create(
                person=provider,
                code=standing.code,
                kind=standing.kind,
                starts_on=standing.starts_on,
                ends_on=standing.ends_on,
                provenance=provenance,
                source="Portable portfolio",
            )
        )
    return provider


def _same(row: Standing, fact: StandingFact) -> bool:
    return (row.code, row.kind, row.starts_on, row.ends_on) == (fact.code, fact.kind, fact.starts_on, fact.ends_on)


def _confirmed_and_overlapping(row: Standing, fact: StandingFact) -> bool:
    """An import never alters what staff confirmed (decision 13), nor lengthens it by a second row."""
    return row.provenance == Provenance.CONFIRMED_HERE and (row.code, row.kind) == (fact.code, fact.kind)
