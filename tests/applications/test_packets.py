"""Packets: from the snapshot alone, the same bytes each time, honest about attachments, built once by lease."""

import dataclasses
import datetime
import hashlib
import io
import json
import time

import page
import pikepdf
import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.actions import packets, submission
from applications.enums import PacketKind, PacketState
from applications.models import Packet
from applications.packet.assemble import Unreadable, assemble, image_as_pdf, page_count
from applications.packet.contents import contents
from applications.packet.render import render
from applications.tasks import build_packet, build_pending_packets
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.files.models import StoredFile
from endorsement_portal.files.rendering import NothingOutside
from endorsement_portal.outbox.models import OutgoingMessage
from tests.applications import packet_samples as samples
from tests.applications.packet_desk import small_submission
from tests.benchmarks.speed import allowed
from tests.factories.applications import ApplicationFactory
from tests.factories.cohorts import CohortFactory, EnrolmentFactory
from tests.factories.journeys import ready_application

DIGEST = "ab" * 32


# --- Pages without a database -------------------------------------------------------------------


def pages_of(trainings=12, sessions=8, blobs=()):
    """Contents with their attachments counted, and what reads them."""
    kinds = {b"%PDF": "application/pdf", b"\x89PNG": "image/png", b"\xff\xd8\xff\xe0": "image/jpeg"}
    rows = [
        samples.file_row(blob, entry=f"t{number}", content_type=kinds[blob[:4]])
        for number, blob in enumerate(blobs, start=1)
    ]
    made = contents(samples.snapshot(trainings=trainings, sessions=sessions, files=rows), DIGEST)
    by_digest = {row["sha256"]: blob for row, blob in zip(rows, blobs, strict=True)}
    counted = tuple(
        dataclasses.replace(item, pages=page_count(by_digest[item.sha256], item.content_type))
        for item in made.attachments
    )
    return dataclasses.replace(made, attachments=counted), lambda item: by_digest[item.sha256]


def built(**values):
    made, read = pages_of(**values)
    rendered = render(made, identifier="x")
    return rendered, assemble(rendered, read)


def text_of(content):
    """All that can be read in a PDF without a viewer: every stream and string, unpacked."""
    found = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream):
                try:
                    found.append(item.read_bytes())
                except pikepdf.PdfError:
                    found.append(item.read_raw_bytes())
                found.append(item.stream_dict.unparse())
            else:
                found.append(item.unparse() if hasattr(item, "unparse") else repr(item).encode())
    return b"\n".join(found)


def test_the_same_snapshot_gives_the_same_pages_and_bytes():
    blobs = (samples.pdf_bytes(2), samples.png_bytes(), samples.jpeg_bytes())
    first, second = built(blobs=blobs), built(blobs=blobs)
    assert first[0].content == second[0].content
    assert first[1].content == second[1].content


def test_own_pages_are_valid_pdf_ua(tmp_path):
    rendered, _ = built(blobs=(samples.pdf_bytes(1),))
    file = tmp_path / "own.pdf"
    file.write_bytes(rendered.content)
    found = page.validate_pdf(str(file), profile="ua1")
    assert [str(failure) for failure in found.failures] == []
    assert found.is_compliant


def test_a_packet_without_attachments_keeps_the_mark(tmp_path):
    rendered, assembled = built()
    assert assembled.content == rendered.content
    file = tmp_path / "packet.pdf"
    file.write_bytes(assembled.content)
    assert page.validate_pdf(str(file), profile="ua1").is_compliant


def test_a_packet_with_attachments_does_not_claim_to_be_tagged_throughout():
    _, assembled = built(blobs=(samples.pdf_bytes(2),))
    with pikepdf.open(io.BytesIO(assembled.content)) as pdf:
        metadata = bytes(pdf.Root.Metadata.read_bytes())
        assert b"pdfuaid:part" not in metadata
        assert "/StructTreeRoot" in pdf.Root
        appended = pdf.pages[-1].obj
        assert [key for key in ("/StructParents", "/Tabs") if key in appended] == []


def test_tags_of_an_attachment_do_not_collide_with_ours():
    own, _ = built()
    rendered, assembled = built(blobs=(own.content,))
    with pikepdf.open(io.BytesIO(assembled.content)) as pdf:
        numbers = [int(page.obj.StructParents) for page in pdf.pages if "/StructParents" in page.obj]
        annotations = [
            int(annotation.StructParent)
            for page in pdf.pages
            for annotation in page.obj.get("/Annots", [])
            if "/StructParent" in annotation
        ]
    assert len(numbers) == len(set(numbers)) == rendered.own_pages + 1
    assert len(annotations) == len(set(annotations))


