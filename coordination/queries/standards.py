"""The standards as staff see them: every rule with its source, and what is still to be confirmed."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from competencies.models import Category, Edition, FeeTable, Overlay, Requirement
from competencies.queries.standards import category_specs, current_overlay, edition_files, edition_for
from competencies.specs import CategorySpec
from endorsement_portal.web.dates import day_in
from members.enums import Evidence
from members.models import Association
from members.queries import zone_of


def editions() -> QuerySet[Edition]:
    unsure = ~Q(requirements__evidence=Evidence.CONFIRMED)
    return (
        Edition.objects.defer("content")
        .annotate(rules=Count("requirements"), to_confirm=Count("requirements", filter=unsure))
        .order_by("-effective_from")
    )


def categories() -> list[Category]:
    return list(Category.objects.select_related("license"))


def rules_of(edition: Edition, category_slug: str) -> list[Requirement]:
    return list(edition.requirements.filter(category__slug=category_slug).select_related("category"))


def fees_of(association: Association) -> list[FeeTable]:
    return list(FeeTable.objects.filter(association=association).prefetch_related("items"))


def published() -> list[Edition]:
    """Published editions, the newest first."""
    return list(Edition.objects.published().defer("content").order_by("-effective_from", "-id"))


def file_of(code: str) -> dict[str, Any] | None:
    """What an edition was published from; None: there is no such edition."""
    edition = Edition.objects.published().filter(code=code).first()
    return edition_files(edition).content() if edition else None


@dataclass(frozen=True, slots=True)
class SettingsPlace:
    """An association's settings as they are in force today, and the edition they lie on."""

    edition: Edition
    overlay: Overlay | None
    specs: dict[str, CategorySpec]
    """The plain edition."""

    @property
    def data(self) -> dict[str, Any]:
        return dict(self.overlay.data) if self.overlay else {}


def settings_of(association: Association) -> SettingsPlace:
    edition = edition_for(day_in(timezone.now(), zone_of(association)))
    return SettingsPlace(edition, current_overlay(association, edition), category_specs(edition))


def category_names() -> dict[str, str]:
    return dict(Category.objects.values_list("code", "name"))
