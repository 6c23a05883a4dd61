"""How much a person stores; what the virus check says, in words; what it had no answer for is asked again."""

import pytest

from endorsement_portal.files import intake, scanning, storing
from endorsement_portal.files.models import ScanState, StoredFile
from endorsement_portal.files.quota import Space, space_of
from endorsement_portal.files.templatetags.file_words import about_file, file_kind, may_open, scan_words
from tests.factories.members import UserFactory
from tests.ground.scanner import Scanner, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(folder):
    return UserFactory()


def test_room_is_what_was_sent_less_what_was_taken_off(user, settings):
    limits = (settings.UPLOAD_TOTAL_BYTES_MAX, settings.UPLOAD_KEPT_BYTES_MAX)
    assert space_of(user) == Space(0, 0, *limits)
    first, second = intake.receive(upload(), by=user), intake.receive(upload(), by=user)
    intake.receive(upload(), by=UserFactory())
    storing.set_aside(first)
    assert space_of(user) == Space(second.size, first.size + second.size, *limits)


def test_removing_makes_room_up_to_a_limit_for_what_is_kept(user, settings):
    size = intake.receive(upload(), by=user).size
    settings.UPLOAD_TOTAL_BYTES_MAX, settings.UPLOAD_KEPT_BYTES_MAX = size, size * 2
    with pytest.raises(intake.Refused) as full:
        intake.receive(upload(), by=user)
    assert full.value.code == "quota"
    storing.set_aside(StoredFile.objects.get())
    storing.set_aside(intake.receive(upload(), by=user))
    with pytest.raises(intake.Refused) as kept:
        intake.receive(upload(), by=user)
    assert (kept.value.code, StoredFile.objects.count()) == ("kept", 2)


@pytest.mark.parametrize(
    ("state", "address", "words", "opens"),
    [
        (ScanState.CLEAN, "", "Checked for viruses.", True),
        (ScanState.CLEAN, "127.0.0.1:1", "Checked for viruses.", True),
        (ScanState.NOT_SCANNED, "", "Not checked for viruses.", True),
        (
            ScanState.NOT_SCANNED, "127.0.0.1:1",
            "Waits for the virus check. It opens as soon as it is found clean.", False,
        ),
        (
            ScanState.QUARANTINED, "",
            "The virus check holds it back. Remove it, check your device, and choose another copy.", False,
        ),
    ],
)  # fmt: skip
def test_the_virus_check_in_words(settings, state, address, words, opens):
    settings.CLAMAV_ADDRESS = address
    stored = StoredFile(scan_state=state)
    assert (scan_words(stored), may_open(stored)) == (words, opens)


def test_a_file_in_words(user):
    stored = intake.receive(upload(), by=user)
    picture = StoredFile(size=2048, created_at=stored.created_at)
    assert about_file(stored).startswith("1 page, ")
    assert (about_file(picture).startswith("2.0\xa0KB, added "), file_kind("image/jpeg")) == (True, "JPEG")


def test_the_sweep_does_nothing_without_a_scanner(user):
    intake.receive(upload(), by=user)
    assert scanning.settle_waiting() == 0


def test_a_scanner_that_is_away_is_asked_once_in_a_sweep(user, settings, monkeypatch):
    for _ in range(2):
        intake.receive(upload(), by=user)
    settings.CLAMAV_ADDRESS = "127.0.0.1:1"
    asked = []
    monkeypatch.setattr(scanning, "scan", lambda handle: asked.append(1) or ScanState.NOT_SCANNED)
    assert (scanning.settle_waiting(), asked) == (0, [1])


def test_a_missing_blob_does_not_hold_up_the_others(user, settings):
    gone, there = intake.receive(upload(), by=user), intake.receive(upload(), by=user)
    gone.content.storage.delete(gone.content.name)
    made = Scanner()
    settings.CLAMAV_ADDRESS = made.address
    assert scanning.settle_waiting() == 1
    made.close()
    there.refresh_from_db()
    assert there.scan_state == ScanState.CLEAN