def test_attachments_stand_behind_their_dividers_where_the_contents_say():
    blobs = (samples.pdf_bytes(3, "Alpha"), samples.png_bytes(), samples.pdf_bytes(2, "Gamma"))
    rendered, assembled = built(blobs=blobs)
    items = rendered.contents.attachments
    own = rendered.own_pages
    assert [(item.number, item.first_page, item.pages, item.last_page) for item in items] == [
        (1, own + 1, 3, own + 4),
        (2, own + 5, 1, own + 6),
        (3, own + 7, 2, own + 9),
    ]
    assert assembled.pages == own + 9
    with pikepdf.open(io.BytesIO(assembled.content)) as pdf:
        texts = [pdf.pages[number].Contents.read_bytes() for number in (own + 1, own + 7)]
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root[0].children]
    assert b"(Alpha, page 1)" in texts[0]
    assert b"(Gamma, page 1)" in texts[1]
    assert titles[-3:] == ["Attachment 1", "Attachment 2", "Attachment 3"]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize(
    "blob",
    [
        samples.png_bytes(),
        samples.png_bytes(mode="RGBA"),
        samples.png_bytes(mode="L"),
        samples.png_bytes(300, 900),
        samples.jpeg_bytes(),
        samples.jpeg_bytes(900, 300),
    ],
)
def test_an_image_becomes_one_page(blob):
    made = image_as_pdf(blob)
    assert made == image_as_pdf(blob)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert len(pdf.pages) == 1


def test_what_cannot_be_opened_has_no_pages_and_is_said_to_be_left_out():
    broken = b"%PDF-1.7 not really"
    rendered, assembled = built(blobs=(broken, samples.pdf_bytes(1)))
    assert [item.pages for item in rendered.contents.attachments] == [0, 1]
    assert assembled.pages == rendered.own_pages + 3


def test_a_blob_that_changed_stops_the_packet():
    made, _ = pages_of(blobs=(samples.pdf_bytes(2),))
    rendered = render(made, identifier="x")
    with pytest.raises(Unreadable):
        assemble(rendered, lambda item: samples.pdf_bytes(5))
    with pytest.raises(Unreadable):
        assemble(rendered, lambda item: b"%PDF-1.7 not really")


def test_a_snapshot_without_entries_makes_a_packet():
    snapshot = samples.snapshot(trainings=0, sessions=0)
    snapshot["portfolio"] = {**snapshot["portfolio"], "education": [], "licences": [], "work": [], "providers": []}
    snapshot |= {"memberships": [], "signatures": [], "answers": [], "coverage": [], "overlay": None}
    snapshot["declaration"] = {"text": "", "typed_name": ""}
    for finding in snapshot["findings"]:
        finding |= {"counted": [], "uncounted": []}
    made = contents(snapshot, DIGEST)
    assert (made.trainings, made.overlay, made.checksum[:9]) == ((), "", "abab abab")
    assert render(made, identifier="x", paper="a4").own_pages > 5


def test_each_entry_stands_with_what_it_gave_or_its_reason():
    made = contents(samples.snapshot(trainings=10, sessions=7), DIGEST)
    rows = {row.title.rpartition(" ")[2]: row for row in made.trainings}
    assert (rows["9"].counted, rows["9"].reason) == (0, "The ages do not fit this license")
    assert (rows["10"].counted, rows["10"].reason) == (120, "")
    assert made.training_minutes == sum(row.minutes for row in made.trainings)
    named = [row.provider for row in made.sessions]
    assert named.count("No named provider") == 1
    assert [row.number for row in made.requirements] == [1, 2, 3, 4, 5, 6]


def test_unknown_codes_are_shown_as_they_are():
    snapshot = samples.snapshot(trainings=2, sessions=1)
    snapshot["findings"][0]["uncounted"] = [{"entry": "gone", "minutes": 0, "reason": "new_reason", "detail": ""}]
    snapshot["findings"][3]["parts"] = [
        {"key": "about_own_provision", "have_minutes": 0, "need_minutes": 60, "met": False}
    ]
    made = contents(snapshot, DIGEST)
    assert [(row.title, row.reason) for row in made.requirements[0].entries][-1] == ("gone", "new_reason")
    assert made.requirements[3].parts[0].label == "About giving RSC to others"


