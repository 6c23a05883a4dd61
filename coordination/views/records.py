"""The history and the standards: read, never written here."""

from django.http import HttpResponse
from django.shortcuts import render

from coordination.access import StaffRequest, staff_page
from coordination.forms.filters import SearchForm
from coordination.queries import audit, standards
from coordination.views.acting import found
from endorsement_portal.web.paging import page_of
from members.enums import Role
from members.models import Association


@staff_page()
def history(request: StaffRequest, association: Association) -> HttpResponse:
    form = SearchForm(request.GET)
    page = page_of(audit.events(association, request.user, search=form.value("search")), request)
    context = {
        "association": association, "nav": "audit", "form": form, "page": page,
        "rows": audit.with_names(list(page)),
    }  # fmt: skip
    return render(request, "coordination/audit.html", context)


@staff_page(Role.COORDINATOR, Role.STANDARDS_EDITOR)
def standards_page(request: StaffRequest, association: Association) -> HttpResponse:
    """Every rule with its source and how well it is known."""
    editions = list(standards.editions())
    asked = request.GET.get("edition")
    edition = found(next((row for row in editions if row.code == asked), next(iter(editions), None)))
    categories = standards.categories()
    slugs = {category.slug for category in categories}
    slug = request.GET.get("category", "")
    chosen = slug if slug in slugs else categories[0].slug
    context = {
        "association": association, "nav": "standards", "editions": editions, "edition": edition,
        "categories": categories, "chosen": chosen, "rules": standards.rules_of(edition, chosen),
        "fees": standards.fees_of(association),
    }  # fmt: skip
    return render(request, "coordination/standards.html", context)
