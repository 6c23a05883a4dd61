"""Planning reminders: facts, then the pure judge, then one mail a person and day, with each step remembered."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from applications.enums import Reminder
from applications.models import ReminderStep, ReminderStepState
from applications.queries.briefs import Reader, readers
from applications.queries.reminders import Gathered, gather
from applications.reminders import DueReminder, Judgement, ReminderMail, brief_is_due, judged, local_day, mails
from endorsement_portal.outbox.actions import post
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.outbox.recipients import Recipient
from members.queries import recipient

OPTIONAL = frozenset({Reminder.MILESTONE, Reminder.REVIEW_DUE})
"""Kinds a person may switch off; the others run the application."""
MIXED_KIND = "reminders"


@dataclass(frozen=True, slots=True)
class Planned:
    """One mail that goes, or would go: to whom, under which key, with which steps."""

    key: str
    to: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    mails: tuple[Planned, ...]
    passed_over: tuple[str, ...]


def plan(now: datetime.datetime | None = None, *, dry_run: bool = False) -> Plan:
    """Post what is due now. Run it twice, or twice at once, and nothing goes twice; `dry_run` writes nothing."""
    now = now or timezone.now()
    gathered = gather(now)
    judgement = judged(now, gathered.facts)
    chosen = mails(now, judgement.due)
    if dry_run:
        sent = [_planned(mail, gathered) for mail in chosen]
        return Plan((*sent, *_briefs(now, dry_run=True)), tuple(step.key for step in judgement.passed_over))
    _pass_over(judgement, now)
    sent = [_planned(mail, gathered) for mail in chosen if _send(mail, gathered, now)]
    return Plan((*sent, *_briefs(now, dry_run=False)), tuple(step.key for step in judgement.passed_over))


def _planned(mail: ReminderMail, gathered: Gathered) -> Planned:
    return Planned(
        key=mail.key,
        to=gathered.people[mail.person].email,
        lines=tuple(reminder.key for reminder in mail.reminders),
    )


def _pass_over(judgement: Judgement, now: datetime.datetime) -> None:
    ReminderStep.objects.bulk_create(
        [
            ReminderStep(
                key=step.key,
                kind=step.subject.kind,
                person_id=step.subject.person,
                state=ReminderStepState.SKIPPED,
                reason=step.reason,
                deadline_at=step.subject.due_at,
                at=now,
            )
            for step in judgement.passed_over
        ],
        ignore_conflicts=True,
    )


def _line(reminder: DueReminder) -> dict[str, Any]:
    return {"kind": str(reminder.subject.kind), **reminder.subject.context}


def _send(mail: ReminderMail, gathered: Gathered, now: datetime.datetime) -> bool:
    """The mail and the memory of its steps, or neither. False when another planner was faster."""
    kinds = {reminder.subject.kind for reminder in mail.reminders}
    try:
        with transaction.atomic():
            message = post(
                key=mail.key,
                kind=str(kinds.pop()) if len(kinds) == 1 else MIXED_KIND,
                template="reminders",
                to=recipient(gathered.people[mail.person]),
                context={"lines": [_line(reminder) for reminder in mail.reminders], "count": len(mail.reminders)},
                scope=gathered.scopes[mail.reminders[0].subject.object],
                required=any(reminder.subject.kind not in OPTIONAL for reminder in mail.reminders),
            )
            if message is None:
                return False
            ReminderStep.objects.bulk_create(
                ReminderStep(
                    key=reminder.key,
                    kind=reminder.subject.kind,
                    person_id=mail.person,
                    state=ReminderStepState.SENT,
                    message_key=mail.key,
                    deadline_at=reminder.subject.due_at,
                    at=now,
                )
                for reminder in mail.reminders
            )
    except IntegrityError:  # a step was taken by another planner meanwhile: its mail carries it
        return False
    return True


# --- The coordinators' brief --------------------------------------------------------------------


def _briefs(now: datetime.datetime, *, dry_run: bool) -> list[Planned]:
    due = [reader for reader in readers(now) if reader.desks and brief_is_due(now, reader.zone)]
    keys = {_brief_key(reader, now): reader for reader in due}
    used = set(OutgoingMessage.objects.filter(key__in=keys).values_list("key", flat=True)) if keys else set()
    fresh = {key: reader for key, reader in keys.items() if key not in used}
    return [
        Planned(key=key, to=reader.user.email, lines=tuple(desk.code for desk in reader.desks))
        for key, reader in fresh.items()
        if dry_run or _send_brief(key, reader)
    ]


def _brief_key(reader: Reader, now: datetime.datetime) -> str:
    return f"brief:{reader.user.uuid}:{local_day(now, reader.zone).isoformat()}"


def _send_brief(key: str, reader: Reader) -> bool:
    person = getattr(reader.user, "person", None)
    email = reader.user.email
    message = post(
        key=key,
        kind="brief",
        template="brief",
        to=recipient(person) if person else Recipient(email=email, name=email, user=reader.user),
        context={
            "desks": [
                {
                    "association": desk.association,
                    "address": desk.address,
                    "waiting": [{"kind": kind, "count": count} for kind, count in desk.waiting],
                }
                for desk in reader.desks
            ],
        },
        scope=reader.desks[0].code,
        required=False,
    )
    return message is not None
