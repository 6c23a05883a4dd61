"""Small pictures of first pages: drawn from clean copies, in the limited child, given out under the file's rules."""

import io
from contextlib import closing

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.http import Http404
from PIL import Image

from endorsement_portal import jobs
from endorsement_portal.files import cleaning, intake, previews, storing, tasks
from endorsement_portal.files.draw_preview import EDGE
from endorsement_portal.files.models import Preview, ScanState, StoredFile
from tests.ground import corpus
from tests.ground.scanner import Scanner, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(folder):
    """Nothing of these tests stays in the storage of the others."""


def received(name="certificate.pdf", data=None) -> StoredFile:
    return intake.receive(upload(name, data), by=None)


def drawn(stored: StoredFile) -> Image.Image:
    assert previews.draw(str(stored.uuid)) is True
    with closing(previews.respond(stored)) as response:
        return Image.open(io.BytesIO(b"".join(response.streaming_content)))


def white_pdf(width: float, height: float) -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(width, height))
    return corpus.saved(document)


def test_the_first_page_of_a_pdf_is_drawn():
    picture = drawn(received())
    assert (picture.format, max(picture.size)) == ("JPEG", EDGE)
    darkest, lightest = picture.convert("L").getextrema()
    assert (darkest < 100, lightest) == (True, 255)


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [(612, 792, (371, 480)), (792, 612, (480, 371)), (14400, 3, (480, 1)), (3, 3, (480, 480))],
)
def test_pages_of_every_shape_fit(width, height, size):
    assert drawn(received(data=white_pdf(width, height))).size == size


def test_photos_are_drawn_small_and_see_through_ones_on_white():
    assert drawn(received("a.jpg", corpus.picture_bytes("JPEG"))).size == (480, 320)
    out = io.BytesIO()
    Image.new("RGBA", (60, 30), (0, 0, 0, 0)).save(out, "PNG")
    picture = drawn(received("a.png", out.getvalue()))
    assert (picture.size, picture.getextrema()) == ((480, 240), ((255, 255), (255, 255), (255, 255)))


def test_asking_twice_draws_once():
    stored = received()
    previews.want(stored)
    assert [previews.draw(str(stored.uuid)) for _ in range(2)] == [True, False]
    assert (Preview.objects.get().job_state, StoredFile.objects.count()) == ("done", 2)


def test_only_documents_have_previews():
    previews.want(intake.store_generated(b"a,b", name="log.csv", content_type="text/csv"))
    assert (Preview.objects.count(), previews.draw("00000000-0000-0000-0000-000000000000")) == (0, False)


def test_the_sweep_draws_what_no_nudge_reached():
    stored = [received(), received("a.png", corpus.picture_bytes("PNG"))]
    tasks.draw_pending_previews()
    assert list(Preview.objects.order_by("pk").values_list("file_id", "job_state")) == [
        (one.pk, "done") for one in stored
    ]
    assert previews.draw_pending() == 0


def test_the_nudge_is_sent(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        stored = received()
    assert Preview.objects.get(file=stored).picture.content_type == "image/jpeg"


def test_what_cannot_be_drawn_is_done_without_a_picture():
    stored = received()
    with default_storage.open(stored.content.name, "wb") as handle:
        handle.write(b"%PDF-1.7 and then nothing")
    assert previews.draw(str(stored.uuid)) is True
    preview = Preview.objects.get()
    assert (preview.job_state, preview.picture) == ("done", None)
    with pytest.raises(Http404):
        previews.respond(stored)


def test_no_turn_free_means_later(monkeypatch):
    stored = received()
    monkeypatch.setattr(previews, "in_child", lambda chunks, kind: ({"code": "not_saved"}, b""))
    previews.draw(str(stored.uuid))
    preview = Preview.objects.get()
    assert (preview.job_state, preview.attempts, preview.error) == ("waiting", 1, "NotDrawn: not_saved")


def test_a_worker_that_lost_its_lease_leaves_no_picture(monkeypatch):
    stored = received()

    def stolen(chunks, kind):
        Preview.objects.update(lease_token="somebody else")
        return {"ok": True}, b"picture"

    monkeypatch.setattr(previews, "in_child", stolen)
    assert previews.draw(str(stored.uuid)) is False
    assert (Preview.objects.get().picture, StoredFile.objects.count()) == (None, 1)


def test_a_picture_too_large_to_draw_is_refused_by_the_child(settings):
    stored = received("a.png", corpus.picture_bytes("PNG"))
    settings.UPLOAD_PIXELS_MAX = 100
    with stored.content.open("rb") as handle:
        answer, written = cleaning.in_child(handle.chunks(), "preview-png")
    assert (answer["code"], written) == ("pixels", b"")


def test_nothing_is_drawn_before_the_virus_check_lets_go(settings):
    stored = received()
    settings.CLAMAV_ADDRESS = "127.0.0.1:1"
    assert previews.draw(str(stored.uuid)) is False
    scanner = Scanner()
    settings.CLAMAV_ADDRESS = scanner.address
    tasks.scan_waiting()
    scanner.close()
    stored.refresh_from_db()
    assert (stored.scan_state, previews.draw(str(stored.uuid))) == (ScanState.CLEAN, True)


def test_a_file_held_back_shows_no_picture():
    stored = received()
    drawn(stored)
    StoredFile.objects.filter(pk=stored.pk).update(scan_state=ScanState.QUARANTINED)
    stored.refresh_from_db()
    with pytest.raises(Http404):
        previews.respond(stored)


def test_held_back_files_are_not_drawn():
    stored = received()
    StoredFile.objects.filter(pk=stored.pk).update(scan_state=ScanState.QUARANTINED)
    assert (previews.draw(str(stored.uuid)), previews.draw_pending()) == (False, 0)


def test_a_file_takes_its_picture_along(django_capture_on_commit_callbacks):
    stored = received()
    drawn(stored)
    names = [row.content.name for row in StoredFile.objects.all()]
    with django_capture_on_commit_callbacks(execute=True):
        storing.discard(stored)
    assert (StoredFile.objects.count(), Preview.objects.count()) == (0, 0)
    assert [default_storage.exists(name) for name in names] == [False, False]


def test_five_failures_are_the_end():
    stored = received()
    Preview.objects.update(attempts=jobs.ATTEMPTS_MAX)
    assert previews.draw(str(stored.uuid)) is False
    assert (Preview.objects.get().job_state, str(Preview.objects.get())) == ("dead", "Preview of certificate.pdf")
