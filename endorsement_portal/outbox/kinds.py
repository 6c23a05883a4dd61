"""The kinds of message a person may switch off. Apps above register theirs; the ground knows none."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class OptionalKind:
    kind: str
    label: str | Promise
    """What it brings, as its reader would say it: "Reminders of a cohort's milestones"."""


_REGISTERED: dict[str, OptionalKind] = {}


def register(kind: str, label: str | Promise) -> None:
    """Call from AppConfig.ready(). Registering a kind again replaces its label."""
    _REGISTERED[kind] = OptionalKind(kind, label)


def registered() -> tuple[OptionalKind, ...]:
    return tuple(sorted(_REGISTERED.values(), key=lambda optional: optional.kind))


def label_of(kind: str) -> str | Promise:
    optional = _REGISTERED.get(kind)
    return optional.label if optional else kind.replace("_", " ").capitalize()
