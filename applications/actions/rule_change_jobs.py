"""Counting whom a change of the rules concerns, and telling them once it is in force (N78)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from applications.enums import ChangeTask, RuleChangeKind
from applications.models import RuleChange, RuleChangeLine
from applications.queries.belonging import belonging_to
from applications.queries.rule_changes import LEASE_ROWS, Comparison, Concerned, concerned, people_to_look_at
from competencies.edition_diff import CategoryDiff, Kind
from competencies.recount_words import needed_now
from endorsement_portal import jobs
from endorsement_portal.outbox.actions import post
from endorsement_portal.web.addresses import absolute
from endorsement_portal.web.dates import day_in
from members.models import Person
from members.queries import recipient, zone_of

BATCH = 50
"""People in one transaction: progress moves, and a worker that is killed loses no more than this."""
SWEEP_MAX = 5
LINES_IN_NOTE_MAX = 12


def _rows() -> QuerySet[RuleChange]:
    return RuleChange.objects.select_related(*LEASE_ROWS)


def work_on_pending(*, now: datetime.datetime | None = None) -> int:
    """The sweep: what waits to be counted or told, the oldest first; how many were worked on."""
    now = now or timezone.now()
    waiting = jobs.due(_rows().filter(discarded_at__isnull=True), now).order_by("pk")
    found = list(waiting.values_list("pk", flat=True)[:SWEEP_MAX])
    return sum(jobs.work(_rows(), pk, lambda change: _work(change, now), now=now) for pk in found)


def _work(change: RuleChange, now: datetime.datetime) -> None:
    today = day_in(now, zone_of(change.association))
    if change.task == ChangeTask.COUNT:
        count(change, today)
    else:
        tell(change, today)


def count(change: RuleChange, today: datetime.date) -> None:
    """Judge everybody before and after. A second run begins anew: a line is there once."""
    comparison = Comparison(change)
    own = set(belonging_to(change.association).values_list("pk", flat=True))
    change.lines.all().delete()
    jobs.mine(change).update(looked_at=0, elsewhere=0)
    for people in _batches(change):
        with transaction.atomic():
            elsewhere = 0
            for _person, found in concerned(comparison, people, today):
                shown = [one for one in found if _is_own(change, one, own)]
                RuleChangeLine.objects.bulk_create(_line(change, one) for one in shown)
                elsewhere += any(not one.stays for one in found if one not in shown)
            _step(change, people, elsewhere=F("elsewhere") + elsewhere)
    jobs.finish(change, counted_on=today)


def _is_own(change: RuleChange, one: Concerned, own: set[int]) -> bool:
    """Seats and applications belong to the association they are with; a portfolio to where its owner is known."""
    if one.aim.application is not None or one.aim.planned:
        return one.aim.association == change.association
    return one.aim.person.pk in own


def _line(change: RuleChange, one: Concerned) -> RuleChangeLine:
    found = one.found
    return RuleChangeLine(
        change=change,
        person=one.aim.person,
        category=one.aim.category,
        application=one.aim.application,
        planned=one.aim.planned,
        met_before=found.met_before,
        met_after=found.met_after,
        short_before=found.short_before,
        short_after=found.short_after,
        details=[
            {
                "label": row.label,
                "have_before": row.have_before, "have_after": row.have_after,
                "need_before": row.need_before, "need_after": row.need_after,
                "short_before": row.short_before, "short_after": row.short_after,
                "met_before": row.met_before, "met_after": row.met_after,
            }
            for row in found.changes
        ],
    )  # fmt: skip


def _batches(change: RuleChange) -> Iterator[list[Person]]:
    everybody = list(people_to_look_at(change).values_list("pk", flat=True))
    jobs.mine(change).update(people=len(everybody), looked_at=0)
    for start in range(0, len(everybody), BATCH):
        chosen = everybody[start : start + BATCH]
        yield list(Person.objects.filter(pk__in=chosen).select_related("user").order_by("pk"))


def _step(change: RuleChange, people: list[Person], **values: Any) -> None:
    """Progress, and proof that the lease still holds: the batch is undone when it does not."""
    held = jobs.mine(change).update(
        looked_at=F("looked_at") + len(people), lease_until=timezone.now() + jobs.LEASE, **values
    )
    if not held:
        raise jobs.LeaseLost


def tell(change: RuleChange, today: datetime.date) -> None:
    """One note for each person whom the change concerns: what stays, what is asked from now on, where they stand."""
    comparison = Comparison(change)
    for people in _batches(change):
        with transaction.atomic():
            told = 0
            for person, found in concerned(comparison, people, today):
                if found:
                    told += _note(comparison, person, found)
            _step(change, people, told=F("told") + told)
    jobs.finish(change)


def _note(comparison: Comparison, person: Person, found: list[Concerned]) -> bool:
    change = comparison.change
    with translation.override(person.language):
        categories = [_category_words(comparison, one) for one in found]
    association = next((one.aim.association for one in found if one.aim.association), None)
    slug = found[0].category.slug
    message = post(
        key=f"rules:{change.uuid}:{person.uuid}",
        kind="rules_changed",
        template="rules_changed",
        to=recipient(person),
        context={
            "organization": association.name if association else "",
            "title": change.title,
            "is_edition": change.kind == RuleChangeKind.EDITION,
            "effective_from": change.effective_from,
            "categories": categories,
            "address": absolute("gap", slug) if len(found) == 1 else absolute("gap_index"),
        },
        scope=association.code if association else "",
    )
    return message is not None


def _category_words(comparison: Comparison, one: Concerned) -> dict[str, Any]:
    changed = next((row for row in comparison.differences(one.aim.association) if row.code == one.aim.category), None)
    lines = list(_rule_lines(changed)) if changed else []
    return {
        "name": f"{one.category.license} {one.category.name}",
        "reference": one.aim.application.reference_number if one.aim.application else "",
        "rules": lines[:LINES_IN_NOTE_MAX],
        "more": max(0, len(lines) - LINES_IN_NOTE_MAX),
        "you": [needed_now(row) for row in one.found.changes],
        "met_before": one.found.met_before,
        "met_after": one.found.met_after,
    }


def _rule_lines(changed: CategoryDiff) -> Iterator[str]:
    """Reflective supervision/consultation received, hours asked: 30 h, before 24 h."""
    for requirement in changed.requirements:
        if requirement.kind is Kind.ADDED:
            yield _("New: %(rule)s") % {"rule": requirement.words}
        elif requirement.kind is Kind.REMOVED:
            yield _("No longer asked: %(rule)s") % {"rule": requirement.words}
        for value in requirement.values:
            if value.judges:
                yield _("%(rule)s, %(what)s: %(new)s, before %(old)s") % {
                    "rule": requirement.label, "what": value.label.lower(), "new": value.new, "old": value.old
                }  # fmt: skip
    for value in changed.values:
        if value.judges:
            yield _("%(what)s: %(new)s, before %(old)s") % {"what": value.label, "new": value.new, "old": value.old}
