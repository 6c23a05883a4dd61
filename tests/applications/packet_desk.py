"""A submission with a small snapshot, for tests of files and leases rather than of rules."""

from __future__ import annotations

import datetime
import hashlib
import json
from typing import Any

from applications.enums import PacketKind
from applications.models import Application, Packet, Submission
from tests.applications import packet_samples as samples


def small_submission(application: Application, now: datetime.datetime, **values: Any) -> Submission:
    """With both packets waiting. `values` go to packet_samples.snapshot."""
    text = json.dumps(samples.snapshot(**{"trainings": 3, "sessions": 3, **values}), separators=(",", ":"))
    made = Submission.objects.create(
        application=application,
        number=1,
        snapshot=text,
        snapshot_sha256=hashlib.sha256(text.encode()).hexdigest(),
        submitted_at=now,
        submitted_by=application.person.user,
    )
    for kind in PacketKind:
        Packet.objects.create(submission=made, kind=kind)
    return made
