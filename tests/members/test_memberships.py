"""Memberships: stated, confirmed, refused, taken back; every refusal, one winner, and what is told."""

import datetime

import pytest

from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.workflow import LostRace, NotAllowed
from members import queries
from members.actions import memberships
from members.enums import MembershipKind, MembershipState, Provenance, Role
from members.models import Membership
from tests.factories.members import AssociationFactory, MembershipFactory, StaffRoleFactory

pytestmark = pytest.mark.django_db
FIRST, LAST = datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)


def add(person, association, **options):
    values = {"starts_on": FIRST, "ends_on": LAST, **options}
    return memberships.add(person=person, by=person.user, association=association, **values)


def because(refused):
    return refused.value.findings[0].requirement


@pytest.fixture
def pending(applicant, association):
    return add(applicant, association)


# --- add ------------------------------------------------------------------------------------------------------------
def test_a_stated_membership_waits_for_its_own_association(applicant, association, other_association):
    row = add(applicant, association, number="17")
    assert (row.state, row.provenance, row.desk, row.number) == (
        MembershipState.PENDING, Provenance.STATED, None, "17",
    )  # fmt: skip
    assert list(queries.memberships_for_desk(association).awaiting()) == [row]
    assert list(queries.memberships_for_desk(other_association)) == []
    event = AuditEvent.objects.filter(object_type__startswith="members.").get()
    assert (event.verb, event.chain, event.data) == (
        "membership.stated", "XX-PR", {"association": "XX-PR", "person": str(applicant.uuid)},
    )  # fmt: skip


def test_one_of_an_association_elsewhere_is_checked_by_the_only_desk(applicant, association):
    elsewhere = AssociationFactory(code="XX-EL")
    row = add(applicant, elsewhere)
    assert row.desk == association
    assert list(queries.memberships_for_desk(association)) == [row]


def test_with_several_desks_one_is_chosen(applicant, association, other_association):
    elsewhere = AssociationFactory(code="XX-EL")
    with pytest.raises(NotAllowed) as refused:
        add(applicant, elsewhere)
    assert because(refused) == "no_desk"
    with pytest.raises(NotAllowed) as refused:
        add(applicant, elsewhere, desk=elsewhere)
    assert because(refused) == "no_desk"
    assert add(applicant, elsewhere, desk=other_association).desk == other_association


def test_days_in_the_wrong_order(applicant, association):
    with pytest.raises(NotAllowed) as refused:
        add(applicant, association, starts_on=LAST, ends_on=FIRST)
    assert because(refused) == "ends_before_start"
    assert Membership.objects.count() == 0


def test_the_same_membership_twice(applicant, association, pending):
    with pytest.raises(NotAllowed) as refused:
        add(applicant, association)
    assert because(refused) == "listed"
    memberships.withdraw(membership=pending, by=applicant.user)
    assert add(applicant, association).state == MembershipState.PENDING
    assert add(applicant, association, kind=MembershipKind.ORGANIZATIONAL).kind == MembershipKind.ORGANIZATIONAL


# --- decide ---------------------------------------------------------------------------------------------------------
def test_confirm(pending, coordinator, now):
    memberships.confirm(membership=pending, by=coordinator, now=now)
    assert (pending.state, pending.provenance, pending.decided_by, pending.decided_at) == (
        MembershipState.CONFIRMED, Provenance.CONFIRMED_HERE, coordinator, now,
    )  # fmt: skip
    message = OutgoingMessage.objects.get()
    assert message.key == f"member:{pending.uuid}:confirmed:2026-05-12"
    assert (message.to_email, message.scope, message.template) == (
        "maren@example.org", "XX-PR", "membership_confirmed",
    )  # fmt: skip


def test_the_day_of_the_key_is_the_associations_day(pending, coordinator):
    late = datetime.datetime(2026, 5, 13, 4, 59, tzinfo=datetime.UTC)
    memberships.confirm(membership=pending, by=coordinator, now=late)
    assert OutgoingMessage.objects.get().key.endswith("2026-05-12")


def test_confirm_with_the_dates_that_the_proof_shows(pending, coordinator):
    memberships.confirm(membership=pending, by=coordinator, ends_on=datetime.date(2026, 6, 30))
    assert (pending.starts_on, pending.ends_on) == (FIRST, datetime.date(2026, 6, 30))


def test_confirm_refuses_days_in_the_wrong_order(pending, coordinator):
    with pytest.raises(NotAllowed) as refused:
        memberships.confirm(membership=pending, by=coordinator, ends_on=datetime.date(2025, 6, 30))
    assert because(refused) == "ends_before_start"


