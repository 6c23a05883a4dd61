"""People who have to do with this association."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render

from coordination.access import StaffRequest, staff_page
from coordination.forms.filters import SearchForm
from coordination.queries import people
from coordination.views.acting import found
from endorsement_portal.web.paging import page_of
from members.models import Association


@staff_page()
def people_list(request: StaffRequest, association: Association) -> HttpResponse:
    form = SearchForm(request.GET)
    page = page_of(people.people_of(association, search=form.value("search")), request)
    return render(
        request, "coordination/people.html", {"association": association, "nav": "people", "form": form, "page": page}
    )


@staff_page()
def person(request: StaffRequest, association: Association, person: uuid.UUID) -> HttpResponse:
    page = found(people.person_page(association, person))
    return render(request, "coordination/person.html", {"association": association, "nav": "people", "page": page})
