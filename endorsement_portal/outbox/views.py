"""A person's own messages, and which of them also come by mail."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from endorsement_portal.outbox import actions, queries, rendering, unsubscribe
from endorsement_portal.outbox.forms import InboxFilter, PreferencesForm
from endorsement_portal.outbox.models import InAppMessage, MessagePreference
from endorsement_portal.web.paging import page_of

Choice = MessagePreference.Choice


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    form = InboxFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    search, unread_only = asked.get("q", ""), asked.get("unread", False)
    found = queries.inbox(request.user, search=search, unread_only=unread_only)
    context = {
        "form": form,
        "page": page_of(found, request),
        "filtered": bool(search or unread_only),
        "unread": queries.unread_count(request.user),
    }
    return render(request, "outbox/inbox.html", context)


@require_safe
def read(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one message. The first GET notes that it was read: that is what opening a message means to its reader, it
    gives nobody any right, and asking again changes nothing."""
    message = get_object_or_404(InAppMessage.objects.visible_to(request.user), uuid=uuid)
    return render(request, "outbox/read.html", {"message": actions.mark_read(message=message)})


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    assert request.user.is_authenticated
    actions.mark_all_read(user=request.user)
    messages.success(request, _("All messages are marked as read."))
    return redirect("outbox:inbox")


@require_safe
def follow(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Lead a signed-in reader through the private link of their own message; copies here hold no such address."""
    copy = get_object_or_404(InAppMessage.objects.visible_to(request.user), uuid=uuid)
    try:
        return redirect(rendering.private_address(queries.outgoing_of(copy)))
    except rendering.LinkClosed:
        messages.warning(request, _("This link no longer opens. It was replaced, withdrawn or has run out."))
        return redirect("outbox:inbox")


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    assert request.user.is_authenticated
    form = PreferencesForm(_posted(request), choices=queries.choices_of(request.user))
    if not form.is_valid():
        return render(request, "outbox/preferences.html", {"form": form})
    actions.choose_all(user=request.user, kinds=form.kinds, by_mail=set(form.cleaned_data["by_mail"]))
    messages.success(request, _("Your choice is saved."))
    return redirect("outbox:preferences")


def _posted(request: HttpRequest) -> QueryDict | None:
    """The body of a POST, also an empty one: no box ticked is an answer."""
    return request.POST if request.method == "POST" else None


@csrf_exempt  # mail programs post here without a cookie (RFC 8058); the signed address itself is the permission
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button, POST switches the kind off: mail scanners follow links, and must change nothing."""
    message = unsubscribe.message_of(token)
    if message is None or message.user_id is None:
        raise Http404
    if request.method == "POST":
        actions.choose(user_id=message.user_id, kind=message.kind, choice=Choice.PORTAL)
    context = {"kind": queries.kinds.label_of(message.kind), "done": request.method == "POST"}
    return render(request, "outbox/stop.html", context)
