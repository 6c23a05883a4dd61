"""Specifications straight from the files of a standard, without a database: what a proposed edition would ask."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import replace
from typing import Any

from competencies.specs import AgeRange, CategorySpec, CompetencySpec, requirement_from
from competencies.standards_files import Standards, lent_work, matrix_rows


def specs_of(standards: Standards) -> dict[str, CategorySpec]:
    """All categories by code, in the order of the file: each equal to what its rows give once they are published."""
    rows = standards.all_categories
    lent = lent_work(rows)
    ruleset = standards.categories["ruleset"]
    sha256 = standards.sha256()
    matrix = _matrix(standards)
    return {
        row["code"]: replace(
            _spec(row, lent, matrix[row["code"]]),
            edition=standards.code,
            edition_title=ruleset["title"],
            edition_sha256=sha256,
            edition_from=datetime.date.fromisoformat(ruleset["effective_from"]),
        )
        for row in rows
    }


def _spec(row: dict[str, Any], lent: dict[str | None, Any], competencies: list[CompetencySpec]) -> CategorySpec:
    return CategorySpec(
        code=row["code"],
        name=row["name"],
        license=row["license"],
        ages=AgeRange(row["age_range_months"]["min"], row["age_range_months"]["max"]),
        requirements=tuple(
            requirement_from(rule, borrowed=lent.get(rule["params"].get("meets_category_work")))
            for rule in row["requirements"]
        ),
        slug=row["slug"],
        role=row["role"],
        active=row["status"] == "active",
        superseded_by=row["superseded_by"] or "",
        is_add_on=row.get("is_add_on", False),
        base_any_of=tuple(row.get("base_any_of", [])),
        emerging_max_months=row.get("emerging_max_months"),
        competencies=tuple(competencies),
        edition="",
    )


def _matrix(standards: Standards) -> dict[str, list[CompetencySpec]]:
    areas = {area["code"]: area for area in standards.competencies["areas"]}
    items = {item["code"]: item for item in standards.competencies["competencies"]}
    found: dict[str, list[CompetencySpec]] = defaultdict(list)
    for code, competency, ways in matrix_rows(standards):
        item = items[competency]
        found[code].append(
            CompetencySpec(
                code=competency,
                name=item["name"],
                area=item["area"],
                area_name=areas[item["area"]]["name"],
                description=item["description"],
                ways=tuple(ways),
                evidence=item["evidence"],
            )
        )
    for cells in found.values():
        cells.sort(key=lambda cell: (areas[cell.area]["sort_order"], items[cell.code]["sort_order"]))
    return found
