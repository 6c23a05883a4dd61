"""What readers do: reading, and choosing what comes by mail."""

from collections.abc import Collection, Iterable

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from endorsement_portal.outbox.models import InAppMessage, MessagePreference
from endorsement_portal.outbox.queries import KindChoice


def mark_read(*, message: InAppMessage) -> InAppMessage:
    """Note the first reading; later ones change nothing."""
    if InAppMessage.objects.unread().filter(pk=message.pk).update(read_at=timezone.now()):
        message.refresh_from_db(fields=["read_at"])
    return message


def mark_all_read(*, user: AbstractBaseUser) -> int:
    return InAppMessage.objects.visible_to(user).unread().update(read_at=timezone.now())


def choose(*, user_id: int, kind: str, choice: MessagePreference.Choice) -> MessagePreference:
    """Keep a reader's choice for one kind of optional message."""
    preference, _created = MessagePreference.objects.update_or_create(
        user_id=user_id, kind=kind, defaults={"choice": choice}
    )
    return preference


def choose_all(*, user: AbstractBaseUser, kinds: Iterable[KindChoice], by_mail: Collection[str]) -> None:
    """Keep a whole page of choices: the kinds named in `by_mail` come by mail, the others to the portal only."""
    with transaction.atomic():
        for choice in kinds:
            if choice.by_mail != (choice.kind in by_mail):
                wanted = MessagePreference.Choice.EMAIL if choice.kind in by_mail else MessagePreference.Choice.PORTAL
                choose(user_id=user.pk, kind=choice.kind, choice=wanted)
