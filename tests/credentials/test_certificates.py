"""Certificates: made by a job from a pending row, one tagged page, downloaded by those who may."""

import datetime
import uuid
from datetime import timedelta

import page as page_validation
import pikepdf
import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from credentials import tasks
from credentials.actions import certificates
from credentials.certificate import html_of, render
from credentials.models import Certificate
from credentials.rules import may_download
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.files.models import StoredFile
from tests.factories.credentials import EndorsementFactory


@pytest.fixture
def endorsement(association, applicant):
    return EndorsementFactory(
        association=association, person=applicant, code="7KMP2QRSTV9W", holder_name="Márén Oakhill-Łukasz"
    )


@pytest.fixture
def pending(endorsement):
    return Certificate.objects.create(endorsement=endorsement)


def read(answer):
    """Whether a PDF was sent; reading it to its end closes the file."""
    return answer.streaming and b"".join(answer.streaming_content).startswith(b"%PDF")


def state(certificate):
    certificate.refresh_from_db()
    return certificate.state, certificate.attempts


def test_a_request_counts_versions(endorsement):
    assert [certificates.request(endorsement=endorsement).version for _time in range(2)] == [1, 2]


def test_the_job_makes_what_is_pending(pending, now):
    assert certificates.issue_pending(now=now) == 1
    assert state(pending) == ("ready", 1)
    assert pending.file.content_type == "application/pdf"
    assert pending.file.name == "endorsement-7KMP2QRSTV9W.pdf"
    assert AuditEvent.objects.get(verb="certificate.issued").data == {"sha256": pending.file.sha256, "version": 1}
    assert certificates.issue_pending(now=now) == 0
    assert StoredFile.objects.count() == 1


def test_the_task_is_the_same_act(pending):
    assert tasks.issue_pending_certificates() == 1


def test_a_row_that_is_being_made_is_left_alone(pending, now):
    Certificate.objects.update(lease_until=now + timedelta(seconds=1))
    assert certificates.issue_pending(now=now) == 0
    assert certificates.issue_pending(now=now + timedelta(seconds=1)) == 1


def test_two_workers_never_make_one_twice(pending, now, monkeypatch):
    """The other worker takes the row after we looked."""
    real = certificates.Certificate.objects.filter

    def stolen(*arguments, **wanted):
        if "pk" in wanted and arguments:
            real(pk=wanted["pk"]).update(lease_until=now + timedelta(minutes=5))
        return real(*arguments, **wanted)

    monkeypatch.setattr(certificates.Certificate.objects, "filter", stolen)
    assert certificates.issue_pending(now=now) == 0


def test_a_failure_waits_longer_each_time_and_then_asks_for_a_person(pending, now, monkeypatch):
    monkeypatch.setattr(certificates, "render", lambda _endorsement: 1 / 0)
    at = now
    for attempt in range(1, certificates.ATTEMPTS_MAX):
        assert certificates.issue_pending(now=at) == 0
        assert state(pending) == ("pending", attempt)
        assert pending.lease_until == at + timedelta(seconds=30 * 2**attempt)
        at = pending.lease_until
    certificates.issue_pending(now=at)
    assert state(pending) == ("failed", certificates.ATTEMPTS_MAX)
    assert pending.error == "ZeroDivisionError: division by zero"
    assert certificates.issue_pending(now=at + timedelta(days=1)) == 0


def test_the_certificate_is_one_tagged_page(endorsement, tmp_path):
    content = render(endorsement)
    path = tmp_path / "certificate.pdf"
    path.write_bytes(content)
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 1
    assert page_validation.validate_pdf(str(path), profile="ua1").is_compliant
    assert render(endorsement) == content


def test_what_the_certificate_says(endorsement, settings):
    settings.PUBLIC_ADDRESS = "https://endorsement.example.org"
    text = html_of(endorsement)
    for words in (
        "Márén Oakhill-Łukasz",
        "Infant Family Specialist",
        "Mon, June 2, 2025",
        "Fri, December 31, 2027",
        "7KMP-2QRS-TV9W",
        "https://endorsement.example.org/verify/7KMP2QRSTV9W/",
        "data:image/svg+xml",
    ):
        assert words in text
    endorsement.emerging_until = datetime.date(2027, 12, 31)
    assert "as emerging" in html_of(endorsement)


def test_a_name_cannot_reach_outside(endorsement):
    endorsement.holder_name = '<img src="file:///etc/passwd"><script>x</script>'
    assert "<script>" not in html_of(endorsement)
    assert render(endorsement).startswith(b"%PDF")


def test_who_may_download(client, settings, pending, endorsement, now, other_applicant, coordinator, other_coordinator):
    settings.STAFF_MFA_REQUIRED = False
    address = reverse("credentials:certificate", args=[endorsement.uuid])
    client.force_login(endorsement.person.user)
    assert client.get(address).status_code == 404
    certificates.issue_pending(now=now)
    for user, expected in (
        (endorsement.person.user, 200),
        (coordinator, 200),
        (other_applicant.user, 404),
        (other_coordinator, 404),
    ):
        client.force_login(user)
        answer = client.get(address)
        assert (answer.status_code, read(answer)) == (expected, expected == 200)
    client.force_login(coordinator)
    assert client.get(reverse("credentials:certificate", args=[uuid.uuid4()])).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def test_a_download_is_an_attachment(client, pending, endorsement, now):
    certificates.issue_pending(now=now)
    client.force_login(endorsement.person.user)
    answer = client.get(reverse("credentials:certificate", args=[endorsement.uuid]))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="endorsement-7KMP2QRSTV9W.pdf"'
    assert read(answer)


def test_nobody_signed_out_may_download(endorsement):
    assert may_download(AnonymousUser(), endorsement) is False
