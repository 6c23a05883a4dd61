"""An award and its life: granted, renewed, lapsed, reinstated, removed. Each act is one dated event with its reason.

`Endorsement.valid_until` and `removed_at` repeat what the events say, so that the registry can filter rows; the
status of any day is computed from the events alone (credentials.status).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from competencies.models import Category
from credentials import codes, names, renewal
from credentials.actions import certificates, standings
from credentials.enums import EndorsementEventKind, EndorsementStatus
from credentials.models import Endorsement, EndorsementEvent
from credentials.queries.endorsements import facts_of, held_rows, renewal_terms
from credentials.status import status_on
from endorsement_portal.audit.actions import record
from endorsement_portal.outbox.actions import post
from endorsement_portal.web.addresses import absolute
from endorsement_portal.web.dates import day_in
from endorsement_portal.workflow import NotAllowed
from members.models import Association, Person, User
from members.queries import recipient, zone_of


def grant(
    *,
    person: Person,
    association: Association,
    category: Category,
    decision_uuid: UUID,
    granted_on: date,
    by: User | None,
    holder_name: str,
    emerging_until: date | None = None,
    base: Endorsement | None = None,
    now: datetime | None = None,
) -> Endorsement:
    """The award that a released decision brings. A second call for the same decision returns the first award.

    `emerging_until` (last day included) makes it an emerging add-on. Without `base` an add-on rests on the held
    endorsement it may rest on, if there is one.
    """
    now = now or timezone.now()
    already = Endorsement.objects.filter(decision_uuid=decision_uuid).first()
    if already is not None:
        return already
    if emerging_until is not None and emerging_until <= granted_on:
        raise NotAllowed.because("emerging_until", _("The emerging time has to end after it begins."))
    last_day = emerging_until or renewal.valid_until(renewal_terms(association), granted_on)
    endorsement = Endorsement(
        person=person,
        association=association,
        category=category,
        code=codes.new_code(),
        decision_uuid=decision_uuid,
        granted_on=granted_on,
        valid_until=last_day,
        emerging_until=emerging_until,
        base=base or _base_for(person, category, granted_on),
        holder_name=holder_name,
        search_name=names.searchable(holder_name),
    )
    try:
        with transaction.atomic():
            endorsement.save(force_insert=True)
            kind = EndorsementEventKind.GRANTED_EMERGING if emerging_until else EndorsementEventKind.GRANTED
            _write(endorsement, kind, on=granted_on, valid_until=last_day, reason="", by=by, now=now)
            if not emerging_until:
                _end_emerging(endorsement, by, now)
            certificates.request(endorsement=endorsement)
            _tell(endorsement)
    except IntegrityError:
        return Endorsement.objects.get(decision_uuid=decision_uuid)
    return endorsement


def renew_until(
    *, endorsement: Endorsement, valid_until: date, on: date, by: User, reason: str = "", now: datetime | None = None
) -> Endorsement:
    """Move the last day of a held endorsement further."""
    with transaction.atomic():
        endorsement = _locked(endorsement)
        _refuse_oneself(endorsement, by)
        _demand_in_order(endorsement, on, now)
        if status_on(facts_of(endorsement), on) not in (EndorsementStatus.ACTIVE, EndorsementStatus.SUSPENDED):
            raise NotAllowed.because(
                "not_active", _("Only an active endorsement can be renewed."), fix=_("Reinstate it instead.")
            )
        if valid_until <= endorsement.valid_until:
            raise NotAllowed.because("valid_until", _("The new last day has to be later than the present one."))
        endorsement.valid_until = valid_until
        kind = EndorsementEventKind.RENEWED
        return _write(endorsement, kind, on=on, valid_until=valid_until, reason=reason, by=by, now=now)


def lapse(
    *, endorsement: Endorsement, on: date, by: User | None, reason: str, now: datetime | None = None
) -> Endorsement:
    """End it from a day on: that day is the first on which it is no longer held."""
    return _end(endorsement, EndorsementEventKind.LAPSED, on=on, by=by, reason=reason, now=now)


def remove(
    *, endorsement: Endorsement, on: date, by: User | None, reason: str, now: datetime | None = None
) -> Endorsement:
    """Take it off the registry from a day on, for instance after a sanction. The public page says so, without why."""
    return _end(endorsement, EndorsementEventKind.REMOVED, on=on, by=by, reason=reason, now=now)


def reinstate(
    *, endorsement: Endorsement, on: date, valid_until: date, by: User, reason: str, now: datetime | None = None
) -> Endorsement:
    """Give a lapsed or removed endorsement back from a day on, with a new last day."""
    with transaction.atomic():
        endorsement = _locked(endorsement)
        _refuse_oneself(endorsement, by)
        _demand_reason(reason)
        _demand_in_order(endorsement, on, now)
        status = status_on(facts_of(endorsement), on)
        if status not in (EndorsementStatus.LAPSED, EndorsementStatus.REMOVED):
            raise NotAllowed.because("not_lapsed", _("This endorsement has not lapsed, so it needs no reinstatement."))
        if valid_until < on:
            raise NotAllowed.because("valid_until", _("The new last day has to come after the reinstatement."))
        endorsement.valid_until = valid_until
        endorsement.removed_at = None
        kind = EndorsementEventKind.REINSTATED
        return _write(endorsement, kind, on=on, valid_until=valid_until, reason=reason, by=by, now=now)


def _end(
    endorsement: Endorsement,
    kind: EndorsementEventKind,
    *,
    on: date,
    by: User | None,
    reason: str,
    now: datetime | None,
) -> Endorsement:
    with transaction.atomic():
        endorsement = _locked(endorsement)
        _refuse_oneself(endorsement, by)
        _demand_reason(reason)
        _demand_in_order(endorsement, on, now)
        status = status_on(facts_of(endorsement), on)
        if status == EndorsementStatus.REMOVED or (
            status == EndorsementStatus.LAPSED and kind == EndorsementEventKind.LAPSED
        ):
            raise NotAllowed.because("already_ended", _("This endorsement has ended already."))
        endorsement.valid_until = min(endorsement.valid_until, on - timedelta(days=1))
        if kind == EndorsementEventKind.REMOVED:
            endorsement.removed_at = now or timezone.now()
        return _write(endorsement, kind, on=on, valid_until=None, reason=reason, by=by, now=now)


def _locked(endorsement: Endorsement) -> Endorsement:
    rows = Endorsement.objects.select_for_update(of=("self",))
    return rows.select_related("association__settings", "category", "base", "person").get(pk=endorsement.pk)


def _refuse_oneself(endorsement: Endorsement, by: User | None) -> None:
    if by is not None and endorsement.person.user_id == by.pk:
        raise NotAllowed.because(
            "oneself", _("Nobody changes their own endorsement."), fix=_("Ask another coordinator to do it.")
        )


def _demand_reason(reason: str) -> None:
    if not reason.strip():
        raise NotAllowed.because("reason", _("Please give a reason: it is kept with the event."))


def _demand_in_order(endorsement: Endorsement, on: date, now: datetime | None) -> None:
    """Events are recorded in the order of their days, and none before its day comes."""
    if on > day_in(now or timezone.now(), zone_of(endorsement.association)):
        raise NotAllowed.because("on", _("This day has not come yet."))
    latest = endorsement.events.order_by("-on", "-pk").first()
    if latest is not None and on < latest.on:
        raise NotAllowed.because("on", _("There is a later event already. Choose that day or a later one."))


def _write(
    endorsement: Endorsement,
    kind: EndorsementEventKind,
    *,
    on: date,
    valid_until: date | None,
    reason: str,
    by: User | None,
    now: datetime | None,
) -> Endorsement:
    endorsement.save()
    EndorsementEvent.objects.create(
        endorsement=endorsement,
        kind=kind,
        on=on,
        valid_until=valid_until,
        reason=reason.strip(),
        by=by,
        at=now or timezone.now(),
    )
    standings.follow(endorsement=endorsement, by=by)
    record(
        verb=f"endorsement.{kind}",
        obj=endorsement,
        by=by,
        chain=endorsement.association.code,
        data={"on": on.isoformat(), "valid_until": valid_until.isoformat() if valid_until else None},
        text=reason.strip(),
    )
    return endorsement


def _base_for(person: Person, category: Category, day: date) -> Endorsement | None:
    if not category.is_add_on:
        return None
    return next((row for row in held_rows(person, day) if row.category_id in category.base_any_of), None)


def _end_emerging(endorsement: Endorsement, by: User | None, now: datetime) -> None:
    """A full award takes the place of the emerging one."""
    for row in held_rows(endorsement.person, endorsement.granted_on):
        if row.pk != endorsement.pk and row.category_id == endorsement.category_id and row.emerging_until:
            lapse(endorsement=row, on=endorsement.granted_on, by=by, reason=_("Granted in full."), now=now)


def _tell(endorsement: Endorsement) -> None:
    post(
        key=f"endorsement:{endorsement.uuid}:granted",
        kind="endorsement_granted",
        template="endorsed_certificate",
        to=recipient(endorsement.person),
        context={
            "category": endorsement.category.name,
            "organization": endorsement.association.name,
            "emerging": endorsement.emerging_until is not None,
            "granted_on": endorsement.granted_on,
            "valid_until": endorsement.valid_until,
            "code": codes.grouped(endorsement.code),
            "endorsements": absolute("credentials:mine"),
            "verify": absolute("credentials:verify", endorsement.code),
        },
        scope=endorsement.association.code,
    )
