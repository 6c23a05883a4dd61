"""How a coordinator's act is answered: done with a word, or refused with its reasons and everything typed kept."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from coordination.access import StaffRequest
from endorsement_portal.workflow import NotAllowed
from members.models import Association

Row = TypeVar("Row")


def found(row: Row | None) -> Row:
    """The row, or 404: what is not this association's does not exist."""
    if row is None:
        raise Http404
    return row


def list_address(request: HttpRequest, name: str, association: Association) -> str:
    """The list an act was pressed on, with the filters and the page that stood in its address."""
    query = request.GET.urlencode()
    return reverse(name, args=[association.slug]) + (f"?{query}" if query else "")


def act(request: HttpRequest, do: Callable[[], object], *, back: str, done: str) -> HttpResponse:
    """Run an act that needs no words. A refusal shows each reason with its remedy and changes nothing."""
    try:
        do()
    except NotAllowed as refusal:
        for finding in refusal.findings:
            messages.error(request, f"{finding.message} {finding.fix}".strip())
    else:
        messages.success(request, done)
    return redirect(back)


def carried_out(form: forms.Form, do: Callable[[], object]) -> Any:
    """Run an act with what was typed: its row. None: the form says by its fields, or on top, what stands in the way."""
    if not form.is_valid():
        return None
    try:
        return do()
    except NotAllowed as refusal:
        for finding in refusal.findings:
            place = finding.requirement if finding.requirement in form.fields else None
            form.add_error(place, f"{finding.message} {finding.fix}".strip())
        return None


def answer_to(*shown: forms.Form | None) -> int:
    """The status of a page with its forms: 422 when one of them was refused."""
    return 422 if any(form is not None and form.errors for form in shown) else 200


def act_page(
    request: StaffRequest,
    association: Association,
    form: forms.Form,
    do: Callable[[], object],
    *,
    back: str,
    done: str,
    **words: object,
) -> HttpResponse:
    """An act with consequences has a page of its own: what it does, its few words, one button."""
    if request.method == "POST" and carried_out(form, do):
        messages.success(request, done)
        return redirect(back)
    context = {"association": association, "form": form, "back": back, **words}
    return render(request, "coordination/act.html", context, status=answer_to(form))
