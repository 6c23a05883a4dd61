"""Sending an application: snapshot, packets, status, history and mails in one transaction; the packets are built
later."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import snapshot
from applications.actions import notices, transitions
from applications.enums import Action, PacketKind
from applications.models import Application, Packet, Submission
from applications.queries.facts import application_facts
from applications.queries.submission import snapshot_parts
from applications.rules import actor_of
from applications.signing import same_name
from endorsement_portal.audit.actions import record
from endorsement_portal.web.addresses import absolute
from endorsement_portal.web.jobs import enqueue
from endorsement_portal.workflow import NotAllowed
from members.models import User

DECLARATION = gettext_lazy(
    "I state that what I send is true and my own, that no family can be recognized in it, and that I have not been "
    "sanctioned by a professional licensing board. I agree that the reviewers appointed by the association read it."
)
BUILD_TASK = "applications.build_packet"


def submit(*, application: Application, by: User, declaration: str, now: datetime.datetime | None = None) -> Submission:
    """Freezes the application as it is now and sends it.

    `declaration` is the name typed under the declaration. The first submission is bound to the cohort's deadline; one
    after changes or a deferral is not. Exactly one of several racers wins: the others get LostRace.
    """
    with transaction.atomic():
        now = now or timezone.now()
        row = transitions.lock(application)
        actor = actor_of(by, row)
        facts = application_facts(row, now)
        transitions.check(application=row, action=Action.SUBMIT, actor=actor, facts=facts)
        if not same_name(declaration, row.person.name):
            raise NotAllowed.because(
                "declaration",
                _("Type your name as it stands in your profile: %(name)s") % {"name": row.person.name},
                where="declaration",
            )
        assert facts.application is not None
        number = facts.application.submissions + 1
        parts = snapshot_parts(
            row,
            facts,
            number=number,
            now=now,
            declaration={"text": str(DECLARATION), "typed_name": declaration.strip()},
        )
        text = snapshot.canonical(snapshot.build(parts))
        submission = Submission.objects.create(
            application=row,
            number=number,
            snapshot=text,
            snapshot_sha256=snapshot.digest(text),
            submitted_at=now,
            submitted_by=by,
        )
        packets = [Packet.objects.create(submission=submission, kind=kind) for kind in PacketKind]
        row = transitions.perform(application=row, action=Action.SUBMIT, by=by, actor=actor, facts=facts, now=now)
        record(
            verb="application.frozen",
            obj=row,
            by=by,
            chain=row.association.code,
            data={"submission": str(submission.uuid), "number": number, "sha256": submission.snapshot_sha256},
        )
        _tell(row, submission)
        for packet in packets:
            enqueue(BUILD_TASK, str(packet.uuid))
    return submission


def _tell(application: Application, submission: Submission) -> None:
    key = f"submit:{submission.uuid}"
    page = absolute("applications:confirmation", application.uuid, submission.number)
    notices.tell_applicant(
        application,
        kind="submitted",
        key=f"{key}:{application.person.uuid}",
        address=page,
        submitted_at=submission.submitted_at,
    )
    notices.tell_coordinators(application, kind="submitted_desk", key=key, number=submission.number)
