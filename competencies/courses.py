"""Pure: what a course takes and shows, what is odd about it, and how two versions differ, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from competencies.durations import typed_form
from competencies.enums import Ages, CourseForm, TrainingTopic


@dataclass(frozen=True, slots=True)
class CourseContent:
    """Everything of a version that an entry takes over. Times are whole minutes; competencies are codes."""

    minutes: int
    form: str = CourseForm.SHORT.value
    topics: tuple[str, ...] = ()
    topic_minutes: tuple[tuple[str, int], ...] = ()
    ages: tuple[str, ...] = ()
    competencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be published, by the field that mends it."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed between two versions. Lists say what came and what went."""

    label: str
    before: str = ""
    after: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def faults(content: CourseContent, known_competencies: Iterable[str]) -> tuple[Fault, ...]:
    """Nothing for content that may be published."""
    found = []
    if content.minutes <= 0:
        found.append(Fault("minutes", _("The length must be at least one minute.")))
    for topic, minutes in content.topic_minutes:
        if topic in content.topics:
            message = _("You said above that all of it was about this. Choose one of the two.")
            found.append(Fault(f"part_{topic}", message))
        elif minutes > content.minutes:
            found.append(Fault(f"part_{topic}", _("A part cannot be longer than the whole.")))
    if unknown := sorted(set(content.competencies) - set(known_competencies)):
        message = _("These competencies are not in the standard: %(codes)s.") % {"codes": ", ".join(unknown)}
        found.append(Fault("competencies", message))
    return tuple(found)


def differences(old: CourseContent, new: CourseContent, names: Mapping[str, str]) -> tuple[Difference, ...]:
    """What the new version changes, in the order of the form. `names`: competency code -> name."""
    found = [
        _single(_("Kind"), CourseForm(old.form).label, CourseForm(new.form).label),
        _single(_("Length"), typed_form(old.minutes), typed_form(new.minutes)),
        _list(_("About"), _topics(old), _topics(new)),
        _list(_("Ages"), _ages(old), _ages(new)),
        _list(_("Competencies"), *(_named(one.competencies, names) for one in (old, new))),
    ]
    return tuple(difference for difference in found if difference is not None)


def _single(label: str, before: object, after: object) -> Difference | None:
    return None if before == after else Difference(label, before=str(before), after=str(after))


def _list(label: str, before: tuple[str, ...], after: tuple[str, ...]) -> Difference | None:
    if before == after:
        return None
    return Difference(label, added=_without(after, before), removed=_without(before, after))


def _without(some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(item for item in some if item not in others)


def _topics(content: CourseContent) -> tuple[str, ...]:
    whole = [str(topic.label) for topic in TrainingTopic if topic.value in content.topics]
    minutes = dict(content.topic_minutes)
    parts = [f"{topic.label} ({typed_form(minutes[topic.value])})" for topic in TrainingTopic if topic.value in minutes]
    return tuple(whole + parts)


def _ages(content: CourseContent) -> tuple[str, ...]:
    return tuple(str(ages.label) for ages in Ages if ages.value in content.ages) or (_("All ages"),)


def _named(codes: tuple[str, ...], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(names.get(code, code) for code in codes)
