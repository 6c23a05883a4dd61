"""Providers' dated standings, as a coordinator of an association records them."""

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from competencies.actions.standing_changes import noted
from competencies.enums import StandingKind
from competencies.models import Category, Standing
from competencies.rules import may_change_standing, may_record_standing
from endorsement_portal.audit import actions as audit
from endorsement_portal.workflow import LostRace, NotAllowed
from members.enums import Provenance
from members.models import Association, Person, User

ADD_ON_KINDS = frozenset({StandingKind.ADD_ON, StandingKind.EMERGING})


def record_standing(
    *,
    person: Person,
    code: str,
    kind: StandingKind,
    starts_on: datetime.date,
    association: Association,
    by: User,
    ends_on: datetime.date | None = None,
    source: str = "",
) -> Standing:
    """Say that a person may give RSC or vouch, as `code`, from day to day, both included (decision 6)."""
    _refuse_outsiders(by, association, person)
    _refuse_ends_before_start(starts_on, ends_on)
    _refuse_wrong_code(code, kind)
    with transaction.atomic(), noted(person, association):
        _refuse_overlap(person=person, code=code, kind=kind, starts_on=starts_on, ends_on=ends_on)
        standing = Standing.objects.create(
            person=person,
            code=code,
            kind=kind,
            starts_on=starts_on,
            ends_on=ends_on,
            provenance=Provenance.CONFIRMED_HERE,
            association=association,
            source=source,
            recorded_by=by,
        )
        audit.record(
            verb="providers.standing_recorded",
            obj=standing,
            by=by,
            chain=association.code,
            data={"code": code, "kind": str(kind), "from": str(starts_on), "to": str(ends_on) if ends_on else None},
        )
    return standing


def end_standing(
    *, standing: Standing, ends_on: datetime.date, association: Association, by: User, reason: str = ""
) -> Standing:
    """Set the last day of a standing. Sessions after it no longer count; those before keep counting."""
    _refuse_outsiders(by, association, standing.person)
    _refuse_elsewhere(standing, association)
    _refuse_ends_before_start(standing.starts_on, ends_on)
    with transaction.atomic(), noted(standing.person, association):
        unchanged = Standing.objects.filter(pk=standing.pk, ends_on=standing.ends_on)
        if not unchanged.update(ends_on=ends_on, updated_at=timezone.now()):
            raise _changed_meanwhile()
        audit.record(
            verb="providers.standing_ended",
            obj=standing,
            by=by,
            chain=association.code,
            data={"to": str(ends_on), "was": str(standing.ends_on) if standing.ends_on else None},
            text=reason,
        )
    standing.refresh_from_db()
    return standing


def correct_standing(
    *,
    standing: Standing,
    code: str,
    kind: StandingKind,
    starts_on: datetime.date,
    ends_on: datetime.date | None,
    source: str,
    reason: str,
    association: Association,
    by: User,
) -> Standing:
    """Put right what was recorded wrongly. Every session is judged again by its own date; those affected are told.

    `standing` is the row as it was shown: one that changed since is a LostRace. A standing that follows an endorsement
    is corrected there.
    """
    _refuse_outsiders(by, association, standing.person)
    _refuse_elsewhere(standing, association)
    _refuse_ends_before_start(starts_on, ends_on)
    _refuse_wrong_code(code, kind)
    seen = {"code": standing.code, "kind": standing.kind, "starts_on": standing.starts_on, "ends_on": standing.ends_on}
    with transaction.atomic(), noted(standing.person, association):
        _refuse_overlap(
            person=standing.person, code=code, kind=kind, starts_on=starts_on, ends_on=ends_on, but=standing
        )
        changed = Standing.objects.filter(pk=standing.pk, **seen).update(
            code=code,
            kind=kind,
            starts_on=starts_on,
            ends_on=ends_on,
            source=source,
            provenance=Provenance.CONFIRMED_HERE,
            association=association,
            recorded_by=by,
            updated_at=timezone.now(),
        )
        if not changed:
            raise _changed_meanwhile()
        audit.record(
            verb="providers.standing_corrected",
            obj=standing,
            by=by,
            chain=association.code,
            data={
                "was": {name: str(value) for name, value in seen.items()},
                "code": code, "kind": str(kind), "from": str(starts_on), "to": str(ends_on) if ends_on else None,
            },
            text=reason,
        )  # fmt: skip
    standing.refresh_from_db()
    return standing


def _changed_meanwhile() -> NotAllowed:
    return LostRace.because(
        "standing_changed_meanwhile", _("Somebody else changed this standing first."), fix=_("Look at it again.")
    )


def _refuse_elsewhere(standing: Standing, association: Association) -> None:
    if standing.association_id not in (None, association.pk):
        raise NotAllowed.because(
            "recorded_elsewhere",
            _("Another association recorded this standing."),
            fix=_("Ask its coordinator to change it."),
        )


def _refuse_ends_before_start(starts_on: datetime.date, ends_on: datetime.date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise NotAllowed.because(
            "ends_before_start", _("The last day is before the first day."), fix=_("Check both dates.")
        )


def _refuse_outsiders(by: User, association: Association, person: Person) -> None:
    if not may_record_standing(by, association):
        raise NotAllowed.because(
            "coordinators_only", _("Only a coordinator of this association records providers' standings.")
        )
    if not may_change_standing(by, person, association):
        raise NotAllowed.because(
            "oneself", _("Nobody changes their own standing."), fix=_("Ask another coordinator to do it.")
        )


def _refuse_wrong_code(code: str, kind: StandingKind) -> None:
    category = Category.objects.filter(code=code).first()
    fits = category is not None and (
        category.is_add_on if kind in ADD_ON_KINDS else kind == StandingKind.VETTED or not category.is_add_on
    )
    if not fits:
        raise NotAllowed.because(
            "code_does_not_fit",
            _("This code does not fit this kind of standing."),
            fix=_("An endorsement names its category; the add-on and its emerging status name the add-on."),
        )


def _refuse_overlap(
    *,
    person: Person,
    code: str,
    kind: StandingKind,
    starts_on: datetime.date,
    ends_on: datetime.date | None,
    but: Standing | None = None,
) -> None:
    same = Standing.objects.trusted().filter(person=person, code=code, kind=kind)
    if but is not None:
        same = same.exclude(pk=but.pk)
    overlapping = same.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
    if ends_on is not None:
        overlapping = overlapping.filter(starts_on__lte=ends_on)
    if overlapping.exists():
        raise NotAllowed.because(
            "standing_overlaps",
            _("There is already such a standing in these days."),
            fix=_("End the earlier one first, or choose other days."),
        )
