"""Mail transports that note what they took in a file: one whole line for each mail, or none."""

import os
import time
from pathlib import Path

from django.core.mail.backends.base import BaseEmailBackend

SECONDS_EACH_SIDE = 0.003
"""The line to a mail server takes its time, before and after it has taken the mail: kills must fall there too."""


class Sink(BaseEmailBackend):
    def send_messages(self, email_messages) -> int:
        for mail in email_messages:
            time.sleep(SECONDS_EACH_SIDE)
            _note(mail.extra_headers["Message-ID"])
            time.sleep(SECONDS_EACH_SIDE)
        return len(email_messages)


class AnsweringSink(Sink):
    def was_sent(self, message_id: str) -> bool:
        return message_id in taken(Path(os.environ["FAULT_SINK_FILE"]))


def _note(message_id: str) -> None:
    sink = os.open(os.environ["FAULT_SINK_FILE"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(sink, f"{message_id}\n".encode())
    os.close(sink)


def taken(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []
