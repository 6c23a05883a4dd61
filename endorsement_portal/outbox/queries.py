"""Reading the outbox: the staff's lists, a person's own messages, and the age of what waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Min, Q, QuerySet
from django.utils.functional import Promise

from endorsement_portal.outbox import kinds
from endorsement_portal.outbox.models import InAppMessage, MessagePreference, MessageState, OutgoingMessage

WAITING = (MessageState.NEW, MessageState.HELD)
NEEDS_A_PERSON = (MessageState.UNCERTAIN, MessageState.DEAD, MessageState.HELD)


def uncertain(scope: str) -> QuerySet[OutgoingMessage]:
    """Messages that may or may not have arrived, oldest first."""
    return OutgoingMessage.objects.within(scope).filter(state=MessageState.UNCERTAIN).order_by("handed_over_at", "id")


def due(now: datetime) -> QuerySet[OutgoingMessage]:
    """What would go now, of every association, in the order it goes: for a dry run."""
    return OutgoingMessage.objects.due(now).order_by("due_at", "id")


def upcoming(scope: str, until: datetime) -> QuerySet[OutgoingMessage]:
    """What will go, or is held, up to this instant, in the order it goes."""
    waiting = OutgoingMessage.objects.within(scope).filter(state__in=WAITING, due_at__lte=until)
    return waiting.select_related("user").order_by("due_at", "id")


def listing(scope: str, *, state: str = "", kind: str = "", search: str = "") -> QuerySet[OutgoingMessage]:
    """The whole outbox of one association, newest first, narrowed by what is given."""
    messages = OutgoingMessage.objects.within(scope).select_related("user").order_by("-due_at", "-id")
    if state:
        messages = messages.filter(state=state)
    if kind:
        messages = messages.filter(kind=kind)
    if search:
        messages = messages.filter(
            Q(to_email__icontains=search) | Q(to_name__icontains=search) | Q(kind__icontains=search)
        )
    return messages


def counts(scope: str) -> dict[str, int]:
    """How many messages stand in each state; every state has a row."""
    rows = OutgoingMessage.objects.within(scope).values_list("state").annotate(n=Count("pk")).order_by()
    return {**dict.fromkeys(MessageState.values, 0), **dict(rows)}


def needing_a_person(scope: str) -> QuerySet[OutgoingMessage]:
    """Uncertain, dead and held ones: for the list "what needs me today"."""
    return OutgoingMessage.objects.within(scope).filter(state__in=NEEDS_A_PERSON).order_by("due_at", "id")


def age_of_oldest_due(now: datetime) -> timedelta:
    """How long the oldest message that could go has been waiting; for the health page. Zero when none does."""
    oldest = OutgoingMessage.objects.due(now).aggregate(at=Min("due_at"))["at"]
    return now - oldest if oldest else timedelta()


def inbox(
    user: AbstractBaseUser | AnonymousUser, *, search: str = "", unread_only: bool = False
) -> QuerySet[InAppMessage]:
    """A person's own messages, newest first."""
    messages = InAppMessage.objects.visible_to(user)
    if unread_only:
        messages = messages.unread()
    if search:
        messages = messages.filter(Q(subject__icontains=search) | Q(body__icontains=search))
    return messages


def unread_count(user: AbstractBaseUser | AnonymousUser) -> int:
    return InAppMessage.objects.visible_to(user).unread().count()


def outgoing_of(copy: InAppMessage) -> OutgoingMessage | None:
    """The message this is a copy of."""
    return OutgoingMessage.objects.filter(key=copy.key, user_id=copy.user_id).first()


def portal_only(messages: Iterable[OutgoingMessage]) -> set[tuple[int, str]]:
    """(user, kind) pairs among the optional messages whose reader wants no mail: one query for a whole batch."""
    optional = {message.user_id for message in messages if message.user_id and not message.required}
    if not optional:
        return set()
    choices = MessagePreference.objects.filter(user_id__in=optional, choice=MessagePreference.Choice.PORTAL)
    return set(choices.values_list("user_id", "kind"))


@dataclass(frozen=True, slots=True)
class KindChoice:
    kind: str
    label: str | Promise
    by_mail: bool


def choices_of(user: AbstractBaseUser) -> tuple[KindChoice, ...]:
    """Every kind this person may switch off: those the apps registered and those they have been sent."""
    sent = OutgoingMessage.objects.filter(user_id=user.pk, required=False).values_list("kind", flat=True).distinct()
    off = MessagePreference.objects.filter(user_id=user.pk, choice=MessagePreference.Choice.PORTAL)
    portal = set(off.values_list("kind", flat=True))
    known = [optional.kind for optional in kinds.registered()]
    return tuple(
        KindChoice(kind, kinds.label_of(kind), kind not in portal) for kind in sorted({*known, *sent, *portal})
    )
