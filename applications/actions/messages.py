"""Words between the applicant and the association's coordinators, in context. Mail carries a link, never the words."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.actions import notices
from applications.models import Application, Message
from applications.rules import is_applicant, is_coordinator
from endorsement_portal.audit.actions import record
from endorsement_portal.web.addresses import absolute
from endorsement_portal.workflow import NotAllowed
from members.models import User

MERGED_FOR = datetime.timedelta(minutes=5)
"""Messages of one side within this time are announced by one mail."""


@transaction.atomic
def write(
    *, application: Application, by: User, body: str, requirement_key: str = "", now: datetime.datetime | None = None
) -> Message:
    """A message to the other side. Only the applicant and coordinators of the association take part."""
    now = now or timezone.now()
    from_staff = is_coordinator(by, application)
    if not from_staff and not is_applicant(by, application):
        raise NotAllowed.because("actor", _("This conversation is between the applicant and the coordinators."))
    if not body.strip():
        raise NotAllowed.because("body", _("Write something first."))
    message = Message.objects.create(
        application=application,
        author=by,
        from_staff=from_staff,
        requirement_key=requirement_key[:60],
        body=body.strip(),
        at=now,
    )
    record(
        verb="application.message_written",
        obj=application,
        by=by,
        chain=application.association.code,
        data={"message": str(message.uuid), "from_staff": from_staff},
    )
    bucket = int(now.timestamp() // MERGED_FOR.total_seconds())
    key = f"msg:{application.uuid}:{'staff' if from_staff else 'applicant'}:{bucket}"
    if from_staff:
        notices.tell_applicant(
            application,
            kind="message",
            key=key,
            address=absolute("applications:messages", application.uuid),
            due_at=now + MERGED_FOR,
        )
    else:
        notices.tell_coordinators(application, kind="message_desk", key=key)
    return message


def mark_read(*, application: Application, by: User, now: datetime.datetime | None = None) -> int:
    """What the other side wrote counts as read once this side opens the page. Returns how many were new."""
    staff_reads = is_coordinator(by, application)
    if not staff_reads and not is_applicant(by, application):
        return 0
    unread = Message.objects.filter(application=application, from_staff=not staff_reads, read_at__isnull=True)
    return unread.update(read_at=now or timezone.now())
