"""Reading the standard. An edition is immutable, so its specifications are kept in the process."""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from competencies import overlays, specs
from competencies.models import Category, CategoryCompetency, Edition, FeeTable, Overlay, RenewalModel, Requirement
from competencies.settings_words import FEE_NAMES
from competencies.specs import AgeRange, CategorySpec, CompetencySpec, RequirementSpec
from competencies.standards_files import Standards, read
from endorsement_portal.prepared import Prepared
from members.enums import Evidence
from members.models import Association

RATING_AREAS = ("WWO", "THK", "REF")
"""The areas that reference ratings are the main evidence for: Working With Others, Thinking, Reflection."""


class NoStandards(LookupError):
    """No edition is published yet: run load_standards."""


def edition_for(day: datetime.date) -> Edition:
    """The newest published edition effective on or before the day, else the earliest (decision 10)."""
    edition = (
        next(iter(_newest_edition(day)), None) or Edition.objects.published().order_by("effective_from", "id").first()
    )
    if edition is None:
        raise NoStandards("No standards are published. Run load_standards first.")
    return edition


@Prepared
def _newest_edition(day: datetime.date) -> QuerySet[Edition]:
    published = Edition.objects.published().filter(effective_from__lte=day).defer("content")
    return published.order_by("-effective_from", "-id")[:1]


def edition_files(edition: Edition) -> Standards:
    """The files of an edition, with the other files of the standard as they are shipped."""
    shipped = read()
    if edition.content is None:
        if shipped.sha256() != edition.sha256:
            raise NoStandards(f"The files of {edition.code} are not kept here. Run load_standards first.")
        return shipped
    return replace(shipped, **edition.content)


def current_overlay(association: Association, edition: Edition) -> Overlay | None:
    """The newest published settings of an association on an edition."""
    return (
        Overlay.objects.filter(association=association, edition=edition, published_at__isnull=False)
        .select_related("association")
        .order_by("-version")
        .first()
    )


def overlays_on(edition: Edition) -> dict[int, Overlay]:
    """Association id -> its newest published settings on an edition."""
    rows = Overlay.objects.filter(edition=edition, published_at__isnull=False).select_related("association")
    return {row.association_id: row for row in rows.order_by("version")}


def overlay_name(overlay: Overlay) -> str:
    return f"{overlay.association.code}/{overlay.version}"


def category_spec(category: Category | str, edition: Edition, overlay: Overlay | None = None) -> CategorySpec:
    """The category's rules in this edition, with an association's settings laid over them when there are any."""
    code = category if isinstance(category, str) else category.code
    spec = _edition_specs(edition.pk, edition.sha256)[code]
    if overlay is None:
        return spec
    data = json.dumps(overlay.data, sort_keys=True)
    return _overlaid(code, edition.pk, edition.sha256, overlay_name(overlay), data)


def category_specs(edition: Edition) -> dict[str, CategorySpec]:
    """All categories of an edition by code, in the order of the licenses."""
    return dict(_edition_specs(edition.pk, edition.sha256))


def find_category(code_or_slug: str) -> Category | None:
    text = code_or_slug.strip()
    found = _categories_by_slug(text.lower()) or Category.objects.select_related("license").filter(code=text.upper())
    return next(iter(found), None)


@Prepared
def _categories_by_slug(slug: str) -> QuerySet[Category]:
    return Category.objects.select_related("license").filter(slug=slug)


def rating_competencies(category: Category | str, edition: Edition) -> tuple[CompetencySpec, ...]:
    """What reference ratings of this category are about, in our own words."""
    return tuple(item for item in category_spec(category, edition).competencies if item.area in RATING_AREAS)


@dataclass(frozen=True, slots=True)
class FeeRow:
    kind: str
    """A key of `settings_words.FEE_NAMES`."""
    amount: int
    """Whole units of the currency."""
    currency: str
    when: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        return str(FEE_NAMES.get(self.kind, self.kind))


def fees_of(association: Association, category_code: str, overlay: Overlay | None) -> tuple[FeeRow, ...]:
    """What an association asks for a category: by its settings, else by its newest confirmed table."""
    own = _own_fees(overlay, category_code)
    set_here = {fee.kind for fee in own}
    return own + tuple(fee for fee in _listed_fees(association, category_code) if fee.kind not in set_here)


