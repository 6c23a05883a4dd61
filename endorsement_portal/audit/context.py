"""Who is at work, where no user and no link says so: the request's id, and the command that runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("audit_request_id", default="")
command: ContextVar[str] = ContextVar("audit_command", default="")


@contextmanager
def acting_as_command(name: str) -> Iterator[None]:
    """Events recorded inside, without a user or a link, name this command as their actor."""
    token = command.set(name)
    try:
        yield
    finally:
        command.reset(token)
