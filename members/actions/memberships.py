"""Memberships: a member states one, a coordinator confirms it or says why not."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from endorsement_portal.audit.actions import record
from endorsement_portal.files.models import StoredFile
from endorsement_portal.outbox.actions import post
from endorsement_portal.web.addresses import absolute
from endorsement_portal.workflow import LostRace, NotAllowed
from members import queries, rules, standing
from members.enums import MembershipKind, MembershipState, Provenance
from members.models import Association, Membership, Person, User

OPEN = (MembershipState.PENDING, MembershipState.CONFIRMED)


def add(
    *,
    person: Person,
    by: User,
    association: Association,
    starts_on: datetime.date,
    ends_on: datetime.date,
    kind: str = MembershipKind.INDIVIDUAL,
    number: str = "",
    proof: StoredFile | None = None,
    desk: Association | None = None,
) -> Membership:
    """State a membership; it counts once a coordinator of its desk confirmed it.

    `desk` is needed when the association does not use this portal: one that does checks the proof.
    """
    if ends_on < starts_on:
        raise NotAllowed.because("ends_before_start", _("The last day is before the first day."))
    desk = _desk_for(association, desk)
    with transaction.atomic():
        same = Membership.objects.filter(
            person=person, association=association, kind=kind, starts_on=starts_on, ends_on=ends_on, state__in=OPEN
        )
        if same.exists():
            raise NotAllowed.because("listed", _("This membership is on your list already."))
        membership = Membership.objects.create(
            person=person,
            association=association,
            desk=desk,
            kind=kind,
            number=number,
            starts_on=starts_on,
            ends_on=ends_on,
            proof=proof,
        )
        _record("membership.stated", membership, by)
    return membership


def _desk_for(association: Association, desk: Association | None) -> Association | None:
    """None when the association checks its own; otherwise the chosen desk, or the only one there is."""
    desks = list(queries.desks())
    if association in desks:
        return None
    if desk in desks:
        return desk
    if len(desks) == 1 and desk is None:
        return desks[0]
    raise NotAllowed.because("no_desk", _("Choose the association that checks your proof."))


def confirm(
    *,
    membership: Membership,
    by: User,
    starts_on: datetime.date | None = None,
    ends_on: datetime.date | None = None,
    now: datetime.datetime | None = None,
) -> Membership:
    """The proof shows this membership, with other dates where the coordinator gives them."""
    first, last = starts_on or membership.starts_on, ends_on or membership.ends_on
    if last < first:
        raise NotAllowed.because("ends_before_start", _("The last day is before the first day."))
    return _decide(
        membership,
        by,
        state=MembershipState.CONFIRMED,
        now=now,
        provenance=Provenance.CONFIRMED_HERE,
        starts_on=first,
        ends_on=last,
    )


def refuse(*, membership: Membership, by: User, reason: str, now: datetime.datetime | None = None) -> Membership:
    """The proof does not show it. The member reads the reason and can add the membership again."""
    if not reason.strip():
        raise NotAllowed.because("no_reason", _("Say why, so that the member can mend it."))
    return _decide(membership, by, state=MembershipState.REFUSED, now=now, reason=reason.strip()[:500])


def withdraw(*, membership: Membership, by: User) -> Membership:
    """The member takes back what nobody has decided yet."""
    if not rules.withdraws_membership(by, membership):
        raise NotAllowed.because("not_yours", _("Only the member can take this back."))
    with transaction.atomic():
        _change(membership, state=MembershipState.WITHDRAWN)
        _record("membership.withdrawn", membership, by)
    return membership


def _decide(
    membership: Membership, by: User, *, state: MembershipState, now: datetime.datetime | None, **fields: object
) -> Membership:
    if not rules.decides_membership(by, membership):
        raise NotAllowed.because("not_your_desk", _("Another coordinator of the association decides on this one."))
    moment = now or timezone.now()
    with transaction.atomic():
        _change(membership, state=state, decided_by=by, decided_at=moment, **fields)
        _record(f"membership.{state}", membership, by, text=membership.reason)
        tell(membership, moment)
    return membership


def _change(membership: Membership, **fields: object) -> None:
    """One winner: only a membership that still waits is changed."""
    changed = Membership.objects.filter(pk=membership.pk, state=MembershipState.PENDING).update(
        updated_at=timezone.now(), **fields
    )
    if not changed:
        raise LostRace.because("decided", _("This membership was decided or taken back already."))
    membership.refresh_from_db()


def _record(verb: str, membership: Membership, by: User | None, text: str = "") -> None:
    data = {"association": membership.association.code, "person": str(membership.person.uuid)}
    record(verb=verb, obj=membership, by=by, chain=rules.desk_of(membership).code, data=data, text=text)


def tell(membership: Membership, now: datetime.datetime) -> None:
    """N24: at once, by mail and in the portal; once for each state and day."""
    desk = rules.desk_of(membership)
    day = standing.today(now, queries.zone_of(desk))
    post(
        key=f"member:{membership.uuid}:{membership.state}:{day.isoformat()}",
        kind="membership_decided",
        template=f"membership_{membership.state}",
        to=queries.recipient(membership.person),
        context={
            "name": membership.person.name,
            "association": membership.association.name,
            "desk": desk.name,
            "starts_on": membership.starts_on,
            "ends_on": membership.ends_on,
            "reason": membership.reason,
            "address": absolute("members:memberships"),
        },
        scope=desk.code,
    )
