"""Bad uploads through a real form over HTTP: a clear message each, no 500, nothing stored, the children stay small."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from endorsement_portal.files import intake
from endorsement_portal.files.models import StoredFile
from endorsement_portal.files.refusals import MESSAGES
from members.models import Membership
from tests.ground import corpus

pytestmark = [pytest.mark.django_db, pytest.mark.faults]

HOSTILE_NAMES = [
    "../../../etc/passwd.pdf",
    "..\\..\\windows\\system32.pdf",
    "a\x00b.pdf",
    "certificate.pdf\x00.exe.pdf",
    "\u202efdp.exe.pdf",
    "x" * 300 + ".pdf",
    "CON.pdf",
    "a\r\nContent-Type: text/html.pdf",
    '"><img src=x onerror=alert(1)>.pdf',
    "%2e%2e%2f.pdf",
    "शिक्षा प्रमाणपत्र.pdf",
    ".pdf",
]


@pytest.fixture
def storage(settings, tmp_path):
    folder = tmp_path / "files"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder), "base_url": None, "file_permissions_mode": 0o600},
        },
    }
    settings.UPLOADS_PER_HOUR = 10_000
    return folder


def stored(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


@pytest.fixture
def send(client, applicant, association, storage):
    client.force_login(applicant.user)
    client.raise_request_exception = False

    def post(name, data, number=""):
        upload = SimpleUploadedFile("x.pdf", data)
        upload._name = name  # as a hostile client would send it, past Django's own cleaning of the test's side
        values = {
            "association": "XX-PR", "kind": "individual", "number": number, "starts_on": "2026-01-01",
            "ends_on": "2026-12-31", "proof": upload,
        }  # fmt: skip
        return client.post(reverse("members:membership_add"), values)

    return post


@pytest.mark.parametrize("case", corpus.REFUSED, ids=lambda case: f"{case.name}-{case.code}")
def test_a_bad_file_gets_its_own_message_and_leaves_nothing(send, storage, case):
    answer = send(case.name, case.make())
    assert answer.status_code == 422
    errors = answer.context["form"].errors["proof"].as_data()
    assert [error.code for error in errors] == [case.code]
    assert len(answer.context["form"].errors["proof"][0]) > 40
    assert (Membership.objects.count(), StoredFile.objects.count(), stored(storage)) == (0, 0, [])


def test_every_message_is_its_own():
    assert len({str(message) for message in MESSAGES.values()}) == len(MESSAGES)


def test_the_message_of_a_large_file_states_limit_and_size(send):
    answer = send("huge.pdf", b"%PDF-1.7\n" + b"\x00" * (40 * 1024 * 1024))
    assert answer.context["form"].errors["proof"] == [
        (
            "This file is 40.0\xa0MB. The limit is 20.0\xa0MB. "
            "Scan in black and white or at 200 dpi, or split it into parts."
        )
    ]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_never_reaches_the_disk_or_a_header(send, storage, client, name):
    answer = send(name, corpus.pdf())
    if answer.status_code == 422:
        assert stored(storage) == []
        return
    assert answer.status_code == 302
    file = StoredFile.objects.get()
    assert stored(storage) == [str(file.uuid)]
    assert all(character.isprintable() for character in file.name)
    download = client.get(reverse("members:membership_proof", args=[Membership.objects.get().uuid]))
    assert download["Content-Disposition"].startswith("attachment; filename")
    assert "\n" not in download["Content-Disposition"]
    download.close()


def test_half_an_upload_is_a_calm_answer(client, applicant, association, storage):
    """The line breaks off in the middle of the file: the body ends before its boundary."""
    client.force_login(applicant.user)
    body = b'--line\r\nContent-Disposition: form-data; name="proof"; filename="a.pdf"\r\n\r\n' + corpus.pdf()[:300]
    answer = client.post(reverse("members:membership_add"), body, content_type="multipart/form-data; boundary=line")
    assert answer.status_code == 422
    assert (StoredFile.objects.count(), stored(storage)) == (0, [])


WEB_PROCESS_WITH_BOMBS = """
import json, resource, threading
import django

django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from endorsement_portal.files import intake
from tests.ground import corpus

bombs = [corpus.nested_bomb(), corpus.object_stream_bomb(), corpus.run_length_chain(), corpus.flate_bomb()] * 2
codes = []

def one(data):
    try:
        intake.inspect(SimpleUploadedFile("bomb.pdf", data))
    except intake.Refused as refused:
        codes.append(str(refused.code))

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
threads = [threading.Thread(target=one, args=(data,)) for data in bombs]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(json.dumps({
    "codes": codes,
    "grown_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before,
    "children_kb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss,
}))
"""


def test_the_web_process_stays_small_while_children_work_on_bombs(settings):
    """Eight bombs at once: each in its child, none of their memory in the serving process, all in time.

    In a process of its own, because the kernel counts what a parent held at the fork as its child's.
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", WEB_PROCESS_WITH_BOMBS],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "endorsement_portal.settings.test"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found = json.loads(done.stdout)
    assert len(found["codes"]) == 8
    assert set(found["codes"]) <= {"bomb", "damaged", "too_complex"}
    assert found["grown_kb"] < 50 * 1024
    assert found["children_kb"] < 512 * 1024


def test_the_largest_photograph_fits_into_the_child():
    """40 megapixels, turned by its EXIF: decoded, turned and written again within the memory limit."""
    import io

    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", (8000, 5000), "gray").save(out, format="JPEG", exif=exif)
    found = intake.inspect(SimpleUploadedFile("large.jpg", out.getvalue()))
    with Image.open(io.BytesIO(found.content)) as picture:
        assert picture.size == (5000, 8000)
