"""Certificates: a pending row first, the PDF by a job. A row is taken by lease, so two workers never make one twice."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from credentials.certificate import render
from credentials.enums import CertificateState
from credentials.models import Certificate, Endorsement
from endorsement_portal.audit.actions import record
from endorsement_portal.files.intake import store_generated
from endorsement_portal.web.jobs import enqueue

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
ATTEMPTS_MAX = 5
BATCH = 20


def request(*, endorsement: Endorsement) -> Certificate:
    """Ask for a certificate with what is true now. The newest ready version is the one people download."""
    latest = endorsement.certificates.order_by("-version").first()
    certificate = Certificate.objects.create(endorsement=endorsement, version=latest.version + 1 if latest else 1)
    enqueue("credentials.issue_pending_certificates")
    return certificate


def issue_pending(*, now: datetime | None = None) -> int:
    """Make what is pending, at most a batch. Returns how many became ready."""
    now = now or timezone.now()
    due = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    waiting = Certificate.objects.filter(due, state=CertificateState.PENDING).order_by("pk")
    ready = 0
    for key in list(waiting.values_list("pk", flat=True)[:BATCH]):
        taken = Certificate.objects.filter(due, pk=key, state=CertificateState.PENDING).update(
            lease_until=now + LEASE, attempts=F("attempts") + 1
        )
        ready += _issue(key, now) if taken else 0
    return ready


def _issue(key: int, now: datetime) -> int:
    rows = Certificate.objects.select_related("endorsement__category__license", "endorsement__association")
    certificate = rows.get(pk=key)
    endorsement = certificate.endorsement
    try:
        content = render(endorsement)
    except Exception as error:  # whatever went wrong is kept on the row and tried again
        logger.exception("Certificate %s could not be made", certificate.uuid)
        _put_back(certificate, error, now)
        return 0
    with transaction.atomic():
        file = store_generated(content, name=f"endorsement-{endorsement.code}.pdf", content_type="application/pdf")
        Certificate.objects.filter(pk=key, state=CertificateState.PENDING).update(
            state=CertificateState.READY, file=file, lease_until=None, error="", updated_at=now
        )
        record(
            verb="certificate.issued",
            obj=certificate,
            chain=endorsement.association.code,
            data={"sha256": file.sha256, "version": certificate.version},
        )
    return 1


def _put_back(certificate: Certificate, error: Exception, now: datetime) -> None:
    """Wait twice as long after each attempt; after the last one the row asks for a person."""
    last = certificate.attempts >= ATTEMPTS_MAX
    Certificate.objects.filter(pk=certificate.pk).update(
        state=CertificateState.FAILED if last else CertificateState.PENDING,
        lease_until=None if last else now + timedelta(seconds=30 * 2**certificate.attempts),
        error=f"{type(error).__name__}: {error}"[:500],
    )
