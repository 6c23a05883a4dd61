"""Pure: facts -> the portable portfolio."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from competencies.enums import SessionState
from competencies.facts import (
    EducationFact,
    LicenseFact,
    PortfolioFacts,
    ProviderFact,
    SupervisionFact,
    TrainingFact,
    WorkFact,
)
from competencies.portable.format import FORMAT, Json, Member


def vouched(facts: PortfolioFacts) -> PortfolioFacts:
    """Without what the person only stated: standings that nobody confirmed, and confirmations of sessions that no
    coordinator accepted. The next installation trusts a file, so a file must not say more than this one knows."""
    return dataclasses.replace(
        facts,
        providers=tuple(
            dataclasses.replace(row, standings=tuple(standing for standing in row.standings if standing.trusted))
            for row in facts.providers
        ),
        supervision=tuple(
            row
            if row.accepted
            else dataclasses.replace(row, state=SessionState.LOGGED.value, attested_on=None, accepted=True)
            for row in facts.supervision
        ),
    )


def as_portable(member: Member, facts: PortfolioFacts, *, keyed: bool = False) -> Json:
    """The selected entries, in the order of the facts.

    `keyed` names every entry, also of the kinds that the format leaves without a key: snapshots point at them.
    """

    def named(entry: Any, values: Json) -> Json:
        return {"key": entry.key, **values} if keyed else values

    names = {provider.key: f"p{number}" for number, provider in enumerate(facts.providers, start=1)}
    return {
        "format": FORMAT,
        "member": {"email": member.email, "name": member.name, "residence": member.residence or None},
        "education": [named(entry, _education(entry)) for entry in facts.education if entry.selected],
        "licences": [named(entry, _license(entry)) for entry in facts.licenses if entry.selected],
        "work": [named(entry, _work(entry)) for entry in facts.work if entry.selected],
        "training": [_training(entry) for entry in facts.training if entry.selected],
        "providers": [_provider(provider, names[provider.key]) for provider in facts.providers],
        "supervision": [_supervision(entry, names) for entry in facts.supervision if entry.selected],
    }


def _day(day: datetime.date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _education(entry: EducationFact) -> Json:
    return {
        "level": entry.level,
        "field": entry.field,
        "institution": entry.institution,
        "awarded_on": _day(entry.awarded_on),
    }


def _license(entry: LicenseFact) -> Json:
    return {
        "kind": entry.license_kind,
        "name": entry.name,
        "region": entry.region,
        "from": _day(entry.starts_on),
        "to": _day(entry.ends_on),
    }


def _work(entry: WorkFact) -> Json:
    return {
        "title": entry.title,
        "employer": entry.employer,
        "from": _day(entry.starts_on),
        "to": _day(entry.ends_on),
        "hours_per_week": entry.hours_per_week,
        "paid": entry.paid,
        "supervised": entry.supervised,
        "roles": list(entry.roles),
        "families_served": entry.families_served,
        "ages": list(entry.ages),
    }


def _training(entry: TrainingFact) -> Json:
    return {
        "key": entry.key,
        "on": _day(entry.on),
        "title": entry.title,
        "organiser": entry.organizer,
        "minutes": entry.minutes,
        "topics": list(entry.topics),
        "topic_minutes": dict(entry.topic_minutes),
        "ages": list(entry.ages),
        "competencies": list(entry.competencies),
    }


def _provider(provider: ProviderFact, key: str) -> Json:
    return {
        "key": key,
        "name": provider.name,
        "email": provider.email,
        "standings": [
            {
                "category": standing.code,
                "kind": standing.kind,
                "from": _day(standing.starts_on),
                "to": _day(standing.ends_on),
            }
            for standing in provider.standings
        ],
    }


def _supervision(entry: SupervisionFact, names: dict[str, str]) -> Json:
    values: Json = {
        "key": entry.key,
        "on": _day(entry.on),
        "minutes": entry.minutes,
        "format": entry.format,
        "group_size": entry.group_size,
        "mode": entry.mode,
        "provider": names[entry.provider] if entry.provider is not None else None,
        "about_own_provision": entry.about_own_provision,
        "ages": list(entry.ages),
        "attested_on": _day(entry.attested_on),
    }
    if entry.competencies:
        values["competencies"] = list(entry.competencies)
    return values
