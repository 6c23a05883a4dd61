"""The demo's mail page and its sign-in by one click. Mounted only where settings.DEMO is true, never in production."""

from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from endorsement_portal.demo import queries
from endorsement_portal.demo.forms import MailFilter, SignInForm
from endorsement_portal.web.paging import page_of

BACKEND = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    form = MailFilter(request.GET)
    search = form.cleaned_data["q"] if form.is_valid() else ""
    context = {"form": form, "page": page_of(queries.mails(search=search), request), "search": search}
    return render(request, "demo/mail.html", context)


@login_not_required
@require_safe
def mail_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return render(request, "demo/mail_detail.html", {"mail": get_object_or_404(queries.mails(), uuid=uuid)})


@login_not_required
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Become one of the invented people, and arrive where that person would: staff at their desk."""
    form = SignInForm(request.POST)
    if not form.is_valid():
        raise Http404
    login(request, form.cleaned_data["person"].user, backend=BACKEND)
    return redirect(get_adapter().get_login_redirect_url(request))
