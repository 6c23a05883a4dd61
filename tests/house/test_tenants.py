"""Two associations: whatever address or body names a row of the other one, nothing is read and nothing changes.

Threats 1, 3, 10 and 17: identifiers swapped at every desk address, in bodies and in hidden fields; rights that ended.
"""

import hashlib

from django.apps import apps
from django.core import serializers
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications.models import ReviewAssignment
from cohorts.models import Enrolment
from members.models import StaffRole
from tests.house.test_access import TABLE, _value, clients
from tests.house.world import House

OURS = {"members", "competencies", "cohorts", "applications", "credentials", "outbox", "files"}
SHARED = {"coordination:edition_file"}
"""A published edition is everybody's."""
ACTS = {
    "coordination:rule_change_act": ("discard", "retry"),
    "coordination:application_act": ("message", "ask", "assign", "decide", "exam", "remove"),
    "coordination:decision_act": ("release", "discard"),
    "coordination:endorsement_act": ("lapse", "reinstate", "remove"),
    "coordination:message_act": ("resend", "retry", "sent", "hold", "release", "skip"),
}
BODY = {
    "reason": "x", "valid_until": "2030-01-01", "ends_on": "2026-01-01", "message-body": "hi", "ask-text": "x",
    "decide-outcome": "endorsed", "exam-part": "1", "exam-sat_on": "2026-01-01", "exam-passed": "yes", "kind": "vetted",
    "code": "IFS", "starts_on": "2020-01-01", "source": "s", "act": "resend", "go": "form",
}  # fmt: skip


def tables() -> dict[str, str]:
    """A digest of every table that holds people's things."""
    return {
        model._meta.label: hashlib.sha256(
            serializers.serialize("json", model._default_manager.order_by("pk")).encode()
        ).hexdigest()
        for model in apps.get_models()
        if model._meta.app_label in OURS
    }


def desk_addresses(house: House, slug: str):
    """Every address of a desk that names a row of the first association, under `slug`."""
    for name, row in TABLE.items():
        if (
            name.startswith("coordination:")
            and name not in SHARED
            and row.args[:1] == ("home.slug",)
            and len(row.args) > 1
        ):
            args = [_value(house, path) for path in row.args[1:]]
            for act in ACTS.get(name, ("",)):
                yield reverse(name, args=[slug, *([*args[:-1], act] if act else args)])


def test_no_desk_reaches_a_row_of_another_association(house):
    people = clients(house)
    before = tables()
    body = BODY | {"assign-reviewer": house.reviewer.pk, "assign-due_on": "2030-01-01"}
    wrong = []
    for who, slug in (
        ("other_coordinator", house.away.slug),
        ("reviewer", house.home.slug),
        ("owner", house.home.slug),
    ):
        for address in desk_addresses(house, slug):
            wrong += [
                address for method in ("get", "post") if _status(people[who], method, address, body) not in (404, 405)
            ]
    assert wrong == []
    assert tables() == before


def _status(client: Client, method: str, address: str, body: dict[str, object]) -> int:
    response = getattr(client, method)(address, body)
    response.close()
    return response.status_code


def test_ones_own_application_opens_no_row_of_somebody_elses(house):
    """The first identifier is the asker's, the second another person's."""
    peer = clients(house)["peer"]
    mine, theirs = house.draft.uuid, house.application
    other_reference, other_packet = theirs.references.first().uuid, house.packet.uuid
    before = tables()
    for name, args in {
        "reference_replace": [mine, other_reference],
        "reference_act": [mine, other_reference],
        "packet": [mine, other_packet],
        "packet_progress": [mine, other_packet],
        "packet_file": [mine, other_packet],
        "answer_change": [mine, house.message.uuid],
    }.items():
        address = reverse(f"applications:{name}", args=args)
        assert _status(peer, "post", address, {"act": "cancel", "answer": "x"}) in (404, 405), name
        assert _status(peer, "get", address, {}) in (404, 405), name
    start = reverse("applications:start", args=[theirs.enrolment.uuid])
    assert _status(peer, "post", start, {"category": "IFS"}) == 404
    assert tables() == before


