"""A virus scan when one is set up (CLAMAV_ADDRESS): clamd's INSTREAM, spoken here in a few lines.

No answer is never taken for a clean answer: a file that could not be scanned stays "not scanned", and is scanned
again before it is given out (see `downloads`).
"""

from __future__ import annotations

import logging
import socket
import struct
from typing import IO, Any

from django.conf import settings

from endorsement_portal.files.models import ScanState

logger = logging.getLogger(__name__)

CHUNK = 64 * 1024
TIMEOUT_SECONDS = 20


def is_set_up() -> bool:
    return bool(settings.CLAMAV_ADDRESS)


def scan(file: IO[bytes] | Any) -> ScanState:
    """Clean, quarantined, or not scanned: no scanner, no answer, or an answer that is neither yes nor no."""
    if not is_set_up():
        return ScanState.NOT_SCANNED
    try:
        file.seek(0)
        answer = _ask(settings.CLAMAV_ADDRESS, file)
    except (OSError, ValueError):  # ValueError: the address itself is wrong
        logger.exception("The virus scanner did not answer")
        return ScanState.NOT_SCANNED
    if answer.endswith("OK"):
        return ScanState.CLEAN
    if answer.endswith("FOUND") and "Heuristics.Encrypted" not in answer:
        logger.warning("The virus scanner found %s", answer[:200])
        return ScanState.QUARANTINED
    return ScanState.NOT_SCANNED


def _ask(address: str, file: IO[bytes]) -> str:
    with _connect(address) as connection:
        connection.sendall(b"zINSTREAM\0")
        while chunk := file.read(CHUNK):
            connection.sendall(struct.pack("!I", len(chunk)) + chunk)
        connection.sendall(struct.pack("!I", 0))
        answer = b""
        while len(answer) < CHUNK and (part := connection.recv(4096)):
            answer += part
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _connect(address: str) -> socket.socket:
    """`address` is host:port, or the path of a unix socket."""
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(TIMEOUT_SECONDS)
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=TIMEOUT_SECONDS)