def _own_fees(overlay: Overlay | None, category_code: str) -> tuple[FeeRow, ...]:
    rows = overlay.data.get("fees", []) if overlay else []
    return tuple(
        FeeRow(kind=row["fee"], amount=row["amount"], currency=row["currency"])
        for row in rows
        if category_code in (row.get("category_codes") or [category_code])
    )


def _listed_fees(association: Association, category_code: str) -> Iterator[FeeRow]:
    tables = FeeTable.objects.filter(association=association, evidence=Evidence.CONFIRMED)
    table = tables.order_by("-as_of").first()
    if table is None:
        return
    for item in table.items.all():
        if category_code in (item.category_codes or [category_code]):
            yield FeeRow(item.kind, item.amount, table.currency, item.when, item.note)


def default_renewal_model() -> RenewalModel | None:
    return RenewalModel.objects.filter(is_default=True).first()


@lru_cache(maxsize=256)
def _overlaid(code: str, edition_pk: int, edition_sha256: str, name: str, data: str) -> CategorySpec:
    return overlays.overlaid(_edition_specs(edition_pk, edition_sha256)[code], json.loads(data), name=name)


@lru_cache(maxsize=16)
def _edition_specs(edition_pk: int, edition_sha256: str) -> dict[str, CategorySpec]:
    """Keyed by the digest as well as the id, so that another database is never answered with these rules."""
    del edition_sha256
    edition = Edition.objects.get(pk=edition_pk)
    rules: dict[int, list[Requirement]] = defaultdict(list)
    for row in Requirement.objects.filter(edition=edition).order_by("position"):
        rules[row.category_id].append(row)
    categories = list(Category.objects.filter(pk__in=rules).select_related("license").order_by("license", "position"))
    lent = {category.code: row.params for category in categories for row in rules[category.pk] if row.key == "work"}
    matrix = _matrix(edition)
    return {
        category.code: replace(
            _spec(category, edition, matrix.get(category.pk, ())),
            requirements=tuple(_requirement(row, lent) for row in rules[category.pk]),
        )
        for category in categories
    }


def _requirement(row: Requirement, lent: dict[str, Any]) -> RequirementSpec:
    return specs.requirement_from(
        {
            "key": row.key,
            "kind": row.kind,
            "label": row.label,
            "required": row.required,
            "stage": row.stage,
            "params": row.params,
            "source_url": row.source_url,
            "as_of": row.as_of,
            "evidence": row.evidence,
            "association_setting": row.association_setting,
            "note": row.note,
        },
        borrowed=lent.get(row.params.get("meets_category_work", "")),
    )


def _spec(category: Category, edition: Edition, competencies: tuple[CompetencySpec, ...]) -> CategorySpec:
    return CategorySpec(
        code=category.code,
        name=category.name,
        license=category.license_id,
        ages=AgeRange(category.age_min_months, category.age_max_months),
        requirements=(),
        edition=edition.code,
        slug=category.slug,
        role=category.role,
        edition_title=edition.title,
        edition_sha256=edition.sha256,
        edition_from=edition.effective_from,
        active=category.status == "active",
        superseded_by=category.superseded_by,
        is_add_on=category.is_add_on,
        base_any_of=tuple(category.base_any_of),
        emerging_max_months=category.emerging_max_months,
        competencies=competencies,
    )


def _matrix(edition: Edition) -> dict[int, tuple[CompetencySpec, ...]]:
    cells: dict[int, list[CompetencySpec]] = defaultdict(list)
    rows = (
        CategoryCompetency.objects.filter(edition=edition)
        .select_related("competency__area")
        .order_by("competency__area__position", "competency__position")
    )
    for row in rows:
        cells[row.category_id].append(
            CompetencySpec(
                code=row.competency.code,
                name=row.competency.name,
                area=row.competency.area.code,
                area_name=row.competency.area.name,
                description=row.competency.description,
                ways=tuple(row.ways),
                evidence=row.competency.evidence,
            )
        )
    return {category_id: tuple(items) for category_id, items in cells.items()}
