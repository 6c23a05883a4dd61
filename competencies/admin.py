"""Django's record pages: the standard and the portfolios are only shown. Actions and load_standards write them."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model, URLField
from django.http import HttpRequest

from competencies.models import (
    Area,
    Category,
    CategoryCompetency,
    Competency,
    Edition,
    FeeTable,
    License,
    Overlay,
    RenewalModel,
    Requirement,
    Standing,
)


class ShownOnly(admin.ModelAdmin):
    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Edition)
class EditionAdmin(ShownOnly):
    list_display = ["title", "code", "effective_from", "status", "published_at"]


@admin.register(Requirement)
class RequirementAdmin(ShownOnly):
    list_display = ["category", "key", "label", "required", "stage", "evidence", "association_setting"]
    list_filter = ["edition", "evidence", "kind", "category"]
    search_fields = ["label", "note"]
    list_select_related = ["category"]


@admin.register(License)
class LicenseAdmin(ShownOnly):
    list_display = ["name", "code", "age_label"]


@admin.register(Category)
class CategoryAdmin(ShownOnly):
    list_display = ["name", "code", "license", "scope_name", "status", "is_add_on"]
    list_filter = ["license", "status"]
    list_select_related = ["license"]


@admin.register(Area)
class AreaAdmin(ShownOnly):
    list_display = ["name", "code", "primary_evidence", "evidence"]


@admin.register(Competency)
class CompetencyAdmin(ShownOnly):
    list_display = ["name", "code", "area", "evidence"]
    list_filter = ["area", "evidence"]
    search_fields = ["name", "description"]
    list_select_related = ["area"]


@admin.register(CategoryCompetency)
class CategoryCompetencyAdmin(ShownOnly):
    list_display = ["category", "competency", "ways"]
    list_filter = ["edition", "category"]
    list_select_related = ["category", "competency"]


@admin.register(Overlay)
class OverlayAdmin(ShownOnly):
    list_display = ["association", "edition", "version", "published_at"]
    list_select_related = ["association", "edition"]


@admin.register(RenewalModel)
class RenewalModelAdmin(ShownOnly):
    list_display = ["name", "is_default", "as_of"]


@admin.register(FeeTable)
class FeeTableAdmin(ShownOnly):
    list_display = ["association", "as_of", "currency", "evidence"]
    list_select_related = ["association"]


@admin.register(Standing)
class StandingAdmin(ShownOnly):
    list_display = ["person", "code", "kind", "starts_on", "ends_on", "provenance"]
    list_filter = ["kind", "code", "provenance"]
    search_fields = ["person__name", "person__email"]
    list_select_related = ["person"]
