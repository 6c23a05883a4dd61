"""The statements of a category's rating form, made from the matrix of an edition. Floors below know nothing of them."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import override

from applications.models import RatingItem
from applications.rating_texts import RATED_AREAS, STATEMENTS
from competencies.models import Category, CategoryCompetency, Edition


def ensure_items(*, edition: Edition, category: Category) -> int:
    """Make the items once; how many there are. Safe to run twice and at once: an item is unique per competency.

    An add-on's matrix is short, so everything in it that a rating can show is asked.
    """
    existing = RatingItem.objects.filter(edition=edition, category=category).count()
    if existing:
        return existing
    with transaction.atomic(), override("en"):
        cells = CategoryCompetency.objects.filter(edition=edition, category=category).select_related("competency__area")
        rated = [
            cell.competency
            for cell in cells.order_by("competency__area__position", "competency__position", "competency__code")
            if cell.competency.area.code in RATED_AREAS or (category.is_add_on and "reference_rating" in cell.ways)
        ]
        RatingItem.objects.bulk_create(
            [
                RatingItem(
                    edition=edition,
                    category=category,
                    competency_code=competency.code,
                    area_code=competency.area.code,
                    text=str(STATEMENTS.get(competency.code, f"{competency.name}: {competency.description}"))[:300],
                    position=position,
                )
                for position, competency in enumerate(rated, start=1)
            ],
            ignore_conflicts=True,
        )
    return len(rated)


def load(edition: Edition) -> int:
    """The items of every category that the edition's matrix names; how many there are."""
    categories = Category.objects.filter(matrix__edition=edition).distinct()
    return sum(ensure_items(edition=edition, category=category) for category in categories)
