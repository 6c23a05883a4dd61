"""Who applies where they work reads their own application as every applicant does.

No ratings, no reviews, no reviewer's name, no decision before its release, and no act of a coordinator.
"""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications import snapshot
from applications.models import Application, Decision, Reference, ReminderStep, ReviewAssignment
from endorsement_portal.files.models import StoredFile
from endorsement_portal.outbox.actions import post
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.outbox.recipients import Recipient
from members.models import User
from tests.factories.members import StaffRoleFactory
from tests.house.world import House, second_factor

SAID = "what-only-coordinators-may-read"
LISTS = ("today", "applications", "reviews", "decisions", "references", "audit", "outbox")


@pytest.fixture
def judged(house: House) -> Application:
    """Reviewed, with a decision recorded and not released; one rater said no, with a word to the coordinators."""
    application = house.decision.application
    ReviewAssignment.objects.filter(application=application).update(summary=SAID, due_on="2020-01-01")
    first = application.references.order_by("id").first()
    assert first is not None
    Reference.objects.filter(pk=first.pk).update(decline_reason="conflict", decline_note=SAID)
    Decision.objects.filter(application=application).update(message=SAID)
    return application


def coordinating(house: House, user: User) -> Client:
    StaffRoleFactory(user=user, association=house.home, role="coordinator")
    second_factor(user)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def oneself(house: House, judged: Application) -> Client:
    """The applicant, who is a coordinator of the same association."""
    assert judged.person.user is not None
    return coordinating(house, judged.person.user)


def statuses(client: Client, house: House, application: Application) -> dict[str, int]:
    """What each page of the desk about this application answers."""
    submission = application.submissions.latest("number")
    file = snapshot.read(submission.snapshot)["files"][0]["uuid"]
    submission.packets.update(state="ready", file=StoredFile.objects.get(uuid=file))
    pages = {
        "application": [application.uuid],
        "application_ratings": [application.uuid],
        "application_evidence": [application.uuid, file],
    }
    pages |= {f"application_packet {row.kind}": [application.uuid, row.uuid] for row in submission.packets.all()}
    found = {}
    for name, args in pages.items():
        response = client.get(reverse(f"coordination:{name.split()[0]}", args=[house.home.slug, *args]))
        response.close()
        found[name] = response.status_code
    return found


def test_no_page_of_the_desk_opens_for_ones_own_application(house, judged, oneself):
    colleague = Client()
    colleague.force_login(house.coordinator)
    pages = statuses(colleague, house, judged)
    assert set(pages.values()) == {200}
    assert "application_packet reviewers" in pages
    assert statuses(oneself, house, judged) == dict.fromkeys(pages, 404)


@pytest.mark.parametrize("name", LISTS)
def test_no_list_of_the_desk_speaks_of_ones_own_application(house, judged, oneself, name):
    other = Client()
    other.force_login(house.coordinator)
    address = reverse(f"coordination:{name}", args=[house.home.slug])
    mine, theirs = _main(oneself, address), _main(other, address)
    assert SAID not in mine
    assert judged.person.name not in mine
    if name not in ("audit", "outbox"):
        assert judged.person.name in theirs, "the list would show it"


def _main(client: Client, address: str) -> str:
    return client.get(address).content.decode().partition("<main")[2].partition("</main>")[0]


def test_the_history_leaves_ones_own_application_out(house, judged, oneself):
    other = Client()
    other.force_login(house.coordinator)
    assignment = ReviewAssignment.objects.get(application=judged)
    address = reverse("coordination:audit", args=[house.home.slug])
    for wanted in (assignment.uuid, judged.uuid, house.decision.uuid):
        assert str(wanted) in _main(other, f"{address}?search={wanted}").partition("<table")[2]
        assert str(wanted) not in _main(oneself, f"{address}?search={wanted}").partition("<table")[2]
    assert str(house.cohort.uuid) in _main(oneself, f"{address}?search={house.cohort.uuid}").partition("<table")[2]


def _mails(client: Client, house: House) -> set[str]:
    """The keys of the mails that the desk of this person lists, whatever their state."""
    found: set[str] = set()
    for state in ("upcoming", "attention", "sent", "skipped"):
        address = reverse("coordination:outbox", args=[house.home.slug])
        for page in (1, 2, 3, 4):
            found |= {row.key for row in client.get(address, {"state": state, "page": page}).context["page"]}
    return found


def test_no_mail_about_ones_own_application_is_listed(house, judged, oneself):
    """Neither what colleagues and reviewers are told, nor the reminder that names a reviewer, nor the raters' mails."""
    other = Client()
    other.force_login(house.coordinator)
    assignment = ReviewAssignment.objects.get(application=judged)
    ReminderStep.objects.create(
        key=f"review_due:{assignment.uuid}:T-1", kind="review_due", person=house.reviewer.person, state="sent",
        message_key="remind:1", deadline_at=timezone.now(), at=timezone.now(),
    )  # fmt: skip
    to = Recipient("petra@example.org", "Petra")
    for key in ("remind:1", "remind:2"):
        post(key=key, kind="review_due", template="reminders", to=to, context={"lines": []}, scope=house.home.code)
    numbered = set(
        OutgoingMessage.objects.filter(context__reference_number=judged.reference_number).values_list("key", flat=True)
    )
    own = [str(uuid) for uuid in judged.references.values_list("uuid", flat=True)]
    theirs, mine = _mails(other, house), _mails(oneself, house)
    hidden = {key for key in theirs if key in numbered or key == "remind:1" or any(uuid in key for uuid in own)}
    assert {key.partition(":")[0] for key in hidden} >= {"rev-assign", "consensus", "rate-done", "remind"}
    assert mine == theirs - hidden
    assert "remind:2" in mine


def test_a_coordinator_who_applies_nowhere_sees_every_mail(house):
    from coordination.queries import outbox

    assert outbox.at_desk(house.home, house.coordinator).count() == (
        OutgoingMessage.objects.filter(scope=house.home.code).count()
    )


@pytest.mark.parametrize("act", ["hold", "skip"])
def test_no_act_reaches_a_mail_about_ones_own_application(house, judged, oneself, act):
    message = OutgoingMessage.objects.get(
        key__startswith="rev-assign", context__reference_number=judged.reference_number
    )
    OutgoingMessage.objects.filter(pk=message.pk).update(state="new", sent_at=None)
    address = reverse("coordination:message_act", args=[house.home.slug, message.uuid, act])
    assert oneself.post(address).status_code == 404
    message.refresh_from_db()
    assert message.state == "new"


ACTS = [
    ("application_act", ["application", "message"]),
    ("application_act", ["application", "assign"]),
    ("application_act", ["application", "decide"]),
    ("decision_act", ["decision", "release"]),
    ("decision_act", ["decision", "discard"]),
    ("reference_vet", ["reference"]),
    ("reference_resend", ["reference"]),
]


@pytest.mark.parametrize(("name", "args"), ACTS)
def test_no_act_of_the_desk_reaches_ones_own_application(house, judged, oneself, name, args):
    objects = {"application": judged.uuid, "decision": house.decision.uuid, "reference": judged.references.first().uuid}
    response = oneself.post(
        reverse(f"coordination:{name}", args=[house.home.slug, *(objects.get(arg, arg) for arg in args)]),
        {"message-body": "x"},
    )
    assert response.status_code == 404
    house.decision.refresh_from_db()
    assert (house.decision.released_at, house.decision.discarded_at) == (None, None)
