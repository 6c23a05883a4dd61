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

from endorsement_portal.files.models import ScanState, StoredFile

logger = logging.getLogger(__name__)

CHUNK = 64 * 1024
TIMEOUT_SECONDS = 20
SWEEP_MAX = 50


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


def settle(stored_file: StoredFile) -> bool:
    """Scan a stored file that no scan has seen. False when the scanner gave no answer."""
    with stored_file.content.open("rb") as handle:
        state = scan(handle)
    if state == ScanState.NOT_SCANNED:
        return False
    stored_file.scan_state = state
    stored_file.save(update_fields=["scan_state"])
    return True


def settle_waiting() -> int:
    """The sweep, when a scanner is set up: what it has not seen, the oldest first; how many it answered for.

    Ends at the first that gets no answer: a scanner that is down is asked again in a minute, not for every file.
    """
    if not is_set_up():
        return 0
    answered = 0
    for stored_file in StoredFile.objects.filter(scan_state=ScanState.NOT_SCANNED).order_by("created_at")[:SWEEP_MAX]:
        try:
            if not settle(stored_file):
                break
        except FileNotFoundError:  # the invariants tell staff; the files behind it are not made to wait for it
            logger.exception("The blob of file %s is gone", stored_file.uuid)
        else:
            answered += 1
    return answered


def lets_go(stored_file: StoredFile) -> bool:
    """Whether a file may be given out as it stands: found clean, or, where no scanner is set up, not held back."""
    if is_set_up():
        return stored_file.scan_state == ScanState.CLEAN
    return stored_file.scan_state != ScanState.QUARANTINED


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