def test_a_file_of_somebody_else_is_not_replaced_through_ones_own_entry(house):
    peer = clients(house)["peer"]
    own = type(house.training).objects.filter(person=house.peer).first()
    before = tables()
    address = reverse("portfolio:evidence_add", args=["training", own.uuid])
    answer = peer.post(address, {"document_type": "certificate", "replaces": str(house.evidence.uuid)})
    assert answer.status_code == 422
    assert tables() == before


def test_fields_that_no_form_has_change_nothing(house):
    """Mass assignment: what the server sets is never read from a body."""
    owner = clients(house)["owner"]
    extra = {
        "status": "endorsed", "state": "confirmed", "provenance": "confirmed_here", "accepted": "on", "is_staff": "on",
        "association": house.away.pk, "association_id": house.away.pk, "person": house.stranger.pk, "version": "9",
        "person_id": house.stranger.pk, "user": house.operator.pk, "attested_on": "2020-01-01",
        "email": "e@example.org", "recorded_by": house.coordinator.pk, "submitted_at": "2020-01-01",
        "is_superuser": "on", "role": "coordinator",
    }  # fmt: skip
    profile = {"name": house.owner.name, "language": "en", "time_zone": "America/Chicago", "residence": ""}
    assert owner.post(reverse("members:profile"), extra | profile).status_code in (302, 422)
    row = {"title": "Reading cues", "organizer": "River", "on": "2026-01-10", "minutes": "2:00"}
    owner.post(reverse("portfolio:add", args=["training"]), extra | row)
    owner.post(
        reverse("portfolio:add", args=["work"]),
        extra
        | {
            "title": "Work of a new kind",
            "employer": "E",
            "starts_on": "2020-01-01",
            "roles": "direct_service",
            "hours_per_week": "20",
        },
    )
    owner.post(reverse("members:membership_add"), extra | {"starts_on": "2026-01-01", "ends_on": "2026-12-31"})
    house.owner.refresh_from_db()
    user = house.owner.user
    user.refresh_from_db()
    assert (user.is_staff, user.is_superuser, user.staff_roles.count()) == (False, False, 0)
    assert house.owner.email == user.email != "e@example.org"
    for model, title in (("Training", "Reading cues"), ("Work", "Work of a new kind")):
        made = apps.get_model("competencies", model).objects.get(title=title)
        assert (made.provenance, made.person_id, made.version) == ("stated", house.owner.pk, 1)
    assert apps.get_model("members", "Membership").objects.filter(person=house.owner, state="confirmed").count() == 1


def test_rights_that_ended_open_nothing_at_the_next_request(house):
    people = clients(house)
    assignment = ReviewAssignment.objects.get(application=house.application)
    review = reverse("reviews:assignment", args=[assignment.uuid])
    threads = reverse("cohorts:threads", args=[house.cohort.uuid])
    desk = reverse("coordination:application", args=[house.home.slug, house.application.uuid])
    asked = (("reviewer", review), ("peer", threads), ("coordinator", desk))
    assert [people[who].get(address).status_code for who, address in asked] == [200, 200, 200]

    ReviewAssignment.objects.filter(pk=assignment.pk).update(state="removed")
    Enrolment.objects.filter(person=house.peer).update(state="left", ended_at=timezone.now())
    StaffRole.objects.filter(user=house.coordinator).update(ends_at=timezone.now())
    before = tables()
    assert [people[who].get(address).status_code for who, address in asked] == [404, 404, 404]
    assert people["reviewer"].post(reverse("reviews:submit", args=[assignment.uuid]), {}).status_code == 404
    assert (
        people["peer"].post(reverse("cohorts:thread", args=[house.post.thread.uuid]), {"body": "x"}).status_code == 404
    )
    assert tables() == before
