"""What the tests of the outbox share: a template of their own, and transports that fail on request."""

import copy
from pathlib import Path

from django.core.mail.backends.base import BaseEmailBackend

from endorsement_portal.outbox.actions import post
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.outbox.recipients import Recipient

TEMPLATES = Path(__file__).parent / "templates"


def with_test_templates(settings) -> None:
    changed = copy.deepcopy(settings.TEMPLATES)
    changed[0]["DIRS"] = [TEMPLATES, *changed[0]["DIRS"]]
    settings.TEMPLATES = changed


def note(key: str = "note:1", **changes) -> OutgoingMessage | None:
    """One message; `user`, `email`, `name` and `language` describe its reader, the rest goes to post()."""
    user = changes.pop("user", None)
    to = Recipient(
        email=changes.pop("email", user.email if user else "reader@example.org"),
        name=changes.pop("name", "Adaeze Stonebrook"),
        user=user,
        language=changes.pop("language", "en"),
    )
    context = {"who": "Maren", "what": "Please read this.", **changes.pop("context", {})}
    return post(**{"key": key, "kind": "note", "template": "ground_note", "to": to, "context": context, **changes})


class Transport(BaseEmailBackend):
    """Remembers Message-IDs. `fail` maps a moment ("open", "before", "after") to the error raised there."""

    taken: list[str] = []
    fail: dict[str, Exception] = {}
    answer: int | None = 1

    @classmethod
    def reset(cls) -> None:
        cls.taken, cls.fail, cls.answer = [], {}, 1

    def _trip(self, moment: str) -> None:
        if moment in self.fail:
            raise self.fail[moment]

    def open(self) -> None:
        self._trip("open")

    def close(self) -> None:
        self._trip("close")

    def send_messages(self, email_messages) -> int | None:
        self._trip("before")
        if self.answer:
            self.taken.extend(mail.extra_headers["Message-ID"] for mail in email_messages)
        self._trip("after")
        return self.answer


class AnsweringTransport(Transport):
    """Also says whether it has a mail."""

    def was_sent(self, message_id: str) -> bool:
        self._trip("lookup")
        return message_id in self.taken