def test_a_job_is_described_by_what_is_known_of_it():
    snapshot = samples.snapshot(trainings=1, sessions=1)
    job = snapshot["portfolio"]["work"][0]
    job |= {
        "hours_per_week": None,
        "families_served": 0,
        "paid": False,
        "supervised": False,
        "ages": [],
        "to": "2020-12-31",
    }
    row = contents(snapshot, DIGEST).work[0]
    assert row.details == "Direct service to young children and their families; unpaid"
    assert row.dates == "2019-01-01 to 2020-12-31"


def lines_of(content: bytes) -> list[list[str]]:
    """What is printed on each page, line by line."""
    with pypdfium2.PdfDocument(content) as pdf:
        return [page.get_textpage().get_text_range().splitlines() for page in pdf]


@pytest.mark.parametrize("blobs", [(), (samples.pdf_bytes(3),), (samples.pdf_bytes(2), samples.png_bytes())])
def test_printed_numbers_of_pages_are_those_of_the_finished_file(blobs):
    rendered, assembled = built(trainings=30, sessions=10, blobs=blobs)
    printed = lines_of(assembled.content)
    dividers = [attachment.first_page for attachment in rendered.contents.attachments]
    ours = [*range(2, rendered.own_pages + 1), *dividers]
    foot = [printed[number - 1][-1].partition("Page ")[2] for number in ours]
    assert foot == [f"{number} of {assembled.pages}" for number in ours]
    assert f"Pages {assembled.pages}" in printed[0]
    listed = [line for line in printed[1] if line.startswith("Attachment ")]
    assert [int(line.rpartition(" ")[2]) for line in listed] == dividers


HOSTILE = [
    "file:///etc/passwd",
    "http://169.254.169.254/latest",
    "ftp://example.org/x",
    "//example.org/x",
    "app-font:../../etc/passwd",
    "app-font:missing.woff2",
]


@pytest.mark.parametrize("address", HOSTILE)
def test_the_renderer_reaches_nothing_outside(address):
    with pytest.raises((ValueError, OSError)):
        NothingOutside().fetch(address)


def test_the_renderer_knows_its_fonts_and_data():
    font = NothingOutside().fetch("app-font:literata-latin-wght-normal.woff2")
    assert font.headers["Content-Type"] == "font/woff2"
    assert NothingOutside().fetch("data:text/plain,hello").read() == b"hello"


def test_hostile_text_is_only_text():
    """Every field that reaches a packet holds markup that would fetch, embed or run."""
    evil = '<img src="file:///etc/passwd"><link rel=attachment href="file:///etc/passwd"><a href="javascript:x">y</a>'
    snapshot = samples.snapshot(trainings=3, sessions=2)
    snapshot["portfolio"]["member"]["name"] = evil
    for row in snapshot["portfolio"]["training"]:
        row["title"] = row["organiser"] = evil
    snapshot["declaration"]["text"] = evil
    rendered = render(contents(snapshot, DIGEST), identifier="x")
    with pikepdf.open(io.BytesIO(rendered.content)) as pdf:
        assert "/EmbeddedFiles" not in pdf.Root.get("/Names", {})
        assert b"root:x:0" not in text_of(rendered.content)
        links = [
            str(annotation.A.URI)
            for item in pdf.pages
            for annotation in item.obj.get("/Annots", [])
            if "/A" in annotation and "/URI" in annotation.A
        ]
    assert links == []


@pytest.mark.measured
def test_three_hundred_trainings_and_twenty_attachments_take_seconds():
    """Ten seconds of the processor, on a machine as fast as the one that the limit was set on."""
    blobs = tuple(
        samples.pdf_bytes(1 + number % 7, f"Paper {number}") if number % 4 else samples.png_bytes(640 + number)
        for number in range(1, 21)
    )
    began = time.process_time()
    _, assembled = built(trainings=300, sessions=60, blobs=blobs)
    assert time.process_time() - began < allowed(10)
    assert assembled.pages > 100


# --- Rows ---------------------------------------------------------------------------------------

database = pytest.mark.django_db


@pytest.fixture
def sent(association, now):
    """A submission with its two packets waiting."""
    seat = EnrolmentFactory(cohort=CohortFactory(association=association))
    return small_submission(ApplicationFactory(enrolment=seat, submitted=True), now)


@pytest.fixture
def packet(sent):
    return sent.packets.get(kind=PacketKind.APPLICANT)


def fail(monkeypatch):
    def broken(*args, **values):
        raise ValueError("no ink")

    monkeypatch.setattr(packets, "render", broken)


