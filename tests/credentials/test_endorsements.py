"""An award and its life: each act one dated event, the standings and the registry following."""

import datetime
import uuid
from datetime import timedelta

import pytest

from competencies.models import Category, RenewalModel, Standing
from credentials.actions import endorsements
from credentials.enums import EndorsementEventKind as Kind
from credentials.enums import EndorsementStatus as Status
from credentials.models import Certificate, Endorsement
from credentials.models.endorsement import held_on
from credentials.queries import facts_of, held
from credentials.status import HELD, status_on
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.workflow import NotAllowed

GRANTED = datetime.date(2026, 5, 12)


def category(code):
    return Category.objects.get(code=code)


@pytest.fixture
def grant(association, applicant, coordinator, now):
    def make(code="IFS", **more):
        values = {
            "person": applicant,
            "association": association,
            "category": category(code),
            "decision_uuid": uuid.uuid4(),
            "granted_on": GRANTED,
            "by": coordinator,
            "holder_name": "Márén Oakhill",
            "now": now,
        }
        return endorsements.grant(**{**values, **more})

    return make


def standings(endorsement):
    rows = Standing.objects.filter(source=f"endorsement {endorsement.code}")
    return [(row.code, row.kind, row.starts_on.isoformat(), row.ends_on.isoformat()) for row in rows]


def refusal(call, **arguments):
    with pytest.raises(NotAllowed) as caught:
        call(**arguments)
    return caught.value.findings[0].requirement


def test_an_award(grant, association, applicant, coordinator):
    endorsement = grant()
    assert (endorsement.granted_on, endorsement.valid_until) == (GRANTED, datetime.date(2027, 12, 31))
    assert (endorsement.holder_name, endorsement.search_name, endorsement.base) == (
        "Márén Oakhill",
        "maren oakhill",
        None,
    )
    event = endorsement.events.get()
    assert (event.kind, event.on, event.valid_until, event.by) == (
        Kind.GRANTED,
        GRANTED,
        datetime.date(2027, 12, 31),
        coordinator,
    )
    standing = Standing.objects.get()
    assert (standing.person, standing.association, standing.provenance, standing.recorded_by) == (
        applicant,
        association,
        "confirmed_here",
        coordinator,
    )
    assert standings(endorsement) == [("IFS", "endorsed", "2026-05-12", "2027-12-31")]
    assert Certificate.objects.get().state == "pending"
    mail = OutgoingMessage.objects.get()
    assert (mail.key, mail.template, mail.scope) == (
        f"endorsement:{endorsement.uuid}:granted",
        "endorsed_certificate",
        "XX-PR",
    )
    assert AuditEvent.objects.get(verb="endorsement.granted").chain == "XX-PR"
    assert [(row.code, row.status) for row in held(applicant, GRANTED)] == [("IFS", Status.ACTIVE)]
    assert held(applicant, GRANTED - timedelta(days=1)) == ()


def test_one_award_per_decision(grant):
    decision = uuid.uuid4()
    assert grant(decision_uuid=decision).pk == grant(decision_uuid=decision).pk
    assert (Endorsement.objects.count(), OutgoingMessage.objects.count(), Certificate.objects.count()) == (1, 1, 1)


def test_two_racers_for_one_decision_get_the_same_award(grant, monkeypatch):
    """The other one commits between our look and our insert."""
    decision = uuid.uuid4()
    first = grant(decision_uuid=decision)
    real = Endorsement.objects.filter

    class Blind:
        def first(self):
            return None

    monkeypatch.setattr(
        Endorsement.objects, "filter", lambda **wanted: Blind() if "decision_uuid" in wanted else real(**wanted)
    )
    assert grant(decision_uuid=decision).pk == first.pk
    assert (Endorsement.objects.count(), OutgoingMessage.objects.count()) == (1, 1)


def test_without_a_renewal_model_nothing_is_awarded(grant):
    RenewalModel.objects.all().delete()
    assert refusal(grant) == "renewal_model"
    assert Endorsement.objects.count() == 0


