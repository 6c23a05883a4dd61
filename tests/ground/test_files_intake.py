"""Taking files in: the limits around the child, storage, the virus scan, downloads, the sweep."""

import datetime
import errno
import hashlib
import os
import threading
from contextlib import closing
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import Http404
from django.utils import timezone

from endorsement_portal.files import cleaning, downloads, intake, scanning, storing, sweep
from endorsement_portal.files.forms import DocumentField
from endorsement_portal.files.handlers import CappedUploadHandler
from endorsement_portal.files.models import ScanState, StoredFile
from endorsement_portal.files.tasks import sweep_files
from endorsement_portal.workflow import NotAllowed
from tests.factories.members import UserFactory
from tests.ground import corpus
from tests.ground.scanner import EICAR, Scanner, upload


def blobs(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


# --- Receive --------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_good_file_is_stored_clean_with_its_own_hash(folder):
    user = UserFactory()
    stored = intake.receive(upload("../My certificate.PDF"), by=user)
    content = Path(default_storage.path(stored.content.name)).read_bytes()
    assert (stored.name, stored.content_type, stored.pages) == ("My certificate.pdf", "application/pdf", 1)
    assert (stored.sha256, stored.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert stored.uploaded_by == user
    assert stored.scan_state == ScanState.NOT_SCANNED
    assert stored.content.name == f"{str(stored.uuid)[:2]}/{stored.uuid}"
    assert Path(default_storage.path(stored.content.name)).stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db
def test_nobody_in_particular_may_send_a_file(folder):
    assert intake.receive(upload(), by=None).uploaded_by is None


@pytest.mark.django_db
def test_a_heic_photograph_is_stored_as_jpeg(folder):
    stored = intake.receive(upload("IMG_0042.HEIC", corpus.heic_photo()), by=None)
    assert (stored.name, stored.content_type, stored.pages) == ("IMG_0042.jpg", "image/jpeg", None)


@pytest.mark.django_db
def test_a_refused_file_leaves_nothing(folder):
    with pytest.raises(intake.Refused) as refused:
        intake.receive(upload("x.pdf", corpus.HTML), by=UserFactory())
    assert refused.value.code == "web_page"
    assert (StoredFile.objects.count(), blobs(folder)) == (0, [])


def test_the_message_states_the_limit_and_the_files_size(settings):
    size = settings.UPLOAD_BYTES_MAX = len(corpus.pdf())
    assert intake.inspect(upload()).pages == 1
    settings.UPLOAD_BYTES_MAX = size - 1
    with pytest.raises(intake.Refused) as refused:
        intake.inspect(upload())
    assert refused.value.messages == [
        (
            f"This file is {size}\xa0bytes. The limit is {size - 1}\xa0bytes. "
            "Scan in black and white or at 200 dpi, or split it into parts."
        )
    ]


def test_nothing_at_all_is_refused():
    with pytest.raises(intake.Refused) as refused:
        intake.inspect(upload(data=b""))
    assert refused.value.code == "empty"


def test_a_file_without_a_name_is_refused():
    nameless = upload()
    nameless._name = " . "
    with pytest.raises(intake.Refused) as refused:
        intake.inspect(nameless)
    assert refused.value.code == "no_name"


def test_a_wrong_ending_is_told_with_the_right_one():
    with pytest.raises(intake.Refused) as refused:
        intake.inspect(upload("photo.pdf", corpus.picture_bytes("JPEG")))
    assert refused.value.messages == [
        "The name ends in “.pdf”, but the file is really a JPEG picture. Give it the ending .jpg and choose it again."
    ]


@pytest.mark.django_db
def test_too_many_files_in_an_hour(folder, settings):
    settings.UPLOADS_PER_HOUR = 1
    user, other = UserFactory(), UserFactory()
    intake.receive(upload(), by=user)
    with pytest.raises(intake.Refused) as refused:
        intake.receive(upload(), by=user)
    assert refused.value.code == "too_often"
    assert intake.receive(upload(), by=other).uploaded_by == other


@pytest.mark.django_db
def test_all_files_of_one_person_have_a_limit(folder, settings):
    user = UserFactory()
    first = intake.receive(upload(), by=user)
    settings.UPLOAD_TOTAL_BYTES_MAX = first.size * 2 - 1
    with pytest.raises(intake.Refused) as refused:
        intake.receive(upload(), by=user)
    assert refused.value.code == "quota"
    settings.UPLOAD_TOTAL_BYTES_MAX = first.size * 2
    assert intake.receive(upload(), by=user).size == first.size


@pytest.mark.django_db
def test_what_we_make_ourselves_is_stored_as_it_is(folder):
    stored = intake.store_generated(b"%PDF-packet", name="Packet 7.pdf", content_type="application/pdf")
    assert (stored.name, stored.size, stored.scan_state) == ("Packet 7.pdf", 11, ScanState.CLEAN)
    assert intake.store_generated(b"x", name="plain", content_type="text/plain").name == "plain.bin"


# --- The form field -------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_field_inspects_once_and_receive_does_not_repeat_it(folder, monkeypatch):
    cleaned = DocumentField().clean(upload())
    monkeypatch.setattr(intake, "inspect", lambda found: pytest.fail("inspected twice"))
    assert intake.receive(cleaned, by=None).pages == 1
    assert DocumentField().clean(cleaned) is cleaned


def test_the_field_states_its_limits():
    assert DocumentField().help_text == (
        "PDF, JPEG, PNG or HEIC, up to 20.0\xa0MB and 300 pages. Photos from a phone are fine."
    )


def test_the_field_says_why_and_an_optional_one_may_stay_empty():
    with pytest.raises(intake.Refused):
        DocumentField().clean(upload("a.docx", corpus.office("word/document.xml")))
    assert DocumentField(required=False).clean(None) is None


def test_an_empty_file_has_its_own_words():
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="0 bytes"):
        DocumentField().clean(upload(data=b""))


# --- The child ------------------------------------------------------------------------------------------------------
def test_the_child_is_stopped_by_its_memory_limit():
    """The bomb that only a memory limit stops: it sits where the parser itself unpacks."""
    with pytest.raises(intake.Refused) as refused:
        intake.inspect(upload("bomb.pdf", corpus.object_stream_bomb()))
    assert refused.value.code in {"damaged", "bomb", "too_complex"}


def test_the_child_knows_no_secrets(monkeypatch):
    """Its environment is what cleaning says, whatever ours holds."""
    monkeypatch.setenv("SECRET_KEY", "canary")
    assert set(cleaning.ENVIRONMENT) == {"PATH", "LANG", "PYTHONDONTWRITEBYTECODE"}
    seen = {}
    real = cleaning.subprocess.run

    def run(command, **options):
        seen.update(options)
        return real(command, **options)

    monkeypatch.setattr(cleaning.subprocess, "run", run)
    intake.inspect(upload())
    assert seen["env"] == cleaning.ENVIRONMENT


def test_a_child_that_takes_too_long_is_ended(settings, monkeypatch):
    monkeypatch.setattr(cleaning, "CHILD_MODULE", "tests.ground.sleeper")
    settings.FILES_CHILD_CPU_SECONDS = 0.2
    with pytest.raises(intake.Refused) as refused:
        intake.inspect(upload())
    assert refused.value.code == "too_complex"


def test_uploads_take_turns(settings, monkeypatch):
    """When every place is taken for too long, the next one is told to come back."""
    settings.FILES_CHILD_CPU_SECONDS = 0.1
    monkeypatch.setattr(cleaning, "_turn", threading.BoundedSemaphore(1))
    with cleaning._turn, pytest.raises(intake.Refused) as refused:
        intake.inspect(upload())
    assert refused.value.code == "not_saved"


def test_a_child_that_dies_is_a_reason_not_an_error(monkeypatch):
    monkeypatch.setattr(cleaning, "CHILD_MODULE", "tests.ground.no_such_module")
    with pytest.raises(intake.Refused) as refused:
        intake.inspect(upload())
    assert refused.value.code == "too_complex"


def test_a_code_that_nobody_knows_is_called_damaged():
    assert cleaning._refusal({"ok": False, "code": "strange"}).code == "damaged"


def test_a_full_temporary_folder_is_told(monkeypatch):
    def full(*arguments, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(cleaning.Path, "open", full)
    with pytest.raises(intake.Refused) as refused:
        intake.inspect(upload())
    assert refused.value.code == "not_saved"


# --- Storing --------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_full_disk_leaves_no_row_and_no_blob(folder, monkeypatch):
    def full(path):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storing, "make_durable", full)
    with pytest.raises(intake.Refused) as refused:
        intake.receive(upload(), by=None)
    assert refused.value.code == "not_saved"
    assert (StoredFile.objects.count(), blobs(folder)) == (0, [])


@pytest.mark.django_db
def test_a_half_written_blob_is_noticed(folder, monkeypatch):
    monkeypatch.setattr(FileSystemStorage, "size", lambda self, name: 3)
    with pytest.raises(intake.Refused) as refused:
        intake.receive(upload(), by=None)
    assert refused.value.code == "not_saved"
    assert StoredFile.objects.count() == 0


@pytest.mark.django_db
def test_a_storage_that_cannot_even_delete_still_answers(folder, monkeypatch):
    def broken(self, *arguments):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(FileSystemStorage, "save", broken)
    monkeypatch.setattr(FileSystemStorage, "delete", broken)
    with pytest.raises(intake.Refused) as refused:
        intake.receive(upload(), by=None)
    assert refused.value.code == "not_saved"


@pytest.mark.django_db
def test_object_storage_needs_no_flush(settings):
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    stored = intake.receive(upload(), by=None)
    assert default_storage.size(stored.content.name) == stored.size
    assert sweep.remove_orphans() == 0


# --- The upload handler ---------------------------------------------------------------------------------------------
def test_past_the_limit_nothing_more_is_written(settings):
    settings.UPLOAD_BYTES_MAX = 100
    handler = CappedUploadHandler()
    handler.new_file("file", "big.pdf", "application/pdf", 0)
    for start in range(0, 1000, 50):
        handler.receive_data_chunk(b"x" * 50, start)
    file = handler.file_complete(1000)
    assert file.size == 1000
    assert Path(file.temporary_file_path()).stat().st_size == 150
    with pytest.raises(intake.Refused) as refused:
        intake.inspect(file)
    assert refused.value.code == "too_large"
    file.close()


# --- The virus scan -------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_clean_file_is_marked_scanned(folder, scanner):
    assert intake.receive(upload(), by=None).scan_state == ScanState.CLEAN


@pytest.mark.django_db
def test_an_infected_file_is_refused(folder, scanner):
    with pytest.raises(intake.Refused) as refused:
        intake.receive(upload(data=corpus.pdf() + EICAR), by=None)
    assert refused.value.code == "infected"
    assert (StoredFile.objects.count(), blobs(folder)) == (0, [])


@pytest.mark.parametrize(
    "answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: Heuristics.Encrypted.PDF FOUND\0"]
)
def test_an_answer_that_is_neither_yes_nor_no_is_not_scanned(settings, answer):
    made = Scanner(answer)
    settings.CLAMAV_ADDRESS = made.address
    assert scanning.scan(upload()) == ScanState.NOT_SCANNED
    made.close()


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/no/such/socket", "nonsense"])
def test_a_scanner_that_is_away_is_not_scanned(settings, address):
    settings.CLAMAV_ADDRESS = address
    assert scanning.scan(upload()) == ScanState.NOT_SCANNED


