"""What the log never says: the secret of a private link, whatever became of the request."""

import io
import logging

import pytest
from django.test import Client

from endorsement_portal.web.logs import PrivateAddressFilter

SECRET = "mn7ENw5SrsUPSNoQZmjIMJxS314hlPXwuQJanJoL1I4"


@pytest.fixture
def written():
    """What the configured handler writes, level and filters included."""
    stream = io.StringIO()
    handler = next(row for row in logging.getLogger().handlers if row.name == "console")
    before = handler.setStream(stream)
    yield stream
    handler.setStream(before)


@pytest.mark.parametrize("address", ["/r/{}/", "/s/{}/", "/messages/stop/{}/"])
@pytest.mark.django_db
def test_a_refused_private_address_is_logged_without_its_secret(written, address):
    path = address.format(SECRET)
    assert Client().get(path).status_code == 404
    Client(enforce_csrf_checks=True).post(path, {"go": "form"})
    said = written.getvalue()
    assert f"Not Found: {address.format('***')}" in said
    assert SECRET not in said


@pytest.mark.django_db
def test_a_report_of_the_browser_is_logged_without_its_secret(written):
    body = f'{{"csp-report": {{"document-uri": "https://example.org/r/{SECRET}/"}}}}'
    Client().post("/csp-report/", body, content_type="application/csp-report")
    assert "Content security policy report" in written.getvalue()
    assert SECRET not in written.getvalue()


@pytest.mark.parametrize(
    "path",
    ["/r/8d7b9a52-1111-4111-8111-0123456789ab/questions/", "/s/sessions/", "/s/done/x/", "/registry/", "/reviews/x/"],
)
def test_other_addresses_stay_as_they_are(path):
    record = logging.LogRecord("a", logging.WARNING, "a.py", 1, "%s: %s", ("Not Found", path), None)
    assert PrivateAddressFilter().filter(record) is True
    assert record.getMessage() == f"Not Found: {path}"
