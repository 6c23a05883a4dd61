"""Telling people what a corrected standing changed in their counted hours (N40): in the portal and by mail, once."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation

from applications.queries.recounts import Affected, affected_by
from competencies.models import StandingChange
from competencies.recount_words import sentences
from endorsement_portal import jobs
from endorsement_portal.outbox.actions import post
from endorsement_portal.web.addresses import absolute
from endorsement_portal.web.dates import day_in
from endorsement_portal.web.jobs import enqueue
from members.models import Person
from members.queries import recipient, zone_of

TASK = "applications.tell_recounts"
SWEEP_MAX = 20


def _rows() -> QuerySet[StandingChange]:
    return StandingChange.objects.select_related("person", "association__settings")


def soon() -> None:
    """Ask for the job once the act is committed; the sweep would come to it anyway."""
    enqueue(TASK)


def tell_pending(*, now: datetime.datetime | None = None) -> int:
    """The sweep: corrections that wait, the oldest first; how many were worked on."""
    now = now or timezone.now()
    waiting = list(jobs.due(_rows(), now).order_by("pk").values_list("pk", flat=True)[:SWEEP_MAX])
    return sum(jobs.work(_rows(), pk, lambda row: tell(row, now), now=now) for pk in waiting)


@transaction.atomic
def tell(change: StandingChange, now: datetime.datetime) -> None:
    """One message for each person whose counted minutes changed. The key makes a second run silent."""
    today = day_in(now, zone_of(change.association)) if change.association else now.date()
    told = 0
    for person, found in affected_by(change, today):
        _post(change, person, found)
        told += 1
    jobs.finish(change, told=told)


def _post(change: StandingChange, person: Person, found: list[Affected]) -> None:
    with translation.override(person.language):
        lines = [line for affected in found for line in sentences(affected.found, _category_in_words(affected))]
    scope = next((affected.aim.association for affected in found if affected.aim.association), None)
    post(
        key=f"recount:{change.uuid}:{person.uuid}",
        kind="hours_recounted",
        template="hours_recounted",
        to=recipient(person),
        context={
            "organization": scope.name if scope else "",
            "provider": change.person.name,
            "lines": lines,
            "address": absolute("gap", found[0].category.slug) if len(found) == 1 else absolute("gap_index"),
        },
        scope=scope.code if scope else "",
    )


def _category_in_words(affected: Affected) -> str:
    return f"{affected.category.license} {affected.category.name}"
