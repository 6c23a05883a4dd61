"""Changing the rules with open eyes: proposed, counted on real people, then put in force or dropped.

The row comes first; counting and telling are jobs over it. What is open keeps the rules it has pinned.
"""

from __future__ import annotations

import copy
import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.enums import ChangeTask, RuleChangeKind
from applications.models import RuleChange
from applications.queries.rule_changes import proposed_files
from competencies.actions import overlays, standards
from competencies.edition_bundle import read_bundle
from competencies.models import Edition
from competencies.queries.standards import current_overlay, edition_files, edition_for
from competencies.rules import may_change_settings, may_propose_edition, may_publish_edition
from endorsement_portal.audit import actions as audit
from endorsement_portal.jobs import JobState
from endorsement_portal.web.dates import day_in
from endorsement_portal.web.jobs import enqueue
from endorsement_portal.workflow import LostRace, NotAllowed
from members.models import Association, User
from members.queries import zone_of

TASK = "applications.work_on_rule_changes"
DAY = datetime.timedelta(days=1)


def propose_edition(
    *, association: Association, raw: bytes, by: User, now: datetime.datetime | None = None
) -> RuleChange:
    """Keep an uploaded edition beside the rules, and count whom it would concern. Nothing comes into force.

    Raises StandardsFault with every fault by its path, or NotAllowed; then nothing is kept.
    """
    now = now or timezone.now()
    if not may_propose_edition(by, association):
        raise NotAllowed.because("editors_only", _("Only an editor of rules uploads an edition."))
    files = read_bundle(raw, edition_files(edition_for(day_in(now, zone_of(association)))))
    if Edition.objects.filter(code=files.code).exists():
        raise NotAllowed.because(
            "file",
            _("An edition named %(code)s is published already, and it never changes.") % {"code": files.code},
            fix=_("Give the changed rules a new ruleset id."),
        )
    begins = datetime.date.fromisoformat(files.categories["ruleset"]["effective_from"])
    with transaction.atomic():
        change = RuleChange.objects.create(
            association=association,
            kind=RuleChangeKind.EDITION,
            content=files.content(),
            title=files.categories["ruleset"]["title"],
            base=edition_for(begins - DAY),
            effective_from=begins,
            proposed_by=by,
        )
        _proposed(change, by, {"edition": files.code, "sha256": files.sha256()})
    return change


def propose_settings(
    *, association: Association, data: dict[str, Any], by: User, now: datetime.datetime | None = None
) -> RuleChange:
    """Keep changed settings beside the ones in force, and count whom they would concern."""
    now = now or timezone.now()
    if not may_change_settings(by, association):
        raise NotAllowed.because(
            "coordinators_only", _("Only coordinators and editors of rules change an association's settings.")
        )
    today = day_in(now, zone_of(association))
    edition = edition_for(today)
    overlay = current_overlay(association, edition)
    if data == (overlay.data if overlay else {}):
        raise NotAllowed.because(
            "nothing_changed", _("These are the settings in force."), fix=_("Change something first.")
        )
    if faults := overlays.faults_of(data, edition):
        raise NotAllowed.because(
            "settings_do_not_fit", _("These settings do not fit the edition: %(why)s") % {"why": faults[0]}
        )
    with transaction.atomic():
        change = RuleChange.objects.create(
            association=association,
            kind=RuleChangeKind.SETTINGS,
            content=data,
            title=_("Settings of %(association)s") % {"association": association.name},
            base=edition,
            base_overlay=overlay,
            effective_from=today,
            proposed_by=by,
        )
        _proposed(change, by, {"edition": edition.code})
    return change


def _proposed(change: RuleChange, by: User, data: dict[str, Any]) -> None:
    audit.record(
        verb="standards.change_proposed", obj=change, by=by, chain=change.association.code,
        data={"kind": str(change.kind), **data},
    )  # fmt: skip
    enqueue(TASK)


