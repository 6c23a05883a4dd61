"""The competency matrix: what a portfolio shows of each competency of a category, and one competency by itself."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from applications.forms.gap import ShowingFilterForm
from applications.queries import matrix_page
from applications.views.gap import SignedInRequest, of_category
from competencies.models import Category
from endorsement_portal.web.paging import page_of
from members.queries import person_of


@require_safe
@of_category
def competency_matrix(request: SignedInRequest, category: Category) -> HttpResponse:
    page = matrix_page.matrix_page(person_of(request.user), category)
    context = {"nav": "portfolio", "category": category, "page": page, "ways": matrix_page.way_names().values()}
    return render(request, "applications/matrix.html", context)


@require_safe
@of_category
def competency(request: SignedInRequest, category: Category, code: str) -> HttpResponse:
    person = person_of(request.user)
    found = matrix_page.competency_page(person, category, code)
    if found is None:
        raise Http404
    form = ShowingFilterForm(request.GET, ways=found.competency.ways)
    page = page_of(matrix_page.entries_showing(person, found, **form.wanted()), request)
    context = {
        "nav": "portfolio",
        "category": category,
        "found": found,
        "filter_form": form,
        "page": page,
        "rows": [matrix_page.showing_entry(row) for row in page.object_list],
    }
    return render(request, "applications/competency.html", context)
