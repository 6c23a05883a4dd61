"""Django's record pages for operators: reference data is edited here, what an action writes is only shown."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet, URLField
from django.forms import ModelForm
from django.http import HttpRequest

from endorsement_portal.workflow import NotAllowed
from members.actions import staff
from members.models import Association, AssociationSettings, Membership, Person, StaffRole, User


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shown, searched, never changed: actions write these rows, with their history."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class AssociationSettingsInline(admin.StackedInline):
    model = AssociationSettings
    can_delete = False


@admin.register(Association)
class AssociationAdmin(admin.ModelAdmin):
    list_display = ["name", "code", "region", "country", "evidence"]
    list_filter = ["country", "evidence"]
    search_fields = ["name", "code", "abbreviation", "region"]
    inlines = [AssociationSettingsInline]
    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Person)
class PersonAdmin(ReadOnlyAdmin):
    list_display = ["name", "email", "residence", "language"]
    search_fields = ["name", "email"]
    list_select_related = ["user"]


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ["email", "is_active", "is_staff", "last_login", "date_joined"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["email"]
    fields = ["email", "uuid", "is_active", "is_staff", "is_superuser", "last_login", "date_joined"]


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ["person", "association", "kind", "starts_on", "ends_on", "state", "provenance"]
    list_filter = ["state", "kind", "provenance"]
    search_fields = ["person__name", "person__email", "number"]
    list_select_related = ["person", "association"]


@admin.register(StaffRole)
class StaffRoleAdmin(admin.ModelAdmin):
    """Giving and ending a role goes through the actions, so that both are in the history."""

    list_display = ["user", "association", "role", "starts_at", "ends_at"]
    list_filter = ["role", "association"]
    search_fields = ["user__email", "user__person__name"]
    list_select_related = ["user", "association"]
    fields = ["user", "association", "role"]
    autocomplete_fields = ["user", "association"]
    actions = ["end_roles"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: StaffRole, form: ModelForm[StaffRole], change: bool) -> None:
        given = staff.assign(user=obj.user, association=obj.association, role=obj.role, by=request.user)  # type: ignore[arg-type]
        obj.pk = given.pk

    @admin.action(description="End the selected roles", permissions=["add"])
    def end_roles(self, request: HttpRequest, queryset: QuerySet[StaffRole]) -> None:
        for role in queryset.select_related("user", "association"):
            try:
                staff.end(staff_role=role, by=request.user)  # type: ignore[arg-type]
            except NotAllowed as refused:
                messages.warning(request, f"{role.user}: {refused}")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {name: row for name, row in super().get_actions(request).items() if name != "delete_selected"}