def test_an_add_on_rests_on_the_endorsement_it_may_rest_on(grant):
    add_on = category("ERS-IMH")
    grant("IFA")
    base = grant(add_on.base_any_of[-1])
    ers = grant("ERS-IMH")
    assert ers.base == base
    assert standings(ers) == [("ERS-IMH", "add_on", "2026-05-12", "2027-12-31")]


def test_an_add_on_without_a_base_stands_alone(grant):
    assert grant("ERS-IMH").base is None


def test_emerging_ends_by_itself(grant, applicant):
    until = datetime.date(2027, 5, 11)
    ers = grant("ERS-IMH", emerging_until=until)
    assert (ers.valid_until, ers.emerging_until) == (until, until)
    assert ers.events.get().kind == Kind.GRANTED_EMERGING
    assert standings(ers) == [("ERS-IMH", "emerging", "2026-05-12", "2027-05-11")]
    assert held(applicant, until)[0].status == Status.EMERGING
    assert held(applicant, until + timedelta(days=1)) == ()


def test_emerging_has_to_end_after_it_begins(grant):
    assert refusal(grant, code="ERS-IMH", emerging_until=GRANTED) == "emerging_until"


def test_a_full_award_takes_the_place_of_the_emerging_one(grant, applicant, now):
    emerging = grant("ERS-IMH", emerging_until=datetime.date(2027, 5, 11))
    later = datetime.date(2026, 8, 1)
    full = grant("ERS-IMH", granted_on=later, now=now + timedelta(days=100))
    assert [(row.code, row.status) for row in held(applicant, later)] == [("ERS-IMH", Status.ACTIVE)]
    assert standings(emerging) == [("ERS-IMH", "emerging", "2026-05-12", "2026-07-31")]
    assert standings(full) == [("ERS-IMH", "add_on", "2026-08-01", "2027-12-31")]


def test_a_renewal_moves_the_last_day(grant, coordinator, now):
    endorsement = grant()
    renewed = endorsements.renew_until(
        endorsement=endorsement, valid_until=datetime.date(2030, 12, 31), on=GRANTED, by=coordinator, now=now
    )
    assert renewed.valid_until == datetime.date(2030, 12, 31)
    assert standings(renewed) == [("IFS", "endorsed", "2026-05-12", "2030-12-31")]
    arguments = {"endorsement": renewed, "on": GRANTED, "by": coordinator, "now": now}
    assert refusal(endorsements.renew_until, valid_until=datetime.date(2030, 12, 31), **arguments) == "valid_until"


def test_a_lapsed_one_is_reinstated_not_renewed(grant, coordinator, now):
    endorsement = grant()
    later = GRANTED + timedelta(days=30)
    at = {"by": coordinator, "now": now + timedelta(days=60)}
    lapsed = endorsements.lapse(endorsement=endorsement, on=later, reason="Did not renew", **at)
    assert lapsed.valid_until == later - timedelta(days=1)
    assert standings(lapsed) == [("IFS", "endorsed", "2026-05-12", "2026-06-10")]
    renewal = {"endorsement": lapsed, "valid_until": datetime.date(2030, 12, 31), "on": later}
    assert refusal(endorsements.renew_until, **renewal, **at) == "not_active"
    assert refusal(endorsements.lapse, endorsement=lapsed, on=later, reason="x", **at) == "already_ended"
    again = endorsements.reinstate(
        endorsement=lapsed,
        on=later + timedelta(days=10),
        valid_until=datetime.date(2027, 12, 31),
        reason="Caught up",
        **at,
    )
    assert again.valid_until == datetime.date(2027, 12, 31)
    assert standings(again) == [
        ("IFS", "endorsed", "2026-05-12", "2026-06-10"),
        ("IFS", "endorsed", "2026-06-21", "2027-12-31"),
    ]
    assert [event.kind for event in again.events.all()] == [Kind.GRANTED, Kind.LAPSED, Kind.REINSTATED]