@database
def test_building(packet, now):
    done = packets.build(packet_uuid=packet.uuid, now=now)
    packet.refresh_from_db()
    with packet.file.content.open("rb") as handle:
        content = handle.read()
    assert (done.pk, packet.state, packet.progress, packet.lease_token) == (packet.pk, PacketState.READY, 100, "")
    assert packet.sha256 == hashlib.sha256(content).hexdigest() == packet.file.sha256
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == packet.pages == packet.file.pages
    assert OutgoingMessage.objects.filter(key=f"packet:{packet.uuid}:ready").count() == 1
    assert AuditEvent.objects.filter(verb="packet.built").count() == 1


@database
def test_a_real_submission_becomes_a_packet(association, now):
    application = ready_application(association=association)
    by = application.person.user
    made = submission.submit(application=application, by=by, declaration=application.person.name, now=now)
    for packet in made.packets.all():
        packets.build(packet_uuid=packet.uuid)
    assert set(made.packets.values_list("state", "error")) == {(PacketState.READY, "")}
    snapshot = json.loads(made.snapshot)
    pages = contents(snapshot, made.snapshot_sha256)
    assert (pages.who, len(pages.trainings), len(pages.sessions)) == ("Maren Oakhill", 20, 30)
    assert (pages.ratings_received, pages.ratings_needed) == (3, 3)
    work = next(row for row in pages.requirements if row.key == "work")
    assert [row.title for row in work.entries if row.counts] == [pages.work[0].title]
    assert [row.title for row in pages.trainings if not row.counted and not row.reason] == []
    assert pages.sessions[0].vouched == "Stated by the member"


@database
def test_building_twice_does_nothing_twice(packet):
    packets.build(packet_uuid=packet.uuid)
    assert packets.build(packet_uuid=packet.uuid) is None
    assert StoredFile.objects.filter(content_type="application/pdf").count() == 1


@database
def test_two_builds_of_one_snapshot_are_the_same_bytes(packet):
    taken = packets.take(packet_uuid=packet.uuid)
    assert packets.make(taken).sha256 == packets.make(taken).sha256


@database
def test_the_reviewers_packet_holds_the_ratings_and_is_announced_to_nobody(sent):
    packet = sent.packets.get(kind=PacketKind.REVIEWERS)
    packets.build(packet_uuid=packet.uuid)
    packet.refresh_from_db()
    assert packet.state == PacketState.READY
    assert not OutgoingMessage.objects.filter(kind="packet_ready").exists()


@database
def test_somebody_elses_lease_is_respected_until_it_ends(packet, now):
    assert packets.take(packet_uuid=packet.uuid, now=now) is not None
    assert packets.take(packet_uuid=packet.uuid, now=now + packets.LEASE / 2) is None
    again = packets.take(packet_uuid=packet.uuid, now=now + packets.LEASE)
    assert (again.attempts, again.state) == (2, PacketState.BUILDING)


@database
def test_a_fault_waits_longer_each_time_and_ends(packet, now, monkeypatch):
    fail(monkeypatch)
    pauses, moment = [], now
    for _attempt in range(packets.ATTEMPTS_MAX):
        packets.build(packet_uuid=packet.uuid, now=moment)
        packet.refresh_from_db()
        if packet.lease_until:
            pauses.append((packet.lease_until - moment).total_seconds())
            assert packets.build(packet_uuid=packet.uuid, now=moment) is None
            moment = packet.lease_until
    assert pauses == [30, 60, 120, 240]
    assert (packet.state, packet.error) == (PacketState.DEAD, "ValueError: no ink")
    assert AuditEvent.objects.filter(verb="packet.dead").count() == 1
    assert packets.build(packet_uuid=packet.uuid, now=moment + datetime.timedelta(days=1)) is None


@database
def test_a_dead_packet_can_be_tried_again(packet, now, monkeypatch):
    Packet.objects.filter(pk=packet.pk).update(state=PacketState.DEAD, attempts=packets.ATTEMPTS_MAX)
    packets.retry(packet=packet)
    packets.build(packet_uuid=packet.uuid)
    packet.refresh_from_db()
    assert packet.state == PacketState.READY


@database
def test_a_packet_whose_builders_all_vanished_is_dead(packet, now):
    Packet.objects.filter(pk=packet.pk).update(
        state=PacketState.BUILDING, attempts=packets.ATTEMPTS_MAX, lease_until=now - datetime.timedelta(seconds=1)
    )
    assert packets.build(packet_uuid=packet.uuid, now=now) is None
    packet.refresh_from_db()
    assert (packet.state, packet.error) == (PacketState.DEAD, "The builder vanished")