@transaction.atomic
def publish(
    *,
    change: RuleChange,
    by: User,
    effective_from: datetime.date | None = None,
    now: datetime.datetime | None = None,
) -> RuleChange:
    """Put a counted change in force: an edition from its day on, settings at once. Everybody concerned is told once.

    Raises NotAllowed: not counted yet, dropped or published before, not this person's to publish, day taken or past.
    """
    now = now or timezone.now()
    _refuse_closed(change)
    if change.task != ChangeTask.COUNT or change.job_state != JobState.DONE:
        raise NotAllowed.because(
            "not_counted", _("It is not known yet whom this concerns."), fix=_("Wait until the count is done.")
        )
    today = day_in(now, zone_of(change.association))
    values = (
        _publish_edition(change, by, effective_from or change.effective_from, today)
        if change.kind == RuleChangeKind.EDITION
        else _publish_settings(change, by)
    )
    changed = RuleChange.objects.filter(pk=change.pk, published_at__isnull=True, discarded_at__isnull=True).update(
        published_at=now, published_by=by, task=ChangeTask.TELL, job_state=JobState.WAITING, attempts=0, looked_at=0,
        updated_at=now, **values,
    )  # fmt: skip
    if not changed:
        raise LostRace.because("change_closed", _("Somebody else was faster."), fix=_("Look at it again."))
    change.refresh_from_db()
    enqueue(TASK)
    return change


def _publish_edition(
    change: RuleChange, by: User, effective_from: datetime.date, today: datetime.date
) -> dict[str, Any]:
    if not may_publish_edition(by):
        raise NotAllowed.because(
            "operators_only",
            _("An edition holds for every association: only an operator puts it in force."),
            fix=_("Ask the people who run this installation."),
        )
    if edition_for(effective_from - DAY) != change.base:
        raise NotAllowed.because(
            "effective_from",
            _("Another edition lies between: people were counted against %(edition)s.")
            % {"edition": change.base.title},
            fix=_("Upload it again, so that it is compared with the edition before that day."),
        )
    files = copy.deepcopy(proposed_files(change))
    files.categories["ruleset"]["effective_from"] = effective_from.isoformat()
    edition = standards.publish_proposed(standards=files, by=by, today=today)
    overlays.carry(edition=edition, by=by)
    return {"edition": edition, "effective_from": effective_from}


def _publish_settings(change: RuleChange, by: User) -> dict[str, Any]:
    overlay = overlays.publish(
        association=change.association, edition=change.base, data=change.content, by=by, after=change.base_overlay
    )
    return {"edition": change.base, "overlay": overlay}


@transaction.atomic
def discard(*, change: RuleChange, by: User, now: datetime.datetime | None = None) -> RuleChange:
    """Drop a proposal. The row stays, so that it is known what was considered."""
    _refuse_closed(change)
    if not may_change_settings(by, change.association):
        raise NotAllowed.because("coordinators_only", _("Only coordinators and editors of rules do this."))
    now = now or timezone.now()
    changed = RuleChange.objects.filter(pk=change.pk, published_at__isnull=True, discarded_at__isnull=True).update(
        discarded_at=now, updated_at=now
    )
    if not changed:
        raise LostRace.because("change_closed", _("Somebody else was faster."), fix=_("Look at it again."))
    audit.record(verb="standards.change_dropped", obj=change, by=by, chain=change.association.code)
    change.refresh_from_db()
    return change


@transaction.atomic
def retry(*, change: RuleChange, by: User) -> RuleChange:
    """Let a job that was given up be tried again."""
    if not may_change_settings(by, change.association):
        raise NotAllowed.because("coordinators_only", _("Only coordinators and editors of rules do this."))
    RuleChange.objects.filter(pk=change.pk, job_state=JobState.DEAD).update(
        job_state=JobState.WAITING, attempts=0, error="", lease_until=None
    )
    change.refresh_from_db()
    enqueue(TASK)
    return change


def _refuse_closed(change: RuleChange) -> None:
    if not change.open:
        raise NotAllowed.because("change_closed", _("This change was published or dropped before."))
