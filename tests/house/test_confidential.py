"""Ratings, reviews, reviewers' names and unreleased words: planted everywhere, seen nowhere by applicants and peers.

Threat 2. Every page that can be reached by links is read, in every status, with downloads, copies of mail and the
packet taken apart.
"""

import io
import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from applications.actions import packets
from applications.enums import PacketKind, Status
from applications.models import Application, Decision, Packet, Rating, Reference, ReviewAssignment, ReviewMark
from competencies.queries.portable import to_portable
from endorsement_portal.files.rendering import Press
from endorsement_portal.outbox.models import InAppMessage, OutgoingMessage
from members.models import Person, User
from tests.house.forms_on import found_on
from tests.house.world import House

CANARY = re.compile(r"CANARY-[a-z]+-\d+")
STARTS = (
    "/home/",
    "/applications/",
    "/portfolio/",
    "/messages/",
    "/cohorts/mine/",
    "/me/",
    "/endorsements/",
    "/reviews/",
)
PAGES_MAX = 260


@pytest.fixture
def planted(house: House) -> House:
    """A value of its own in every confidential column, and reviewers' names that stand nowhere else."""
    columns = {
        Rating: ("comment", "explanation", "typed_name"),
        Reference: ("decline_note",),
        ReviewAssignment: ("summary", "decline_reason"),
        ReviewMark: ("note",),
        Decision: ("message",),
    }
    for model, names in columns.items():
        rows = model.objects.all()  # type: ignore[attr-defined]
        for row in rows.filter(released_at=None) if model is Decision else rows:
            values = {name: f"CANARY-{name.replace('_', '')}-{row.pk}" for name in names}
            model.objects.filter(pk=row.pk).update(**values)  # type: ignore[attr-defined]
    for user in (house.reviewer, house.other_reviewer):
        Person.objects.filter(user=user).update(name=f"CANARY-reviewer-{user.pk}")
    return house


def signed_in(user: User | None) -> Client:
    assert user is not None
    client = Client()
    client.force_login(user)
    return client


def text_of_pdf(content: bytes) -> str:
    """Everything in a PDF: unpacked streams, dictionaries, metadata."""
    parts = [content]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream):
                parts.append(repr(dict(thing)).encode())
                try:
                    parts.append(thing.read_bytes())
                except pikepdf.PdfError:
                    parts.append(thing.read_raw_bytes())
            else:
                parts.append(repr(thing).encode())
    return b"\n".join(parts).decode("utf-8", "replace")


def seen_by(client: Client, starts: Iterable[str], *, follow: bool = True) -> dict[str, str]:
    """Address -> canary, of all that can be reached."""
    todo, known, leaks = list(starts), set(), {}
    while todo and len(known) < PAGES_MAX:
        address = todo.pop(0)
        if address in known:
            continue
        known.add(address)
        response = client.get(address)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        shown = text_of_pdf(content) if content.startswith(b"%PDF-") else content.decode("utf-8", "replace")
        found = CANARY.search(shown + str(response.headers))
        if found:
            leaks[address] = found[0]
        if follow:
            links = found_on(shown)[1] if "html" in response.get("Content-Type", "") else []
            for link in [*links, response.get("Location", "")]:
                target = urlsplit(urljoin(f"http://testserver{address}", link))
                if link and target.netloc == "testserver":
                    todo.append(target.path + (f"?{target.query}" if target.query else ""))
    assert len(known) > (30 if follow else 5), "the crawl went nowhere"
    return leaks


@pytest.mark.parametrize("who", ["owner", "peer", "judged", "rater's account"])
def test_nothing_confidential_is_on_any_page_within_reach(planted, who):
    mentor = planted.stage.raters.mentor
    person = {"owner": planted.owner, "peer": planted.peer, "judged": planted.decision.application.person}.get(
        who, mentor
    )
    if person.user is None:
        person.user = User.objects.create(email=person.email)
        person.save()
    assert seen_by(signed_in(person.user), [*STARTS, f"/cohorts/{planted.cohort.uuid}/"]) == {}


def test_nothing_confidential_is_on_the_applicants_pages_in_any_status(planted):
    application = planted.decision.application
    client = signed_in(application.person.user)
    names = ("hub", "references", "messages", "check", "category", "selection", "withdraw")
    addresses = [reverse(f"applications:{name}", args=[application.uuid]) for name in names]
    addresses += [reverse("applications:confirmation", args=[application.uuid, 1]), "/home/", "/applications/"]
    for status in Status:
        Application.objects.filter(pk=application.pk).update(status=status)
        assert seen_by(client, addresses, follow=False) == {}, status


def test_the_search_of_a_page_does_not_tell_whether_a_rating_is_there(planted):
    client = signed_in(planted.owner.user)
    for address in ("/messages/", "/portfolio/training/", f"/cohorts/{planted.cohort.uuid}/threads/", "/registry/"):
        for name in ("q", "search", "text"):
            answer = client.get(address, {name: "CANARY"})
            assert answer.status_code == 200
            assert CANARY.search(answer.content.decode()) is None


def test_the_applicants_packet_holds_nothing_of_the_ratings_and_the_reviewers_does(planted, monkeypatch):
    """Fonts are cut to glyph numbers, so the words are read where they go in; the bytes where they come out."""
    pages: list[str] = []
    lay_out = Press.layout
    monkeypatch.setattr(Press, "layout", lambda press, html, **more: pages.append(html) or lay_out(press, html, **more))
    texts = {}
    for packet in Packet.objects.filter(submission__application=planted.application):
        pages.clear()
        texts[packet.kind] = text_of_pdf(packets.make(packet).content) + "".join(pages)
    assert CANARY.search(texts.pop(PacketKind.APPLICANT)) is None
    assert CANARY.search(texts[PacketKind.REVIEWERS]), "the search would find one"


def test_the_portable_portfolio_holds_nothing_of_the_ratings(planted):
    for person in (planted.owner, planted.decision.application.person):
        assert CANARY.search(str(to_portable(person))) is None


def test_no_mail_and_no_copy_carries_a_rating(planted):
    for message in OutgoingMessage.objects.all():
        assert CANARY.search(str(message.context)) is None, message.kind
    for copy in InAppMessage.objects.all():
        assert CANARY.search(copy.subject + copy.body) is None, copy.kind