def test_removal_and_return(grant, coordinator, now):
    endorsement = grant()
    at = {"by": coordinator, "now": now + timedelta(days=60)}
    later = GRANTED + timedelta(days=30)
    removed = endorsements.remove(endorsement=endorsement, on=later, reason="Sanction", **at)
    assert removed.removed_at == at["now"]
    assert status_on(facts_of(removed), later) == Status.REMOVED
    assert refusal(endorsements.remove, endorsement=removed, on=later, reason="x", **at) == "already_ended"
    assert refusal(endorsements.lapse, endorsement=removed, on=later, reason="x", **at) == "already_ended"
    back = {"endorsement": removed, "on": later, "reason": "A mistake", **at}
    assert refusal(endorsements.reinstate, valid_until=later - timedelta(days=1), **back) == "valid_until"
    returned = endorsements.reinstate(valid_until=datetime.date(2027, 12, 31), **back)
    assert (returned.removed_at, status_on(facts_of(returned), later)) == (None, Status.ACTIVE)


def test_a_lapsed_one_may_still_be_removed(grant, coordinator, now):
    endorsement = grant()
    at = {"endorsement": endorsement, "on": GRANTED, "by": coordinator, "reason": "x", "now": now}
    endorsements.lapse(**at)
    assert status_on(facts_of(endorsements.remove(**at)), GRANTED) == Status.REMOVED
    assert standings(endorsement) == []


def test_what_holds_needs_no_reinstatement(grant, coordinator, now):
    arguments = {"on": GRANTED, "valid_until": datetime.date(2030, 12, 31), "by": coordinator, "now": now}
    assert refusal(endorsements.reinstate, endorsement=grant(), reason="x", **arguments) == "not_lapsed"


def test_events_come_in_the_order_of_their_days_with_a_reason(grant, coordinator, now):
    at = {"endorsement": grant(), "by": coordinator, "now": now}
    assert refusal(endorsements.lapse, on=GRANTED - timedelta(days=1), reason="x", **at) == "on"
    assert refusal(endorsements.lapse, on=GRANTED + timedelta(days=1), reason="x", **at) == "on"
    assert refusal(endorsements.lapse, on=GRANTED, reason="  ", **at) == "reason"
    assert endorsements.lapse(on=GRANTED, reason="x", **at).valid_until == GRANTED - timedelta(days=1)


def test_without_a_clock_given_the_real_one_is_read(grant, coordinator):
    endorsement = grant(now=None)
    ended = endorsements.remove(endorsement=endorsement, on=GRANTED, by=None, reason="x")
    assert ended.removed_at is not None
    assert AuditEvent.objects.get(verb="endorsement.removed").actor_kind == "system"


def test_when_the_base_ends_the_add_on_stops_counting(grant, coordinator, now):
    base = grant(category("ERS-IMH").base_any_of[0])
    ers = grant("ERS-IMH")
    later = GRANTED + timedelta(days=30)
    at = {"by": coordinator, "now": now + timedelta(days=60), "reason": "x"}
    endorsements.lapse(endorsement=base, on=later, **at)
    assert status_on(facts_of(Endorsement.objects.get(pk=ers.pk)), later) == Status.SUSPENDED
    assert standings(ers) == [("ERS-IMH", "add_on", "2026-05-12", "2026-06-10")]
    endorsements.reinstate(endorsement=base, on=later, valid_until=datetime.date(2027, 12, 31), **at)
    assert standings(ers) == [("ERS-IMH", "add_on", "2026-05-12", "2027-12-31")]


@pytest.mark.parametrize("days", [-1, 0, 29, 30, 31, 700])
def test_rows_and_events_agree_on_what_is_held(grant, coordinator, now, days):
    """The registry filters rows; the status is computed from events. On and after the last event they agree."""
    at = {"by": coordinator, "now": now + timedelta(days=60), "reason": "x"}
    base = grant(category("ERS-IMH").base_any_of[0])
    grant("ERS-IMH")
    grant("ERS-ECMH", emerging_until=datetime.date(2027, 5, 11))
    endorsements.lapse(endorsement=grant("IFA"), on=GRANTED, **at)
    endorsements.remove(endorsement=grant("ECFA"), on=GRANTED, **at)
    endorsements.lapse(endorsement=base, on=GRANTED, **at)
    on = GRANTED + timedelta(days=days)
    by_rows = set(Endorsement.objects.filter(held_on(on)).values_list("pk", flat=True))
    by_events = {row.pk for row in Endorsement.objects.all() if status_on(facts_of(row), on) in HELD}
    assert by_rows == by_events
