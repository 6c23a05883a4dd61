"""Whether a file is ours and unchanged. Only its digest is looked at; nothing is kept."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from applications.enums import PacketKind, PacketState
from applications.models import Packet
from credentials.enums import CertificateState
from credentials.models import Certificate

SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer. It names no person: whoever holds the file can read it, and nobody else learns anything."""

    sha256: str
    ours: bool
    what: str = ""
    """submission, reviewers or certificate."""
    association: str = ""
    issued_at: datetime.datetime | None = None
    reference_number: str = ""
    """For the command line; the public page does not show it."""


def digest(chunks: Iterable[bytes]) -> str:
    """SHA-256 of a file that comes in pieces, in hexadecimal."""
    found = hashlib.sha256()
    for chunk in chunks:
        found.update(chunk)
    return found.hexdigest()


def cleaned(typed: str) -> str:
    """A checksum as people paste it: with spaces, colons or capitals. Empty when it is none."""
    text = re.sub(r"[\s:\-]", "", typed).lower()
    return text if SHA256.fullmatch(text) else ""


def verify(sha256: str) -> Verdict:
    packet = (
        Packet.objects.filter(sha256=sha256, state=PacketState.READY)
        .select_related("submission__application__association")
        .first()
    )
    if packet is not None:
        application = packet.submission.application
        return Verdict(
            sha256=sha256,
            ours=True,
            what="submission" if packet.kind == PacketKind.APPLICANT else "reviewers",
            association=application.association.name,
            issued_at=packet.submission.submitted_at,
            reference_number=application.reference_number,
        )
    certificate = (
        Certificate.objects.filter(file__sha256=sha256, state=CertificateState.READY)
        .select_related("endorsement__association")
        .first()
    )
    if certificate is not None:
        return Verdict(
            sha256=sha256,
            ours=True,
            what="certificate",
            association=certificate.endorsement.association.name,
            issued_at=certificate.created_at,
            reference_number=certificate.endorsement.code,
        )
    return Verdict(sha256=sha256, ours=False)
