"""/me/: what people say about themselves."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from endorsement_portal.web import drafts
from members import queries
from members.actions import people
from members.forms import ProfileForm
from members.middleware import ZONE_KEY
from members.requests import SignedInRequest

DRAFT = "members:profile"


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: SignedInRequest) -> HttpResponse:
    person = queries.person_of(request.user)
    draft = drafts.load(request.user, DRAFT)
    form = ProfileForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and form.is_valid():
        people.change_profile(person=person, by=request.user, **form.cleaned_data)
        drafts.discard(request.user, DRAFT)
        messages.success(request, _("Saved."))
        request.session[ZONE_KEY] = person.time_zone
        response = redirect("members:profile")
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, person.language, samesite="Lax", httponly=True)
        return response
    form.initial.update(drafts.bound_initial(ProfileForm, draft))
    context = {"form": form, "person": person, "draft": draft, "form_key": DRAFT}
    return render(request, "members/profile.html", context, status=422 if form.errors else 200)
