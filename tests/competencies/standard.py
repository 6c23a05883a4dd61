"""The published rules as specifications, without a database; and short ways to write a portfolio."""

import datetime
from functools import cache

from competencies.facts import ProviderFact, StandingFact, SupervisionFact, TrainingFact, WorkFact
from competencies.specs import AgeRange, CategorySpec, requirement_from
from competencies.standards_files import lent_work, read
from endorsement_portal.workflow import Finding

AS_OF = datetime.date(2026, 1, 15)
INFANT, EARLY = "0-36", "37-71"


@cache
def specs() -> dict[str, CategorySpec]:
    files = read()
    lent = lent_work(files.all_categories)
    return {
        row["code"]: CategorySpec(
            code=row["code"],
            name=row["name"],
            license=row["license"],
            slug=row["slug"],
            ages=AgeRange(row["age_range_months"]["min"], row["age_range_months"]["max"]),
            edition=files.code,
            is_add_on=row.get("is_add_on", False),
            requirements=tuple(
                requirement_from(rule, borrowed=lent.get(rule["params"].get("meets_category_work")))
                for rule in row["requirements"]
            ),
        )
        for row in files.all_categories
    }


CODES = tuple(specs())


def own_ages(code: str) -> str:
    return INFANT if specs()[code].ages.min_months == 0 else EARLY


def other_ages(code: str) -> str:
    return EARLY if own_ages(code) == INFANT else INFANT


def of(findings: tuple[Finding, ...], requirement: str) -> Finding:
    return next(finding for finding in findings if finding.requirement == requirement)


def reasons(finding: Finding) -> dict[str, str]:
    return {entry.entry: entry.reason for entry in finding.uncounted}


def mentor(*standings: StandingFact, key: str = "p1") -> ProviderFact:
    return ProviderFact(
        key=key,
        name="Ines Larkmoor",
        standings=standings or (StandingFact("IMHM-C", "endorsed", datetime.date(2015, 1, 1)),),
    )


def session(key: str = "s1", **values) -> SupervisionFact:
    given = {
        "on": datetime.date(2025, 2, 3),
        "minutes": 60,
        "provider": "p1",
        "attested_on": datetime.date(2025, 3, 1),
        "state": "confirmed",
    }
    return SupervisionFact(key=key, **{**given, **values})


def training(key: str = "t1", **values) -> TrainingFact:
    given = {"on": datetime.date(2025, 3, 4), "title": f"Part {key}", "minutes": 60, "topics": ("core",)}
    return TrainingFact(key=key, **{**given, **values})


def job(key: str = "w1", days: int | None = None, **values) -> WorkFact:
    """`days` calendar days from 1 January 2020, both ends included."""
    given = {
        "title": "Home visitor",
        "starts_on": datetime.date(2020, 1, 1),
        "supervised": True,
        "roles": ("direct_service",),
        "families_served": 25,
        "hours_per_week": 40,
    }
    given |= values
    if days is not None:
        given["ends_on"] = given["starts_on"] + datetime.timedelta(days=days - 1)
    return WorkFact(key=key, **given)