def test_a_scanner_behind_a_socket_of_the_machine(settings, tmp_path):
    made = Scanner(path=str(tmp_path / "clamd.sock"))
    settings.CLAMAV_ADDRESS = made.address
    assert scanning.scan(upload()) == ScanState.CLEAN
    made.close()


# --- Downloads ------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_download_is_an_attachment_and_nothing_else(folder):
    stored = intake.receive(upload("Zeugnis für Anna.pdf"), by=None)
    with closing(downloads.respond(stored)) as response:
        assert b"".join(response.streaming_content) == Path(default_storage.path(stored.content.name)).read_bytes()
    assert dict(response.headers) == {
        "Content-Type": "application/pdf",
        "Content-Length": str(stored.size),
        "Content-Disposition": "attachment; filename*=utf-8''Zeugnis%20f%C3%BCr%20Anna.pdf",
        **downloads.HEADERS,
    }
    assert response["Cache-Control"] == "no-store, private"
    assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_file_held_back_is_not_there(folder):
    stored = intake.receive(upload(), by=None)
    stored.scan_state = ScanState.QUARANTINED
    with pytest.raises(NotAllowed, match="found something in this file"):
        downloads.respond(stored)


@pytest.mark.django_db
def test_a_file_no_scan_has_seen_is_scanned_before_it_leaves(folder, settings):
    stored = intake.receive(upload(), by=None)
    settings.CLAMAV_ADDRESS = "127.0.0.1:1"
    with pytest.raises(NotAllowed, match="waits for the virus check"):
        downloads.respond(stored)
    made = Scanner()
    settings.CLAMAV_ADDRESS = made.address
    with closing(downloads.respond(stored)) as response:
        assert response.status_code == 200
    stored.refresh_from_db()
    assert stored.scan_state == ScanState.CLEAN
    made.close()
    with closing(downloads.respond(stored)) as response:
        assert response.status_code == 200


