"""Imported logs in words."""

from collections.abc import Iterable

from django import template
from django.utils.translation import gettext_lazy as _

from competencies.enums import EntryKind, ImportState
from competencies.log_import.rows import AnyRow

register = template.Library()

LOGS = {EntryKind.TRAINING: _("Trainings"), EntryKind.SUPERVISION: _("RSC sessions")}
SEPARATORS = {",": _("commas"), ";": _("semicolons"), "\t": _("tabs")}
KINDS: dict[ImportState, str] = {
    ImportState.READ: "waiting",
    ImportState.PENDING: "progress",
    ImportState.RUNNING: "progress",
    ImportState.DONE: "met",
    ImportState.UNDONE: "idle",
    ImportState.FAILED: "danger",
    ImportState.DROPPED: "idle",
}


@register.filter
def log_words(kind: str) -> str:
    return str(LOGS[EntryKind(kind)])


@register.filter
def separator_words(separator: str) -> str:
    return str(SEPARATORS.get(separator, separator))


@register.filter
def import_kind(state: str) -> str:
    """The look of a state."""
    return KINDS[ImportState(state)]


@register.filter
def sum_minutes(rows: Iterable[AnyRow]) -> int:
    """The minutes of all these rows together."""
    return sum(row.minutes for row in rows)
