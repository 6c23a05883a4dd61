"""Own data on pages: one click from the portfolio and the account, the download, bringing a portfolio along."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competencies.actions import exporting
from competencies.models import Export, Training
from competencies.queries import own_data as queries
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.jobs import JobState
from tests.competencies.own_data.zips import zipped
from tests.factories.competencies import TrainingFactory

pytestmark = pytest.mark.django_db
PAGE = reverse("portfolio:own_data")
BRING = reverse("portfolio:own_data_bring")


@pytest.fixture
def client(client, applicant):
    client.force_login(applicant.user)
    return client


def text(response) -> str:
    return response.content.decode()


def file(content, name="portfolio.zip") -> dict:
    return {"file": SimpleUploadedFile(name, content)}


@pytest.mark.parametrize("name", ["portfolio:overview", "members:profile"])
def test_one_click_from_the_portfolio_and_the_account(client, name):
    assert f'action="{reverse("portfolio:own_data_make")}"' in text(client.get(reverse(name)))


def test_the_whole_way(client, applicant, django_capture_on_commit_callbacks):
    TrainingFactory(person=applicant)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("portfolio:own_data_make")).url == PAGE
    export = Export.objects.get()
    page = text(client.get(PAGE))
    assert ("Your ZIP is ready" in page, "1 entry" in page) == (True, True)
    response = client.get(reverse("portfolio:own_data_file", args=[export.uuid]))
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
        assert "portfolio.pdf" in archive.namelist()
    assert response["Content-Disposition"] == f'attachment; filename="portfolio-{export.created_at:%Y-%m-%d}.zip"'
    assert response["Cache-Control"] == "no-store, private"
    event = AuditEvent.objects.get(verb="own_data.downloaded")
    assert (event.object_id, event.data) == (str(export.uuid), {"sha256": export.file.sha256})


def test_the_bar_while_it_waits_and_the_page_anew_after(client, applicant):
    export = exporting.ask(person=applicant, by=applicant.user)
    assert "Your ZIP waits to be made" in text(client.get(PAGE))
    address = reverse("portfolio:own_data_progress", args=[export.uuid])
    assert "HX-Refresh" not in client.get(address)
    Export.objects.update(job_state=JobState.WORKING)
    assert "Your ZIP is being made" in text(client.get(address))
    Export.objects.update(job_state=JobState.DEAD)
    assert client.get(address)["HX-Refresh"] == "true"
    assert "The ZIP could not be made" in text(client.get(PAGE))


def test_a_removed_one_is_not_there(client, applicant, now):
    export = exporting.ask(person=applicant, by=applicant.user)
    exporting.run(export_uuid=export.uuid, now=now)
    exporting.remove_expired(now=now + queries.KEPT_FOR)
    assert client.get(reverse("portfolio:own_data_file", args=[export.uuid])).status_code == 404
    assert "Removed" in text(client.get(PAGE))


def test_too_often_says_why(client, applicant):
    for _ in range(queries.PER_DAY_MAX):
        export = exporting.ask(person=applicant, by=applicant.user)
        exporting.run(export_uuid=export.uuid)
    page = text(client.post(reverse("portfolio:own_data_make"), follow=True))
    assert "You have made 5 ZIPs in 24 hours. Download the last one, or come back tomorrow." in page


def test_files_left_out_are_said(client, applicant):
    exporting.run(export_uuid=exporting.ask(person=applicant, by=applicant.user).uuid)
    Export.objects.update(left_out=2)
    assert "2 files could not be put into it" in text(client.get(PAGE))


def test_the_page_costs_the_same_with_many(client, applicant):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PAGE).status_code == 200
        return len(asked)

    Export.objects.create(person=applicant, job_state=JobState.DEAD)
    client.get(PAGE)
    one = cost()
    Export.objects.bulk_create(Export(person=applicant, job_state=JobState.DEAD) for _ in range(29))
    assert cost() == one


def test_bringing_a_zip_along(client, applicant):
    response = client.post(BRING, file(zipped().getvalue()), follow=True)
    assert "3 added, 0 changed, 0 there already." in text(response)
    assert "Imported by you: a coordinator accepts it first." in text(client.get("/portfolio/supervision/"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "portfolio.json: not JSON in UTF-8"),
        (zipped({"../x": b""}).getvalue(), "../x: this name does not belong in such a ZIP"),
        (b'{"format": 1}', "$.format: &#x27;endorsement-portfolio/1&#x27; was expected"),
    ],
)
def test_faults_are_named_and_nothing_is_taken_over(client, content, words):
    response = client.post(BRING, file(content))
    assert response.status_code == 422
    assert words in text(response)
    assert "Nothing of it was taken over." in text(response)
    assert not Training.objects.exists()


def test_many_faults_are_counted(client):
    rows = ", ".join('{"key": "t"}' for _ in range(30))
    data = (
        f'{{"format": "endorsement-portfolio/1", "member": {{"email": "a@b.org", "name": "A"}}, "training": [{rows}]}}'
    )
    assert "70 more faults." in text(client.post(BRING, file(data.encode())))


def test_no_file_an_empty_one_and_a_large_one(client, settings):
    assert "Choose a file." in text(client.post(BRING))
    assert "This file is empty." in text(client.post(BRING, file(b"")))
    settings.UPLOAD_BYTES_MAX = 10
    response = client.post(BRING, file(zipped().getvalue()))
    assert (response.status_code, "The limit is 10" in text(response)) == (422, True)


def test_too_many_tries(client, monkeypatch):
    from competencies.actions import bringing

    monkeypatch.setattr(bringing, "PER_HOUR_MAX", 0)
    response = client.post(BRING, file(zipped().getvalue()))
    assert (response.status_code, "many times within the hour" in text(response)) == (422, True)


def test_another_persons_export_is_not_there(client, other_applicant):
    export = exporting.ask(person=other_applicant, by=other_applicant.user)
    for name in ("own_data_file", "own_data_progress"):
        assert client.get(reverse(f"portfolio:{name}", args=[export.uuid])).status_code == 404
