"""Mail back end of the demo: each mail is a row that /demo/mail/ shows. It can say whether it has a mail."""

from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import make_msgid

from endorsement_portal.demo.models import DemoMail


class DemoMailBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            DemoMail.objects.create(
                message_id=str(mail.extra_headers.get("Message-ID") or make_msgid())[:200],
                to_email=", ".join(mail.recipients())[:300],
                subject=str(mail.subject)[:300],
                text=str(mail.body),
                html=_html_of(mail),
            )
        return len(email_messages)

    def was_sent(self, message_id: str) -> bool:
        """What the outbox asks after a crash."""
        return DemoMail.objects.filter(message_id=message_id).exists()


def _html_of(mail: EmailMessage) -> str:
    if not isinstance(mail, EmailMultiAlternatives):
        return ""
    return next((str(content) for content, kind in mail.alternatives if kind == "text/html"), "")
