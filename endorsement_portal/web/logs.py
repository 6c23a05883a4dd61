"""Each line of the log carries the id of its request, so that a person's number leads to what happened.

No line carries a private address: whoever reads the log could walk through it.
"""

from __future__ import annotations

import logging
import re

from endorsement_portal.audit import context

PRIVATE_ADDRESS = re.compile(
    r"""(/(?:r|s|messages/stop|password/reset/key|confirm-email)/)(?!sessions/|done/|[0-9a-f-]{36}/)[^/\s?"'\\]+"""
)


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = context.request_id.get() or "-"
        return True


class PrivateAddressFilter(logging.Filter):
    """Django logs the path of every refused request, and the secret of a private link stands in its path."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if PRIVATE_ADDRESS.search(message):
            record.msg, record.args = PRIVATE_ADDRESS.sub(r"\1***", message), ()
        return True
