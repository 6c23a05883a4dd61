"""No applicant ever reads a rating (decision 15): canaries in every confidential field, looked for wherever they go."""

import io
import re

import pikepdf
import pytest
from django.core import mail
from django.urls import get_resolver, reverse
from django.utils import timezone

from applications.actions import packets, ratings, submission
from applications.enums import PacketKind, ReferenceState, Status
from applications.models import Application, Rating, Reference
from endorsement_portal.outbox import actions as outbox
from endorsement_portal.outbox.models import InAppMessage, OutgoingMessage
from tests.applications.rating_desk import asked, full, link_of
from tests.factories.journeys import ready_application

pytestmark = pytest.mark.django_db

CANARIES = [f"CANARY{number:02d}" for number in range(12)]
LINK = re.compile(r'(?:href|action|hx-get|src)="(/[^"#]*)"')


def rate_in_secret(application):
    """Ratings by the real way, with a canary in every field that only staff may read."""
    for reference, (comment, explanation, name) in zip(
        application.references.all(), (CANARIES[0:3], CANARIES[3:6], CANARIES[6:9]), strict=True
    ):
        Rating.objects.filter(reference=reference).update(comment=comment, explanation=explanation, typed_name=name)
    application.references.first().ratings.update(recommendation="no")


@pytest.fixture
def application(association):
    application = ready_application(association=association)
    rate_in_secret(application)
    return application


@pytest.fixture
def declined(application):
    """A rater who said no, with a reason and a note."""
    last = application.references.last()
    Reference.objects.filter(pk=last.pk).update(state=ReferenceState.CANCELED)
    reference = asked(application, timezone.now(), slot=last.slot, email="odd@example.org", rater_name="Odd Rater")
    ratings.decline(reference=reference, link=link_of(reference, timezone.now()), reason="conflict", note=CANARIES[9])
    Reference.objects.filter(pk=last.pk).update(state=ReferenceState.RECEIVED)
    return reference


def crawl(client, start):
    """Every page that can be reached by links from `start`, as bytes."""
    seen, waiting = {}, list(start)
    while waiting and len(seen) < 150:
        address = waiting.pop(0)
        if address in seen or address.startswith(("/static/", "/accounts/logout", "/drafts/")):
            continue
        response = client.get(address)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        seen[address] = (content, str(response.headers))
        if response.status_code == 200 and "html" in response.headers.get("Content-Type", ""):
            waiting += LINK.findall(content.decode())
        elif response.status_code in (301, 302):
            waiting.append(response.headers["Location"])
    return seen


def unpacked(content):
    """A PDF's streams and strings, readable."""
    parts = [content]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream):
                parts.append(item.read_raw_bytes())
                try:
                    parts.append(item.read_bytes())
                except pikepdf.PdfError:
                    continue
        parts.append(str(pdf.docinfo).encode())
    return b"\n".join(parts)


def canaries_in(*texts):
    return sorted({canary for text in texts for canary in CANARIES if canary.encode() in text})


def test_the_applicant_meets_no_canary_anywhere(client, application, declined, now):
    by = application.person.user
    sent = submission.submit(application=application, by=by, declaration=application.person.name, now=now)
    for packet in sent.packets.all():
        packets.build(packet_uuid=packet.uuid)
    while outbox.deliver_due().total():
        pass
    client.force_login(by)
    packet = sent.packets.get(kind=PacketKind.APPLICANT)
    start = [
        reverse("home"),
        reverse("applications:hub", args=[application.uuid]),
        reverse("applications:references", args=[application.uuid]),
        reverse("applications:reference_add", args=[application.uuid]),
        reverse("applications:messages", args=[application.uuid]),
        reverse("applications:confirmation", args=[application.uuid, 1]),
        reverse("applications:packet", args=[application.uuid, packet.uuid]),
        reverse("applications:packet_file", args=[application.uuid, packet.uuid]),
    ]
    seen = crawl(client, start)
    assert set(start) <= set(seen)
    assert canaries_in(*(content + headers.encode() for content, headers in seen.values())) == []
    packet.refresh_from_db()
    with packet.file.content.open("rb") as handle:
        assert canaries_in(unpacked(handle.read())) == []
    mine = [
        str(value).encode()
        for row in (*OutgoingMessage.objects.values(), *InAppMessage.objects.values(), *_mail())
        for value in row.values()
    ]
    assert mine
    assert canaries_in(*mine) == []
    assert canaries_in(sent.snapshot.encode()) == []


def _mail():
    return [{"text": f"{message.subject}{message.body}{message.alternatives}"} for message in mail.outbox]


def test_the_reviewers_packet_holds_them_so_the_search_is_no_accident(application, now):
    by = application.person.user
    sent = submission.submit(application=application, by=by, declaration=application.person.name, now=now)
    packet = packets.take(packet_uuid=sent.packets.get(kind=PacketKind.REVIEWERS).uuid)
    html = _reviewers_html(packet)
    assert canaries_in(html) == [CANARIES[number] for number in (0, 1, 3, 4, 6, 7)]


def _reviewers_html(packet):
    from applications import snapshot
    from applications.packet.contents import contents
    from applications.packet.render import html
    from applications.queries.packets import rating_pages

    pages = contents(
        snapshot.read(packet.submission.snapshot),
        packet.submission.snapshot_sha256,
        ratings=rating_pages(packet.submission),
    )
    return html(pages).encode()


@pytest.mark.parametrize("status", Status.values)
def test_in_every_status_the_pages_of_raters_and_hub_are_silent(client, application, declined, now, status):
    Application.objects.filter(pk=application.pk).update(status=status, submitted_at=now)
    client.force_login(application.person.user)
    start = [
        reverse("home"),
        reverse("applications:hub", args=[application.uuid]),
        reverse("applications:references", args=[application.uuid]),
        reverse("applications:messages", args=[application.uuid]),
    ]
    answers = [client.get(address) for address in start]
    assert {answer.status_code for answer in answers} <= {200, 302}
    assert canaries_in(*(answer.content for answer in answers)) == []


def test_no_applicants_page_takes_a_rating_as_its_argument():
    """A route of an applicant names no rating: what has no address cannot be guessed."""
    names = [
        key
        for key in get_resolver().namespace_dict["applications"][1].reverse_dict
        if isinstance(key, str) and "rating" in key
    ]
    assert names == []


def test_the_answers_of_a_rater_are_only_in_their_own_hands(client, application):
    """The rater's receipt shows their words to whoever holds the link, and to nobody who is signed in without it."""
    last = application.references.last()
    Rating.objects.filter(reference=last).delete()
    Reference.objects.filter(pk=last.pk).update(state=ReferenceState.CANCELED)
    now = timezone.now()
    reference = asked(application, now, slot=last.slot)
    link = link_of(reference, now)
    ratings.submit(
        reference=reference, link=link, answers=full(application, comment=CANARIES[11]), seen=0, explanation_asked=False
    )
    client.force_login(application.person.user)
    assert client.get(reverse("rating:done", args=[reference.uuid])).status_code == 404
