"""Building a mail from its row, at the moment it is sent: in the reader's language, with its private links put in."""

from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from premailer import Premailer

from endorsement_portal.links import actions as links
from endorsement_portal.links import queries as link_queries
from endorsement_portal.outbox import twin, unsubscribe, values
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.outbox.plain import defused, one_line, printable
from endorsement_portal.web.addresses import absolute

SUBJECT_MAX = 200


class LinkClosed(Exception):
    """The private link of a message no longer opens: the message has lost its purpose."""


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    html: str
    text: str
    body: str
    link: str


def render(message: OutgoingMessage) -> Rendered:
    """The mail. Raises LinkClosed, or whatever a broken template raises."""
    html = _html(message, values.Showing(_own_address(), defused, _private_address))
    parts = twin.parts_of(html)
    return Rendered(one_line(parts.subject, SUBJECT_MAX), _inlined(html), parts.text, parts.body, parts.link)


def render_copy(message: OutgoingMessage, copy_uuid: UUID) -> Rendered:
    """The copy in the portal. It is stored, so private links lead through the portal and no secret stands in it."""
    follow = absolute("outbox:follow", copy_uuid)
    html = _html(message, values.Showing(_own_address(), printable, lambda _placeholder: follow))
    parts = twin.parts_of(html)
    link = parts.link.removeprefix(_own_address()) if parts.link.startswith(f"{_own_address()}/") else ""
    return Rendered(one_line(parts.subject, SUBJECT_MAX), html, parts.text, parts.body, link)


def mail_of(message: OutgoingMessage, rendered: Rendered) -> EmailMultiAlternatives:
    """The finished mail with its fixed Message-ID; raises when Django refuses an address or a header."""
    headers = {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}
    if not message.required and message.user_id:
        headers["List-Unsubscribe"] = f"<{unsubscribe.address(message)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMultiAlternatives(
        subject=rendered.subject, body=rendered.text, to=[_mailbox(message.to_name, message.to_email)], headers=headers
    )
    mail.attach_alternative(rendered.html, "text/html")
    mail.message()  # builds and checks every header now, while it is still certain that nothing has been sent
    return mail


def _mailbox(name: str, email: str) -> str:
    escaped = one_line(name).replace("\\", "").replace('"', "'")
    return f'"{escaped}" <{email}>' if escaped else email


def _own_address() -> str:
    return settings.PUBLIC_ADDRESS.rstrip("/")


def _html(message: OutgoingMessage, showing: values.Showing) -> str:
    context = values.shown(message.context, showing)
    context["to_name"] = showing.text(message.to_name)
    if not message.required and message.user_id:
        context["unsubscribe_address"] = unsubscribe.address(message)
    with translation.override(message.language), timezone.override(None):
        return render_to_string(f"emails/{message.template}.html", context)


def _private_address(placeholder: dict[str, str]) -> str:
    link = link_queries.by_uuid(placeholder["private_link"])
    if link is None or link.revoked_at or link.expires_at <= timezone.now():
        raise LinkClosed
    return links.address_of(link, placeholder["url_name"])


def private_address(message: OutgoingMessage | None) -> str:
    """Where the message's private link leads now. Raises LinkClosed when there is none that opens."""
    placeholders = values.links_in(message.context) if message else []
    if not placeholders:
        raise LinkClosed
    return _private_address(placeholders[0])


@cache
def _css() -> str:
    return (settings.BASE_DIR / "static" / "css" / "email.css").read_text(encoding="utf-8")


def _inlined(html: str) -> str:
    """Classes as attributes, because mail programs drop style sheets. Nothing is fetched."""
    inlined: str = Premailer(
        html,
        css_text=_css(),
        allow_network=False,
        disable_link_rewrites=True,
        disable_validation=True,
        disable_leftover_css=False,
        remove_classes=False,  # what cannot be inlined (dark theme, narrow screens) still finds its elements
        include_star_selectors=False,
        cssutils_logging_level="CRITICAL",
    ).transform()
    return f"<!doctype html>\n{inlined}"
