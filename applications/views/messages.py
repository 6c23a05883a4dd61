"""The conversation with the coordinators, in the context of one application."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from applications.actions import messages
from applications.forms.applicant import MessageForm
from applications.queries import pages
from endorsement_portal.web import drafts
from endorsement_portal.workflow import NotAllowed
from members.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    application = pages.own_application(request.user, uuid)
    key = f"applications:message:{uuid}"
    draft = drafts.load(request.user, key)
    kept = {"requirement_key": request.GET.get("about", ""), **drafts.bound_initial(MessageForm, draft)}
    form = MessageForm(
        request.POST if request.method == "POST" else None, parts=pages.message_parts(application), initial=kept
    )
    if request.method == "POST" and form.is_valid():
        try:
            messages.write(application=application, by=request.user, **form.cleaned_data)
        except NotAllowed as error:
            form.refuse(error)
        else:
            drafts.discard(request.user, key)
            return redirect("applications:messages", application.uuid)
    if request.method == "GET":
        messages.mark_read(application=application, by=request.user)
    context = {"form": form, "application": application, "association": application.association, "nav": "application",
               "thread": pages.messages_of(application), "draft": draft, "draft_key": key}  # fmt: skip
    return render(request, "applications/messages.html", context)
