"""The one read-only page that searches the history. No feature decides by it."""

import re

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from endorsement_portal.audit.models import AuditEvent
from members.models import Association, User

OTHER_ACTORS = {"link": _("by private link"), "command": _("a command"), "system": _("the portal itself")}


def events(association: Association, reader: User, *, search: str = "") -> QuerySet[AuditEvent]:
    """Events of this association's own chain, newest first, without those of the reader's own applications: they name
    reviewers."""
    rows = AuditEvent.objects.filter(chain=association.code)
    own = [str(row) for row in Application.objects.visible_to(reader).values_list("uuid", flat=True)]
    if own:
        elsewhere = Q(data__application__isnull=True) | ~Q(data__application__in=own)
        rows = rows.filter(elsewhere).exclude(object_id__in=own)
    if search:
        words = "[._ ]".join(re.escape(word) for word in search.split())
        rows = rows.filter(Q(verb__iregex=words) | Q(object_type__iregex=words) | Q(object_id=search.strip()))
    return rows.order_by("-id")


def plain(verb: str) -> str:
    """An act as people read it: "rating.read" is "Rating read"."""
    return verb.replace(".", " ").replace("_", " ").capitalize()


def thing(label: str) -> str:
    """What an event is about, as people read it: "applications.reviewassignment" is "review assignment"."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):  # a model that is gone; its events stay
        return label


def with_names(page: list[AuditEvent]) -> list[tuple[AuditEvent, str, str, str]]:
    """Each event with its act in words, who acted and on what, in one query. Accounts are recorded by their UUID."""
    ids = {event.actor_id for event in page if event.actor_kind == "user"}
    names = {
        str(user): name or email
        for user, name, email in User.objects.filter(uuid__in=ids).values_list("uuid", "person__name", "email")
    }
    return [
        (
            event,
            plain(event.verb),
            names.get(event.actor_id) or str(OTHER_ACTORS.get(event.actor_kind, event.actor_kind)),
            thing(event.object_type),
        )
        for event in page
    ]
