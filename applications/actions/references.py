"""Asking raters: naming, inviting, sending again, canceling, replacing, vetting."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import rating_rules
from applications.actions.rating_items import ensure_items
from applications.actions.rating_mails import post_invitation, post_state, post_withdrawn
from applications.enums import ReferenceState
from applications.models import Application, Reference
from applications.queries.references import rule_of, standing, wanted_raters
from applications.rating_rules import ANSWERABLE_STATES, APPLICANT_MANAGES, OPEN_FOR_STAFF, Named
from applications.rules import is_coordinator
from endorsement_portal.audit.actions import record
from endorsement_portal.links import actions as links
from endorsement_portal.links.models import PrivateLink
from endorsement_portal.web.dates import zoned
from endorsement_portal.workflow import LostRace, NotAllowed
from members.actions.people import find_or_create
from members.models import Person, User
from members.models.person import normalize_email

PURPOSE = "rating"
LINK_OUTLIVES_DUE = datetime.timedelta(days=60)
"""A link opens past the due date: for a late rating, and for reading one's own answers."""


def _own_emails(person: Person) -> frozenset[str]:
    account = {normalize_email(person.user.email)} if person.user else set()
    return frozenset({person.email} | account)


def _today(application: Application, now: datetime.datetime) -> datetime.date:
    return zoned(now, application.association.settings.time_zone).date()


def _demand_open(application: Application, *, as_staff: bool) -> None:
    if application.status not in (OPEN_FOR_STAFF if as_staff else APPLICANT_MANAGES):
        raise NotAllowed.because(
            "references_closed",
            _("Raters can be changed until the review starts."),
            fix=_("Write to your coordinator: they can still replace a rater."),
            where="messages",
        )


def _due_on(application: Application, now: datetime.datetime) -> datetime.date:
    """So many days from now, but not after the cohort's deadline while that lies ahead."""
    cohort = application.enrolment.cohort
    usual = _today(application, now) + datetime.timedelta(days=application.association.settings.rating_due_days)
    deadline = zoned(cohort.submission_deadline_at, cohort.time_zone).date()
    return min(usual, deadline) if deadline > _today(application, now) else usual


def _audit(verb: str, reference: Reference, by: User | None, **data: object) -> None:
    record(
        verb=f"reference.{verb}",
        obj=reference,
        by=by,
        chain=reference.application.association.code,
        data={"application": str(reference.application.uuid), **data},
    )


@transaction.atomic
def name(
    *,
    application: Application,
    by: User,
    rater_name: str,
    email: str,
    slot: str,
    known_since: datetime.date,
    waived: bool,
    as_staff: bool = False,
    now: datetime.datetime | None = None,
) -> Reference:
    """Name a rater. Nothing leaves yet. Refused with findings; hints for the coordinator do not stop it."""
    now = now or timezone.now()
    Application.objects.select_for_update().get(pk=application.pk)
    _demand_open(application, as_staff=as_staff)
    rule = rule_of(application)
    if rule is None:
        raise NotAllowed.because("no_references", _("This category asks for no ratings."))
    email = normalize_email(email)
    others = standing(application.references.select_related("rater"))
    wanted = wanted_raters(application, now)
    named = Named(
        email=email,
        slot=slot,
        known_since=known_since,
        today=_today(application, now),
        own_emails=_own_emails(application.person),
        other_emails=frozenset(other.rater.email for other in others),
        open_roles=wanted.roles,
        nobody_wanted=wanted.reason,
        named_last_day=Reference.objects.filter(
            application__person=application.person, created_at__gt=now - datetime.timedelta(days=1)
        ).count(),
    )
    refused = [finding for finding in rating_rules.naming_findings(rule, named) if finding.blocking]
    if refused:
        raise NotAllowed(refused)
    reference = Reference.objects.create(
        application=application,
        rater=find_or_create(email=email, name=rater_name),
        slot=slot,
        known_since=known_since,
        waived=waived,
        due_on=_due_on(application, now),
    )
    _audit("named", reference, by, slot=slot, waived=waived)
    return reference


@transaction.atomic
def ask(*, reference: Reference, by: User, now: datetime.datetime | None = None) -> Reference:
    """Send the first invitation with the rater's private link."""
    now = now or timezone.now()
    changed = Reference.objects.filter(pk=reference.pk, state=ReferenceState.NAMED).update(
        state=ReferenceState.ASKED, asked_at=now, asked_count=1, updated_at=now
    )
    if not changed:
        raise LostRace.because("already_asked", _("This rater has already been asked."))
    reference.refresh_from_db()
    ensure_items(edition=reference.application.edition, category=reference.application.category)
    post_invitation(reference, _new_link(reference, now))
    _audit("asked", reference, by)
    return reference


def _new_link(reference: Reference, now: datetime.datetime) -> PrivateLink:
    days = max((reference.due_on - now.date()).days, 0)
    return links.issue(
        purpose=PURPOSE,
        object_uuid=reference.uuid,
        valid_for=datetime.timedelta(days=days) + LINK_OUTLIVES_DUE,
        now=now,
    )


