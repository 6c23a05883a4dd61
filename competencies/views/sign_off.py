"""A provider without an account: a private link, the sessions that wait, one signature.

A GET of the link changes nothing, so mail scanners may open it. The POST exchanges it for an hour in this browser, and
from then on the secret stands in no address.
"""

import datetime
import uuid
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from competencies.actions import supervision
from competencies.forms.sign_off import SignOffForm
from competencies.models import SignOffRequest
from competencies.queries import providers
from competencies.views.entry_pages import add_refusals
from endorsement_portal.links import queries as links
from endorsement_portal.links.models import PrivateLink
from endorsement_portal.web import limits
from endorsement_portal.workflow import NotAllowed

SESSION_KEY = "sign_off"
OPEN_FOR = datetime.timedelta(minutes=60)
ROWS_MAX = 100
"""Sessions on one page; the rest follow after the signature."""
LOOKUPS_MAX = 120
LOOKUPS_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Opened:
    link: PrivateLink
    request: SignOffRequest


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def landing(request: HttpRequest, token: str) -> HttpResponse:
    if not limits.allow(f"sign-off:{_client(request)}", limit=LOOKUPS_MAX, seconds=LOOKUPS_SECONDS):
        return _ended(request, status=429)
    link = links.resolve(purpose=supervision.PURPOSE, token=token)
    asked = providers.request_of(link.object_uuid) if link else None
    if link is None or asked is None:
        return _ended(request)
    if request.method == "POST":
        _remember(request, link)
        return redirect("sign_off:sessions")
    people = providers.asking_people(asked.provider)
    return render(request, "sign_off/landing.html", {"asked": asked, "link": link, "people": people})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    opened = _opened(request)
    if opened is None:
        return _ended(request)
    waiting = list(providers.open_sessions(opened.request.provider))
    data = request.POST if request.method == "POST" else None
    form = SignOffForm(data, sessions=waiting[:ROWS_MAX])
    if data is not None and form.is_valid():
        try:
            signed = _sign(opened, form)
        except NotAllowed as refused:
            add_refusals(form, refused)
        else:
            _say_skipped(request, len(signed.skipped) + form.gone)
            return redirect("sign_off:done", signed.sign_off.uuid)
    page = {"opened": opened, "form": form, "waiting": len(waiting), "statement": supervision.statement()}
    earlier = providers.sign_offs_of(opened.request.provider)[:5]
    return render(request, "sign_off/sessions.html", page | {"earlier": earlier})


@login_not_required
@require_safe
def done(request: HttpRequest, uuid: uuid.UUID) -> HttpResponse:
    opened = _opened(request)
    sign_off = providers.sign_off_page(opened.request.provider, uuid) if opened else None
    if opened is None or sign_off is None:
        return _ended(request)
    left = providers.open_sessions(opened.request.provider).count()
    return render(request, "sign_off/done.html", {"opened": opened, "sign_off": sign_off, "left": left})


def _sign(opened: Opened, form: SignOffForm) -> supervision.Signed:
    return supervision.sign(
        request=opened.request,
        link=opened.link,
        answers=form.answers(),
        typed_name=form.cleaned_data["typed_name"],
    )


def _say_skipped(request: HttpRequest, number: int) -> None:
    if number:
        words = ngettext(
            "%(n)d session changed while you were reading and was left out.",
            "%(n)d sessions changed while you were reading and were left out.",
            number,
        )
        messages.warning(request, words % {"n": number})


def _remember(request: HttpRequest, link: PrivateLink) -> None:
    if not request.user.is_authenticated:
        request.session.cycle_key()
    until = timezone.now() + OPEN_FOR
    request.session[SESSION_KEY] = {"link": str(link.uuid), "until": until.isoformat()}


def _opened(request: HttpRequest) -> Opened | None:
    """What this browser may answer: the hour is not over, and the link still lives."""
    kept = request.session.get(SESSION_KEY)
    if kept is None:
        return None
    now = timezone.now()
    link = links.by_uuid(kept["link"])
    over = datetime.datetime.fromisoformat(kept["until"]) <= now
    if over or link is None or link.revoked_at is not None or link.expires_at <= now:
        return None
    asked = providers.request_of(link.object_uuid)
    return Opened(link, asked) if asked else None


def _ended(request: HttpRequest, status: int = 404) -> HttpResponse:
    """One page for every link that opens nothing: unknown, expired, withdrawn, or an hour that is over."""
    return render(request, "sign_off/ended.html", status=status)


def _client(request: HttpRequest) -> str:
    return str(get_adapter().get_client_ip(request))
