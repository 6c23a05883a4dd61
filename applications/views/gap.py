"""Where a member stands: for one category, for all of them, for two side by side. What is tried here is never kept."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from applications import gap_paper
from applications.forms.gap import CompareForm, EntryFilterForm, LicenseFilterForm, PlanForm
from applications.queries import gap, gap_overview, gap_page, outlook
from applications.queries.gap_entries import EntryBook
from competencies.models import Category
from competencies.queries.standards import find_category
from endorsement_portal.files.downloads import HEADERS
from endorsement_portal.web import limits
from endorsement_portal.web.errors import too_many_requests
from endorsement_portal.web.paging import page_of
from members.models import User
from members.queries import person_of, staff_associations

PAPERS_MAX, PAPERS_SECONDS = 10, 60
"""Papers that one account may ask for in a minute."""
P = ParamSpec("P")


class SignedInRequest(HttpRequest):
    user: User


def of_category(
    view: Callable[Concatenate[SignedInRequest, Category, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """The category of the address, or 404. Its slug is the one address it has."""

    @wraps(view)
    def found(request: SignedInRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        category = find_category(slug)
        if category is None or category.slug != slug:
            raise Http404
        return view(request, category, *args, **kwargs)

    return found


@require_safe
@of_category
def gap_report(request: SignedInRequest, category: Category) -> HttpResponse:
    person = person_of(request.user)
    report = gap.own_report(person, category)
    context = {
        "nav": "portfolio",
        "category": category,
        "page": gap_page.gap_page(report),
        "outlook": outlook.outlook_page(person, report, outlook.hours_needed(report)),
        "replacements": gap_page.replacements(category),
        "shows_evidence": bool(staff_associations(request.user)),
        "matrix_href": reverse("matrix", args=[category.slug]),
    }
    return render(request, "applications/gap.html", context)


@require_safe
@of_category
def gap_entries(request: SignedInRequest, category: Category, requirement: str) -> HttpResponse:
    report = gap.own_report(person_of(request.user), category)
    finding = next((found for found in report.findings if found.requirement == requirement), None)
    if finding is None:
        raise Http404
    book = EntryBook(report.facts.portfolio)
    reasons = list(dict.fromkeys(entry.reason for entry in finding.uncounted))
    form = EntryFilterForm(request.GET, reasons=reasons)
    page = page_of(book.listed(finding, filters := form.filters()), request)
    context = {
        "nav": "portfolio",
        "category": category,
        "finding": finding,
        "filter_form": form,
        "filters": filters,
        "page": page,
        "rows": [book.row(finding, entry) for entry in page.object_list],
    }
    return render(request, "applications/gap_entries.html", context)


@require_safe
@of_category
def gap_plan(request: SignedInRequest, category: Category) -> HttpResponse:
    """What if? Everything is in the address; nothing is written."""
    person = person_of(request.user)
    report = gap.own_report(person, category)
    needed = [need for need in outlook.hours_needed(report) if need.to_go]
    data = request.GET or None
    forms = [
        PlanForm(data, requirement=need.requirement, own_pace=need.own_pace, today=report.as_of) for need in needed
    ]
    valid = data is not None and not any(form.errors for form in forms)
    paces = {form.requirement: form.chosen_pace for form in forms} if valid else {}
    plans = [form.plan for form in forms if form.plan] if valid else []
    context = {
        "nav": "portfolio",
        "category": category,
        "forms": forms,
        "own": outlook.outlook_page(person, report, needed),
        "tried": outlook.outlook_page(person, report, needed, paces=paces, plans=plans) if valid else None,
    }
    return render(request, "applications/gap_plan.html", context, status=422 if data and not valid else 200)


@require_safe
@of_category
def gap_pdf(request: SignedInRequest, category: Category) -> HttpResponse:
    """The report on paper, made while one waits: it is bounded whatever the size of the portfolio."""
    if not limits.allow(f"gap-paper:{request.user.pk}", limit=PAPERS_MAX, seconds=PAPERS_SECONDS):
        return too_many_requests(request)
    person = person_of(request.user)
    report = gap.own_report(person, category)
    page = outlook.outlook_page(person, report, outlook.hours_needed(report))
    content = gap_paper.render(person, category, report, page)
    name = f"gap-report-{category.slug}-{report.as_of.isoformat()}.pdf"
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(
        content, content_type="application/pdf", headers={**HEADERS, "Content-Disposition": disposition}
    )


@require_safe
def gap_index(request: SignedInRequest) -> HttpResponse:
    context = {"nav": "portfolio", "licenses": gap_overview.standing_per_license(person_of(request.user))}
    return render(request, "applications/gap_index.html", context)


@require_safe
def gap_needs(request: SignedInRequest) -> HttpResponse:
    form = LicenseFilterForm(request.GET)
    rows = gap_overview.nearest_first(person_of(request.user), form.license_code())
    context = {"nav": "portfolio", "filter_form": form, "rows": rows}
    return render(request, "applications/gap_needs.html", context)


@require_safe
def gap_compare(request: SignedInRequest) -> HttpResponse:
    categories = gap_overview.open_categories()
    form = CompareForm(_chosen(request, categories), categories=categories)
    context = {"nav": "portfolio", "form": form, "comparison": None}
    if not form.is_valid():
        return render(request, "applications/gap_compare.html", context, status=422)
    by_code = {category.code: category for category in categories}
    first, second = (by_code[form.cleaned_data[name]] for name in ("first", "second"))
    context["comparison"] = gap_overview.compared(person_of(request.user), first, second)
    return render(request, "applications/gap_compare.html", context)


def _chosen(request: SignedInRequest, categories: list[Category]) -> dict[str, str]:
    """`?categories=IFS,ECFS` or the two fields of the form; without either, the first role that both licenses have."""
    if not request.GET:
        return dict(zip(("first", "second"), gap_overview.twins(categories), strict=True))
    named = ",".join(request.GET.getlist("categories")).split(",")
    pair = dict(zip(("first", "second"), (code.strip() for code in named), strict=False)) if named[0] else {}
    return pair | {name: request.GET[name] for name in ("first", "second") if name in request.GET}