@database
def test_a_builder_that_lost_its_lease_leaves_nothing(packet, monkeypatch):
    def steal(made, **values):
        Packet.objects.filter(pk=packet.pk).update(lease_token="somebody-else")
        return packets.Built(content=b"%PDF-", pages=1, sha256="0" * 64)

    monkeypatch.setattr(packets, "make", steal)
    before = set(_blobs())
    assert packets.build(packet_uuid=packet.uuid) is None
    packet.refresh_from_db()
    assert (packet.state, packet.file, set(_blobs())) == (PacketState.BUILDING, None, before)


def _blobs(folder=""):
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _blobs(f"{folder}/{name}".strip("/"))


@database
@pytest.mark.parametrize("harm", ["bytes", "row"])
def test_a_file_that_is_not_what_was_submitted_stops_the_packet(packet, harm):
    row = samples.file_row(samples.pdf_bytes(1), entry="t1")
    stored = packets.store_generated(samples.pdf_bytes(1), name="t1.pdf", content_type="application/pdf")
    changed = packet.submission.snapshot.replace(
        '"files":[]', f'"files":[{json.dumps(row | {"uuid": str(stored.uuid)})}]'
    )
    type(packet.submission).objects.filter(pk=packet.submission_id).update(snapshot=changed)
    if harm == "bytes":
        with default_storage.open(stored.content.name, "wb") as handle:
            handle.write(samples.pdf_bytes(2))
    else:
        StoredFile.objects.filter(pk=stored.pk).update(sha256="0" * 64)
    packets.build(packet_uuid=packet.uuid)
    packet.refresh_from_db()
    assert packet.state == PacketState.PENDING
    assert "is not what was submitted" in packet.error


@database
def test_tasks_and_sweep_take_what_waits(sent):
    first, second = sent.packets.order_by("pk")
    build_packet(str(first.uuid))
    build_pending_packets()
    assert set(Packet.objects.values_list("state", flat=True)) == {PacketState.READY}
    assert packets.build_pending() == 0
    assert second.pk != first.pk


# --- Pages --------------------------------------------------------------------------------------


@pytest.fixture
def mine(client, sent):
    client.force_login(sent.application.person.user)
    return client


def address(name, packet):
    return reverse(f"applications:{name}", args=[packet.submission.application.uuid, packet.uuid])


@database
def test_the_page_shows_progress_and_asks_again(mine, packet):
    Packet.objects.filter(pk=packet.pk).update(state=PacketState.BUILDING, progress=40)
    text = mine.get(address("packet", packet)).content.decode()
    assert 'value="40"' in text
    assert address("packet_progress", packet) in text
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in text
    assert mine.get(address("packet_file", packet)).status_code == 404


@database
def test_the_finished_packet_is_downloaded_as_an_attachment(mine, packet):
    packets.build(packet_uuid=packet.uuid)
    fragment = mine.get(address("packet_progress", packet)).content.decode()
    assert "hx-get" not in fragment
    response = mine.get(address("packet_file", packet))
    content = b"".join(response.streaming_content)
    packet.refresh_from_db()
    assert hashlib.sha256(content).hexdigest() == packet.sha256
    assert response.headers["Content-Disposition"].startswith("attachment")


@database
def test_a_dead_packet_says_so(mine, packet):
    Packet.objects.filter(pk=packet.pk).update(state=PacketState.DEAD)
    assert "could not be made" in mine.get(address("packet", packet)).content.decode()


@database
@pytest.mark.parametrize("name", ["packet", "packet_progress", "packet_file"])
def test_nobody_else_reaches_a_packet(client, packet, sent, other_applicant, name):
    assert client.get(address(name, packet)).status_code == 302
    client.force_login(other_applicant.user)
    assert client.get(address(name, packet)).status_code == 404
    reviewers = sent.packets.get(kind=PacketKind.REVIEWERS)
    packets.build(packet_uuid=reviewers.uuid)
    client.force_login(sent.application.person.user)
    assert client.get(address(name, reviewers)).status_code == 404


@database
def test_the_page_takes_few_queries(mine, packet):
    mine.get(address("packet", packet))
    with CaptureQueriesContext(connection) as caught:
        mine.get(address("packet", packet))
    assert len(caught) <= 8