@transaction.atomic
def invite(
    *,
    application: Application,
    by: User,
    rater_name: str,
    email: str,
    slot: str,
    known_since: datetime.date,
    waived: bool,
    as_staff: bool = False,
    now: datetime.datetime | None = None,
) -> Reference:
    """Name and ask in one act, as the form does: the waiver is settled before the invitation leaves."""
    reference = name(
        application=application,
        by=by,
        rater_name=rater_name,
        email=email,
        slot=slot,
        known_since=known_since,
        waived=waived,
        as_staff=as_staff,
        now=now,
    )
    return ask(reference=reference, by=by, now=now)


@transaction.atomic
def resend(
    *, reference: Reference, by: User, as_staff: bool = False, now: datetime.datetime | None = None
) -> Reference:
    """The same link once more, or a new one when it expired. At most once a day, whoever asks."""
    now = now or timezone.now()
    _demand_open(reference.application, as_staff=as_staff)
    if reference.state not in ANSWERABLE_STATES:
        raise NotAllowed.because("not_waiting", _("This rater does not have an open invitation."))
    if not rating_rules.may_resend(reference.asked_at, now):
        raise NotAllowed.because(
            "asked_today", _("We wrote to this rater less than a day ago."), fix=_("Please try again tomorrow.")
        )
    changed = Reference.objects.filter(pk=reference.pk, asked_count=reference.asked_count).update(
        asked_at=now,
        asked_count=reference.asked_count + 1,
        state=ReferenceState.ASKED if reference.state == ReferenceState.BOUNCED else reference.state,
        updated_at=now,
    )
    if not changed:
        raise LostRace.because("asked_today", _("We have just written to this rater."))
    reference.refresh_from_db()
    link = PrivateLink.objects.live(now).opening(purpose=PURPOSE, object_uuid=reference.uuid).first()
    post_invitation(reference, link or _new_link(reference, now))
    _audit("asked_again", reference, by, count=reference.asked_count)
    return reference


@transaction.atomic
def cancel(
    *, reference: Reference, by: User, as_staff: bool = False, now: datetime.datetime | None = None
) -> Reference:
    """Withdraw the request; the link dies at once. A rating that was received stays."""
    now = now or timezone.now()
    _demand_open(reference.application, as_staff=as_staff)
    changed = Reference.objects.filter(pk=reference.pk, state__in=[ReferenceState.NAMED, *ANSWERABLE_STATES]).update(
        state=ReferenceState.CANCELED, ended_at=now, updated_at=now
    )
    if not changed:
        raise LostRace.because("not_waiting", _("This rating has already been received, declined or canceled."))
    was_asked = reference.asked_at is not None
    reference.refresh_from_db()
    links.revoke(purpose=PURPOSE, object_uuid=reference.uuid, now=now)
    if was_asked:
        post_withdrawn(reference)
    _audit("canceled", reference, by)
    return reference


@transaction.atomic
def replace(
    *,
    reference: Reference,
    by: User,
    rater_name: str,
    email: str,
    slot: str,
    known_since: datetime.date,
    waived: bool,
    as_staff: bool = False,
    now: datetime.datetime | None = None,
) -> Reference:
    """Ask somebody else instead. The old link dies at once, also when the new rater is refused nothing changes."""
    if reference.state not in rating_rules.ENDED_STATES:
        cancel(reference=reference, by=by, as_staff=as_staff, now=now)
    return invite(
        application=reference.application,
        by=by,
        rater_name=rater_name,
        email=email,
        slot=slot,
        known_since=known_since,
        waived=waived,
        as_staff=as_staff,
        now=now,
    )


def invite_or_replace(application: Application, replaced: Reference | None, *, by: User, **rater: Any) -> Reference:
    """What the form does: somebody new, or somebody in the place of another."""
    if replaced is None:
        return invite(application=application, by=by, **rater)
    replaced.application = application
    return replace(reference=replaced, by=by, **rater)


@transaction.atomic
def vet(*, reference: Reference, by: User, now: datetime.datetime | None = None) -> Reference:
    """A coordinator vouches for this rater, never for themself. The call is theirs; here stands who and when."""
    if not is_coordinator(by, reference.application):
        raise NotAllowed.because("actor", _("Only a coordinator of the association can do this, never for themselves."))
    if reference.rater.user_id == by.pk:
        raise NotAllowed.because(
            "oneself", _("Nobody vets themself as a rater."), fix=_("Ask another coordinator to do it.")
        )
    if reference.state == ReferenceState.CANCELED:
        raise NotAllowed.because("canceled", _("This request was canceled."))
    reference.vetted_by, reference.vetted_at = by, now or timezone.now()
    reference.save(update_fields=["vetted_by", "vetted_at", "updated_at"])
    _audit("vetted", reference, by)
    return reference


@transaction.atomic
def mark_bounced(*, reference: Reference, by: User | None = None) -> Reference:
    """Our mail to this rater came back. Only a request that nobody has opened yet can bounce."""
    changed = Reference.objects.filter(pk=reference.pk, state=ReferenceState.ASKED).update(
        state=ReferenceState.BOUNCED, updated_at=timezone.now()
    )
    if changed:
        reference.refresh_from_db()
        post_state(reference)
        _audit("bounced", reference, by)
    return reference