def test_refuse_says_why(pending, coordinator, now):
    memberships.refuse(membership=pending, by=coordinator, reason=" The card is of 2024. ", now=now)
    assert (pending.state, pending.reason) == (MembershipState.REFUSED, "The card is of 2024.")
    message = OutgoingMessage.objects.get()
    assert message.template == "membership_refused"
    assert message.context["reason"] == "The card is of 2024."


def test_refuse_without_a_reason(pending, coordinator):
    with pytest.raises(NotAllowed) as refused:
        memberships.refuse(membership=pending, by=coordinator, reason="  ")
    assert because(refused) == "no_reason"


def test_a_decision_is_made_once(pending, coordinator):
    memberships.confirm(membership=pending, by=coordinator)
    with pytest.raises(LostRace):
        memberships.refuse(membership=pending, by=coordinator, reason="x")
    with pytest.raises(LostRace):
        memberships.withdraw(membership=pending, by=pending.person.user)
    pending.refresh_from_db()
    assert pending.state == MembershipState.CONFIRMED
    assert OutgoingMessage.objects.count() == 1


def test_others_decide_nothing(pending, other_coordinator, reviewer, operator, applicant):
    for user in (other_coordinator, reviewer, operator, applicant.user):
        with pytest.raises(NotAllowed) as refused:
            memberships.confirm(membership=pending, by=user)
        assert because(refused) == "not_your_desk"
    pending.refresh_from_db()
    assert (pending.state, OutgoingMessage.objects.count()) == (MembershipState.PENDING, 0)


def test_a_coordinator_never_decides_on_their_own(coordinator, association):
    row = add(queries.person_of(coordinator), association)
    with pytest.raises(NotAllowed) as refused:
        memberships.confirm(membership=row, by=coordinator)
    assert because(refused) == "not_your_desk"


def test_a_role_that_ended_decides_nothing(pending, coordinator, now):
    coordinator.staff_roles.update(ends_at=now - datetime.timedelta(days=1000))
    with pytest.raises(NotAllowed):
        memberships.confirm(membership=pending, by=coordinator)


# --- withdraw -------------------------------------------------------------------------------------------------------
def test_the_member_takes_back_what_waits(pending, applicant):
    memberships.withdraw(membership=pending, by=applicant.user)
    assert pending.state == MembershipState.WITHDRAWN
    assert queries.membership_facts(applicant) == ()


def test_nobody_else_takes_it_back(pending, other_applicant, coordinator):
    for user in (other_applicant.user, coordinator):
        with pytest.raises(NotAllowed) as refused:
            memberships.withdraw(membership=pending, by=user)
        assert because(refused) == "not_yours"


# --- facts ----------------------------------------------------------------------------------------------------------
def test_facts_say_which_memberships_count(applicant, association):
    MembershipFactory(person=applicant, association=association)
    MembershipFactory(person=applicant, association=association, kind=MembershipKind.ORGANIZATIONAL)
    MembershipFactory(person=applicant, association=association, pending=True)
    facts = queries.membership_facts(applicant)
    assert sorted((fact.kind, fact.state, fact.counts) for fact in facts) == [
        ("individual", "confirmed", True),
        ("individual", "pending", False),
        ("organizational", "confirmed", False),
    ]
    assert {fact.association for fact in facts} == {"XX-PR"}


def test_standing_today(applicant, association, now):
    assert queries.standing_today(applicant, now) == queries.Standing(member=False, until=None, waiting=False)
    MembershipFactory(person=applicant, association=association, ends_on=LAST)
    MembershipFactory(person=applicant, association=association, pending=True)
    assert queries.standing_today(applicant, now) == queries.Standing(member=True, until=LAST, waiting=True)


# --- roles ----------------------------------------------------------------------------------------------------------
def test_visible_to_is_only_ones_own(pending, applicant, other_applicant, coordinator):
    from django.contrib.auth.models import AnonymousUser

    assert list(Membership.objects.visible_to(applicant.user)) == [pending]
    for user in (other_applicant.user, coordinator, AnonymousUser()):
        assert list(Membership.objects.visible_to(user)) == []


def test_a_second_desk_role_elsewhere_opens_only_that_desk(pending, coordinator, other_association):
    StaffRoleFactory(user=coordinator, association=other_association, role=Role.REVIEWER)
    elsewhere = MembershipFactory(person=pending.person, association=other_association, pending=True)
    with pytest.raises(NotAllowed):
        memberships.confirm(membership=elsewhere, by=coordinator)
