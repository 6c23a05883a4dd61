"""Jobs of credentials: nudges, the rows are the truth."""

from celery import shared_task

from credentials.actions import certificates


@shared_task(name="credentials.issue_pending_certificates")
def issue_pending_certificates() -> int:
    return certificates.issue_pending()
