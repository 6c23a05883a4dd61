"""Whether a file is ours: the commands, and the public page. Only the digest is looked at."""

import hashlib
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from applications.actions import packets
from applications.enums import PacketKind, PacketState
from applications.models import Packet
from applications.packet.verify import Verdict, cleaned, digest, verify
from credentials.models import Certificate
from endorsement_portal.files.intake import store_generated
from endorsement_portal.files.models import StoredFile
from tests.applications.packet_desk import small_submission
from tests.factories.applications import ApplicationFactory
from tests.factories.credentials import EndorsementFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/packet/check/"


@pytest.fixture
def sent(db, now):
    return small_submission(ApplicationFactory(submitted=True, reference_number="PR-26S-0417"), now)


@pytest.fixture
def file(sent, tmp_path):
    """The packet as `build_packet` writes it."""
    out = tmp_path / "packet.pdf"
    call_command("build_packet", "PR-26S-0417", "--out", str(out), stdout=io.StringIO())
    return out


def told(*args):
    out = io.StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


def test_the_command_writes_the_stored_bytes(sent, file):
    packet = sent.packets.get(kind=PacketKind.APPLICANT)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == packet.sha256
    again = file.with_name("again.pdf")
    assert packet.sha256 in told("build_packet", str(sent.application.uuid), "--out", str(again))
    assert again.read_bytes() == file.read_bytes()
    assert sorted(path.name for path in file.parent.iterdir()) == ["again.pdf", "packet.pdf"]


def test_the_command_knows_its_own(file):
    assert told("verify_packet", str(file)).startswith("Ours and unchanged: submission PR-26S-0417, ")


def test_one_changed_byte_is_noticed(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(CommandError, match="Not ours, or changed"):
        call_command("verify_packet", str(file))


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("verify_packet", str(tmp_path / "none.pdf"))


@pytest.mark.parametrize(
    ("application", "words"),
    [("PR-00X-0000", "There is no application"), ("00000000-0000-4000-8000-000000000000", "There is no application")],
)
def test_an_unknown_application_is_said(application, words, tmp_path):
    with pytest.raises(CommandError, match=words):
        call_command("build_packet", application, "--out", str(tmp_path / "x.pdf"))
    assert list(tmp_path.iterdir()) == []


def test_a_draft_has_no_packet(tmp_path):
    ApplicationFactory(reference_number="PR-26S-0001")
    with pytest.raises(CommandError, match="has not been submitted"):
        call_command("build_packet", "PR-26S-0001", "--out", str(tmp_path / "x.pdf"))


def test_a_folder_that_is_not_there_is_said_before_anything_is_built(sent, tmp_path):
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("build_packet", "PR-26S-0417", "--out", str(tmp_path / "no" / "x.pdf"))
    assert set(sent.packets.values_list("state", flat=True)) == {PacketState.PENDING}


def test_a_file_that_cannot_be_written_is_said(sent, tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(CommandError, match="Cannot write"):
        call_command("build_packet", "PR-26S-0417", "--out", str(tmp_path / "taken"))


def test_a_fault_is_one_line(sent, tmp_path, monkeypatch):
    monkeypatch.setattr(packets, "ATTEMPTS_MAX", 1)
    monkeypatch.setattr(packets, "render", lambda *args, **values: 1 / 0)
    with pytest.raises(CommandError, match="ZeroDivisionError"):
        call_command("build_packet", "PR-26S-0417", "--out", str(tmp_path / "x.pdf"))
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    assert "pages" in told("build_packet", "PR-26S-0417", "--out", str(tmp_path / "x.pdf"))


def test_a_packet_in_other_hands_is_said(sent, tmp_path):
    packets.take(packet_uuid=sent.packets.get(kind=PacketKind.APPLICANT).uuid)
    with pytest.raises(CommandError, match="Another builder"):
        call_command("build_packet", "PR-26S-0417", "--out", str(tmp_path / "x.pdf"))


def test_the_reviewers_packet_by_its_kind(sent, tmp_path):
    out = tmp_path / "reviewers.pdf"
    told("build_packet", "PR-26S-0417", "--out", str(out), "--kind", "reviewers")
    assert told("verify_packet", str(out)).startswith("Ours and unchanged: reviewers ")


def test_a_certificate_is_ours_too():
    endorsement = EndorsementFactory()
    stored = store_generated(b"%PDF- certificate", name="certificate.pdf", content_type="application/pdf")
    Certificate.objects.update_or_create(
        endorsement=endorsement, version=1, defaults={"state": "ready", "file": stored}
    )
    found = verify(stored.sha256)
    assert (found.ours, found.what, found.association) == (True, "certificate", endorsement.association.name)


def test_a_packet_that_is_not_ready_is_not_ours(sent):
    Packet.objects.update(sha256="c" * 64)
    assert verify("c" * 64) == Verdict(sha256="c" * 64, ours=False)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("A" * 64, "a" * 64),
        (" ".join(["abcd"] * 16), "abcd" * 16),
        (":".join(["ab"] * 32), "ab" * 32),
        ("a" * 63, ""),
        ("g" * 64, ""),
        ("", ""),
    ],
)
def test_a_checksum_as_people_paste_it(typed, expected):
    assert cleaned(typed) == expected


def test_a_digest_in_pieces_is_the_digest_of_the_whole():
    assert digest([b"ab", b"c"]) == hashlib.sha256(b"abc").hexdigest()


# --- The public page ----------------------------------------------------------------------------


def upload(content, name="packet.pdf"):
    return {"file": SimpleUploadedFile(name, content), "checksum": ""}


def test_the_page_is_public(client):
    assert reverse("packet_check") == ADDRESS
    assert client.get(ADDRESS).status_code == 200


def test_an_unchanged_packet_is_ours(client, sent, file):
    before = StoredFile.objects.count()
    text = client.post(ADDRESS, upload(file.read_bytes())).content.decode()
    assert "Ours, and unchanged" in text
    assert "A submission packet" in text
    assert [words for words in ("Maren Oakhill", "PR-26S-0417", sent.application.person.name) if words in text] == []
    assert StoredFile.objects.count() == before


def test_a_changed_packet_is_not(client, file):
    assert "Not ours, or changed" in client.post(ADDRESS, upload(file.read_bytes() + b" ")).content.decode()


def test_a_checksum_is_enough(client, sent, file):
    sha256 = sent.packets.get(kind=PacketKind.APPLICANT).sha256
    assert "Ours, and unchanged" in client.post(ADDRESS, {"checksum": sha256.upper()}).content.decode()


@pytest.mark.parametrize("data", [{}, {"checksum": "abc"}, {"checksum": "z" * 64}, {"checksum": "a" * 500}])
def test_nothing_to_check_is_said(client, data):
    response = client.post(ADDRESS, data)
    assert response.status_code == 422
    assert "Not ours" not in response.content.decode()


def test_an_empty_file_is_a_file(client):
    assert "Not ours, or changed" in client.post(ADDRESS, upload(b"")).content.decode()


def test_a_file_larger_than_any_packet_is_refused(client, monkeypatch):
    monkeypatch.setattr("applications.forms.packet_check.BYTES_MAX", 3)
    assert client.post(ADDRESS, upload(b"abcd")).status_code == 422


def test_checking_is_slowed_down(client):
    answers = [client.post(ADDRESS, {"checksum": "a" * 64}).status_code for _ in range(61)]
    assert (set(answers[:60]), answers[60]) == ({200}, 429)
