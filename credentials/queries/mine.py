"""A person's own endorsements, with their certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Prefetch

from credentials import codes
from credentials.enums import CertificateState, EndorsementStatus
from credentials.models import Certificate, Endorsement, EndorsementEvent
from credentials.queries.endorsements import facts_of, with_facts
from credentials.status import HELD, status_on
from endorsement_portal.files.models import StoredFile
from endorsement_portal.web.dates import day_in
from members.queries import zone_of

if TYPE_CHECKING:
    from members.models import User


@dataclass(frozen=True, slots=True)
class MyEndorsement:
    row: Endorsement
    status: EndorsementStatus
    held: bool
    code: str
    certificate_state: CertificateState | None
    can_download: bool
    events: tuple[EndorsementEvent, ...]


def mine(user: User, now: datetime) -> list[MyEndorsement]:
    """Newest first. The same number of queries for any number of awards."""
    rows = with_facts(Endorsement.objects.visible_to(user).select_related("category__license", "association__settings"))
    certificates = Prefetch("certificates", Certificate.objects.order_by("-version"))
    found = rows.prefetch_related(certificates).order_by("-granted_on", "-pk")
    return [_shown(row, day_in(now, zone_of(row.association))) for row in found]


def _shown(row: Endorsement, today: date) -> MyEndorsement:
    certificates = list(row.certificates.all())
    status = status_on(facts_of(row), today)
    return MyEndorsement(
        row=row,
        status=status,
        held=status in HELD,
        code=codes.grouped(row.code),
        certificate_state=CertificateState(certificates[0].state) if certificates else None,
        can_download=any(certificate.state == CertificateState.READY for certificate in certificates),
        events=tuple(row.events.all()),
    )


def by_uuid(uuid: UUID) -> Endorsement | None:
    """An award, to ask the rules about."""
    return Endorsement.objects.select_related("association", "person").filter(uuid=uuid).first()


def newest_certificate(endorsement: Endorsement) -> StoredFile | None:
    ready = Certificate.objects.filter(endorsement=endorsement, state=CertificateState.READY)
    certificate = ready.select_related("file").order_by("-version").first()
    return certificate.file if certificate else None
