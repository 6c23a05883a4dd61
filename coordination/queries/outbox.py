"""Mail of one association: what will go out, what went out, what needs a look.

Whoever applies where they work sees no mail about their own application here: it would name their reviewers.
"""

import datetime
import uuid

from django.db.models import Q, QuerySet

from applications.models import Application, Reference, ReminderStep, ReviewAssignment
from coordination.mail_words import words_of
from endorsement_portal.outbox.models import MessageState, OutgoingMessage
from members.models import Association, User

VIEWS = {
    "upcoming": [MessageState.NEW, MessageState.LEASED, MessageState.HELD],
    "attention": [MessageState.UNCERTAIN, MessageState.DEAD],
    "sent": [MessageState.SENT],
    "skipped": [MessageState.SKIPPED],
}


def at_desk(association: Association, reader: User) -> QuerySet[OutgoingMessage]:
    """Mail of the association that this member of staff may read: all but what concerns their own applications."""
    rows = OutgoingMessage.objects.filter(scope=association.code)
    own = Application.objects.visible_to(reader)
    numbers = list(own.values_list("reference_number", flat=True))
    if not numbers:
        return rows
    elsewhere = Q(context__reference_number__isnull=True) | ~Q(context__reference_number__in=numbers)
    named = Q()
    for model in (Reference, ReviewAssignment):
        for uuid_ in model.objects.filter(application__in=own).values_list("uuid", flat=True):
            named |= Q(key__contains=str(uuid_))
    if not named:
        return rows.filter(elsewhere)
    reminders = ReminderStep.objects.filter(named).values("message_key")
    return rows.filter(elsewhere).exclude(named).exclude(key__in=reminders)


def messages(
    association: Association, reader: User, *, view: str = "upcoming", search: str = ""
) -> QuerySet[OutgoingMessage]:
    rows = at_desk(association, reader).filter(state__in=VIEWS.get(view, VIEWS["upcoming"]))
    if search:
        rows = rows.filter(Q(to_email__istartswith=search.lower()) | Q(to_name__icontains=search))
    return rows.order_by("due_at" if view == "upcoming" else "-due_at", "id")


def one(association: Association, message: uuid.UUID, reader: User) -> OutgoingMessage | None:
    return at_desk(association, reader).filter(uuid=message).first()


def going_out(association: Association, reader: User, *, until: datetime.datetime, limit: int) -> list[OutgoingMessage]:
    """The next mails, soonest first."""
    return list(messages(association, reader).filter(due_at__lte=until)[:limit])


def with_words(rows: list[OutgoingMessage]) -> list[tuple[OutgoingMessage, str]]:
    """Each message with what it is, as people read it."""
    return [(row, words_of(row.kind, row.template)) for row in rows]