@pytest.mark.django_db
def test_a_file_found_infected_later_is_held_back(folder, settings, scanner):
    settings.CLAMAV_ADDRESS = ""
    stored = storing.store(corpus.pdf() + EICAR, name="a.pdf", content_type="application/pdf")
    settings.CLAMAV_ADDRESS = scanner.address
    with pytest.raises(NotAllowed):
        downloads.respond(stored)
    stored.refresh_from_db()
    assert stored.scan_state == ScanState.QUARANTINED


@pytest.mark.django_db
def test_a_row_without_its_blob_is_404(folder):
    stored = intake.receive(upload(), by=None)
    default_storage.delete(stored.content.name)
    with pytest.raises(Http404):
        downloads.respond(stored)
    assert list(sweep.missing_blobs()) == [stored]


# --- The sweep ------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_sweep_removes_old_blobs_without_rows_and_nothing_else(folder):
    stored = intake.receive(upload(), by=None)
    default_storage.save("ab/ab-old-orphan", ContentFile(b"x"))
    default_storage.save("ab/ab-young-orphan", ContentFile(b"x"))
    default_storage.save("other/kept", ContentFile(b"x"))
    long_ago = (timezone.now() - datetime.timedelta(days=2)).timestamp()
    for name in ("ab/ab-old-orphan", "other/kept", stored.content.name):
        os.utime(default_storage.path(name), (long_ago, long_ago))
    assert sweep.remove_orphans() == 1
    assert sorted(path.name for path in blobs(folder)) == sorted([str(stored.uuid), "ab-young-orphan", "kept"])
    sweep_files()
    assert len(blobs(folder)) == 3


@pytest.mark.django_db
def test_a_storage_that_was_never_used_has_nothing_to_sweep(folder):
    assert sweep.remove_orphans() == 0
