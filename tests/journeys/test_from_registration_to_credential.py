"""The whole way, over HTTP alone: a new person registers, learns, applies, is reviewed, endorsed, found in public."""

import datetime
import json
import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications.enums import PacketState, Status
from applications.models import Application, Packet
from competencies.models import Category, SignOffRequest
from coordination.seeding.portfolios import paper
from credentials.models import Certificate, Endorsement
from endorsement_portal.outbox.actions.delivery import deliver_due
from members.models import Person
from tests.journeys.traveler import Traveler, rate, read_mail

PASSWORD = "a-quiet-river-at-dawn"
EMAIL = "calla.driftmere@example.org"


@pytest.fixture
def newcomer(stage):
    """Registers with an address and the code that was mailed there."""
    client = Client()
    sent = client.post(
        reverse("account_signup"),
        {"email": EMAIL, "name": "Calla Driftmere", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert sent.status_code == 302
    deliver_due()
    code = next(
        found.group()
        for message in reversed(mail.outbox)
        if (found := re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", str(message.body)))
    )
    confirmed = client.post(reverse("account_email_verification_sent"), {"code": code})
    assert confirmed.status_code == 302
    person = Person.objects.get(email=EMAIL)
    assert person.name == "Calla Driftmere"
    return Traveler(person, stage, client) if person.user else None


def _desk(stage) -> Client:
    client = Client()
    client.force_login(stage.coordinator)
    return client


def _act(client: Client, name: str, *args: object, data: dict[str, object] | None = None) -> None:
    response = client.post(reverse(name, args=args), data or {})
    assert response.status_code == 302, (name, response.status_code)
    errors = [str(message) for message in client.get(response["Location"]).context["messages"] if message.level >= 40]
    assert errors == []


def test_from_registration_to_credential(newcomer, stage, open_cohort, django_capture_on_commit_callbacks):
    person, slug = newcomer.person, stage.association.slug
    desk = _desk(stage)
    today = timezone.localdate()

    # The first training, before any application, cohort or fee (A1).
    newcomer.act(
        "portfolio:add", "training",
        data={
            "title": "Watching and wondering", "on": (today - datetime.timedelta(days=30)).isoformat(),
            "minutes": "6 h", "topics": "core", "ages": ["0-36"],
        },
    )  # fmt: skip
    training = person.training.get()
    assert (training.minutes, Application.objects.count(), person.enrolments.count()) == (360, 0, 0)

    # Membership: pending until a coordinator confirms.
    newcomer.act(
        "members:membership_add",
        data={
            "association": stage.association.name,
            "kind": "individual",
            "number": "77",
            "proof": paper("Card", "Calla"),
            "starts_on": (today - datetime.timedelta(days=100)).isoformat(),
            "ends_on": (today + datetime.timedelta(days=500)).isoformat(),
        },
    )  # fmt: skip
    membership = person.memberships.get()
    assert membership.state == "pending"
    _act(desk, "coordination:membership_confirm", slug, membership.uuid)
    membership.refresh_from_db()
    assert membership.state == "confirmed"

    # The rest of the portfolio, the provider's one signature, the report.
    category = Category.objects.select_related("license").get(code="IFS")
    stage.fill_portfolio(person, category)
    newcomer.act("portfolio:ask_provider", stage.raters.mentor.uuid)
    _sign_off(stage)
    assert person.supervision.filter(state="confirmed").count() == person.supervision.count()
    assert "24 h" in newcomer.go("gap", "ifs")

    # The quarter: a seat, a word to the peers.
    newcomer.reserve(open_cohort, "IFS")
    newcomer.act("cohorts:thread_new", open_cohort.uuid, data={"title": "Hello", "body": "Glad to be here."})
    assert "Hello" in newcomer.go("cohort_page", open_cohort.uuid)

    # The application.
    application = newcomer.start("IFS")
    for reference in newcomer.ask_raters(application):
        rate(reference, comment="CANARY-a-confidential-word")
    newcomer.sign(application)
    with django_capture_on_commit_callbacks(execute=True):
        newcomer.submit(application)
    packets = {packet.kind: packet for packet in Packet.objects.filter(submission__application=application)}
    assert {kind: packet.state for kind, packet in packets.items()} == {
        "applicant": PacketState.READY, "reviewers": PacketState.READY,
    }  # fmt: skip
    download = newcomer.client.get(
        reverse("applications:packet_file", args=[application.uuid, packets["applicant"].uuid])
    )
    content = b"".join(download.streaming_content)
    assert content.startswith(b"%PDF-")
    _check_the_packet(content)

    # The desk assigns, the reviewer reads and recommends.
    review_due = (today + datetime.timedelta(days=20)).isoformat()
    _act(
        desk, "coordination:application_act", slug, application.uuid, "assign",
        data={"assign-reviewer": str(stage.reviewer.uuid), "assign-due_on": review_due},
    )  # fmt: skip
    _review(stage, application)
    application.refresh_from_db()
    assert application.status == Status.REVIEWED

    # Decided, released, found in public.
    _act(
        desk, "coordination:application_act", slug, application.uuid, "decide",
        data={"decide-outcome": "endorsed", "decide-message": "Welcome!"},
    )  # fmt: skip
    application.refresh_from_db()
    assert application.status == Status.REVIEWED, "recorded is not released"
    decision = application.decisions.get()
    with django_capture_on_commit_callbacks(execute=True):
        _act(desk, "coordination:decision_act", slug, decision.uuid, "release")
    application.refresh_from_db()
    assert application.status == Status.ENDORSED
    endorsement = Endorsement.objects.get(person=person)
    assert Certificate.objects.get(endorsement=endorsement).state == "ready"
    public = Client().get(reverse("credentials:verify", args=[endorsement.code])).content.decode()
    assert "Calla Driftmere" in public
    assert "Infant Family Specialist" in public
    assert "Calla Driftmere" in Client().get(reverse("credentials:registry"), {"search": "calla"}).content.decode()
    _no_confidential_word_reached(newcomer, application, content)


def _sign_off(stage) -> None:
    provider = Client()
    link = read_mail(stage.raters.mentor.email, "s")
    before = list(SignOffRequest.objects.values_list("provider__sign_offs", flat=True))
    assert provider.get(link).status_code == 200
    assert list(SignOffRequest.objects.values_list("provider__sign_offs", flat=True)) == before
    opened = provider.post(link)
    assert opened.status_code == 302
    page = provider.get(opened["Location"])
    form = page.context["form"]
    shown = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in shown.items() if value not in (None, "")}
    data["typed_name"] = stage.raters.mentor.name
    assert provider.post(opened["Location"], data).status_code == 302


def _review(stage, application) -> None:
    reviewer = Client()
    reviewer.force_login(stage.reviewer)
    assignment = application.assignments.get()
    frozen = json.loads(application.submissions.get().snapshot)
    for finding in frozen["findings"]:
        if (finding["required"] or finding["group"]) and finding["stage"] != "award":
            sent = reviewer.post(
                reverse("reviews:mark", args=[assignment.uuid]),
                {"requirement": finding["requirement"], "verdict": "met", "note": "Seen."},
            )
            assert sent.status_code == 302
    assert "CANARY" in reviewer.get(reverse("reviews:ratings", args=[assignment.uuid])).content.decode()
    sent = reviewer.post(
        reverse("reviews:submit", args=[assignment.uuid]), {"recommendation": "endorse", "summary": "All is well."}
    )
    assert sent.status_code == 302


def _check_the_packet(content: bytes) -> None:
    """The public page knows the file, and a changed one not."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    ours = Client().post(reverse("packet_check"), {"file": SimpleUploadedFile("packet.pdf", content)})
    assert "unchanged" in ours.content.decode()
    changed = content[:-20] + bytes([content[-20] ^ 1]) + content[-19:]
    theirs = Client().post(reverse("packet_check"), {"file": SimpleUploadedFile("packet.pdf", changed)})
    assert "not " in theirs.content.decode()


def _no_confidential_word_reached(newcomer, application, packet: bytes) -> None:
    """Not by page, mail, in-app copy or packet."""
    deliver_due()
    for name, args in {
        "home": (), "applications:hub": (application.uuid,), "applications:references": (application.uuid,),
        "applications:messages": (application.uuid,), "outbox:inbox": (),
        "applications:confirmation": (application.uuid, 1),
    }.items():  # fmt: skip
        assert "CANARY" not in newcomer.go(name, *args), name
    mine = [message for message in mail.outbox if any(EMAIL in address for address in message.to)]
    assert mine
    assert [message.subject for message in mine if "CANARY" in str(message.message())] == []
    assert b"CANARY" not in packet
