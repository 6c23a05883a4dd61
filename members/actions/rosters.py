"""An association's own roster: what it lists is confirmed. All rows or none; the same file twice changes nothing."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from endorsement_portal.audit.actions import record
from members.actions import memberships, people
from members.enums import MembershipState, Provenance
from members.models import Association, Membership
from members.roster import RosterRow


@dataclass(frozen=True, slots=True)
class Outcome:
    created: int
    confirmed: int
    changed: int
    unchanged: int

    def __str__(self) -> str:
        return f"{self.created} created, {self.confirmed} confirmed, {self.changed} changed, {self.unchanged} unchanged"


def import_rows(
    *, association: Association, rows: Iterable[RosterRow], dry_run: bool = False, now: datetime.datetime | None = None
) -> Outcome:
    """Write the roster in one transaction, or only count with `dry_run`. What a coordinator decided here stays."""
    moment = now or timezone.now()
    counts = dict.fromkeys(("created", "confirmed", "changed", "unchanged"), 0)
    with transaction.atomic():
        for row in rows:
            counts[_import(association, row, moment)] += 1
        record(verb="roster.imported", obj=association, chain=association.code, data=dict(counts))
        transaction.set_rollback(dry_run)
    return Outcome(**counts)


def _import(association: Association, row: RosterRow, now: datetime.datetime) -> str:
    """Which of the four counts this row belongs to."""
    person = people.find_or_create(email=row.email, name=row.name)
    same = Membership.objects.filter(
        person=person, association=association, kind=row.kind, starts_on=row.starts_on
    ).exclude(state__in=[MembershipState.WITHDRAWN, MembershipState.REFUSED])
    known = same.select_related("person", "association", "desk").order_by("pk").first()
    if known is None:
        known = Membership(person=person, association=association, kind=row.kind, starts_on=row.starts_on)
        outcome = "created"
    elif known.state == MembershipState.PENDING:
        outcome = "confirmed"
    elif known.provenance != Provenance.IMPORTED_TRUSTED or _is_same(known, row):
        return "unchanged"
    else:
        outcome = "changed"
    known.number, known.ends_on = row.number, row.ends_on
    known.state, known.provenance, known.decided_at = MembershipState.CONFIRMED, Provenance.IMPORTED_TRUSTED, now
    known.save()
    _tell(known, outcome, now)
    return outcome


def _is_same(known: Membership, row: RosterRow) -> bool:
    return (known.number, known.ends_on) == (row.number, row.ends_on)


def _tell(membership: Membership, outcome: str, now: datetime.datetime) -> None:
    record(
        verb=f"membership.roster_{outcome}",
        obj=membership,
        chain=membership.association.code,
        data={"person": str(membership.person.uuid)},
    )
    if outcome == "confirmed":
        memberships.tell(membership, now)
