"""Pure: two sets of rules side by side, per category and requirement: what is added, removed, changed, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from competencies.overlays import raw_rule
from competencies.rule_texts import translated
from competencies.rule_values import label_of, value_in_words
from competencies.rule_words import in_words
from competencies.specs import CategorySpec, RequirementSpec

FIELDS = ("label", "required", "stage", "note", "evidence", "as_of", "source_url", "association_setting")
WORDS_ONLY = frozenset({"note", "evidence", "as_of", "source_url", "association_setting"})
"""Fields that say where a rule comes from; they judge nobody."""


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class ValueChange:
    label: str
    old: str
    new: str
    judges: bool = True
    """False: only the rule's remark or source differs."""


@dataclass(frozen=True, slots=True)
class RequirementDiff:
    key: str
    label: str
    kind: Kind
    words: str = ""
    """The whole rule, for one that is added or removed."""
    values: tuple[ValueChange, ...] = ()

    @property
    def judges(self) -> bool:
        return self.kind is not Kind.CHANGED or any(value.judges for value in self.values)


@dataclass(frozen=True, slots=True)
class CategoryDiff:
    code: str
    name: str
    kind: Kind
    requirements: tuple[RequirementDiff, ...] = ()
    values: tuple[ValueChange, ...] = ()
    """Of the category itself: its display name, and which competencies it asks for."""

    @property
    def judges(self) -> bool:
        """Whether anybody could be judged otherwise by it."""
        return (
            self.kind is not Kind.CHANGED
            or any(requirement.judges for requirement in self.requirements)
            or any(value.judges for value in self.values)
        )


def diff(before: Mapping[str, CategorySpec], after: Mapping[str, CategorySpec]) -> tuple[CategoryDiff, ...]:
    """Categories that differ, in the order of `after`; those that are gone come last."""
    codes = [*after, *(code for code in before if code not in after)]
    found = (_category(before.get(code), after.get(code)) for code in codes)
    return tuple(row for row in found if row is not None)


def _category(before: CategorySpec | None, after: CategorySpec | None) -> CategoryDiff | None:
    if before is None or after is None:
        one = after or before
        assert one is not None
        return CategoryDiff(one.code, one.name, Kind.ADDED if before is None else Kind.REMOVED)
    requirements = tuple(_requirements(before, after))
    values = tuple(_values_of_category(before, after))
    if not requirements and not values:
        return None
    return CategoryDiff(after.code, after.name, Kind.CHANGED, requirements, values)


def _values_of_category(before: CategorySpec, after: CategorySpec) -> Iterator[ValueChange]:
    if before.name != after.name:
        yield ValueChange(_("Name"), before.name, after.name, judges=False)
    old = {cell.code: cell for cell in before.competencies}
    new = {cell.code: cell for cell in after.competencies}
    for code in [*new, *(code for code in old if code not in new)]:
        one, other = old.get(code), new.get(code)
        if (one.ways if one else None) != (other.ways if other else None):
            named = other or one
            assert named is not None
            label = _("Competency: %(name)s") % {"name": named.name}
            yield ValueChange(label, _ways(one.ways if one else ()), _ways(other.ways if other else ()))


def _ways(ways: tuple[str, ...]) -> str:
    return value_in_words("ways", list(ways))


def _requirements(before: CategorySpec, after: CategorySpec) -> Iterator[RequirementDiff]:
    old = {requirement.key: requirement for requirement in before.requirements}
    new = {requirement.key: requirement for requirement in after.requirements}
    for key, requirement in new.items():
        if key not in old:
            yield RequirementDiff(key, translated(requirement.label), Kind.ADDED, in_words(requirement))
        elif values := tuple(_values(old[key], requirement)):
            yield RequirementDiff(key, translated(requirement.label), Kind.CHANGED, values=values)
    for key, requirement in old.items():
        if key not in new:
            yield RequirementDiff(key, translated(requirement.label), Kind.REMOVED, in_words(requirement))


def _values(before: RequirementSpec, after: RequirementSpec) -> Iterator[ValueChange]:
    if before.kind != after.kind:
        yield ValueChange(_("Kind"), in_words(before), in_words(after))
    old, new = raw_rule(before), raw_rule(after)
    for name in FIELDS:
        yield from _value(name, old[name], new[name], judges=name not in WORDS_ONLY)
    mine = {**before.params, **_lent(before)}
    theirs = {**after.params, **_lent(after)}
    for name in [*theirs, *(name for name in mine if name not in theirs)]:
        yield from _value(name, mine.get(name), theirs.get(name), judges=True)


def _lent(requirement: RequirementSpec) -> Mapping[str, Any]:
    """A rule that runs another category's changes with it."""
    return requirement.borrowed or {}


def _value(name: str, old: Any, new: Any, *, judges: bool) -> Iterator[ValueChange]:
    if old == new and type(old) is type(new):
        return
    was, is_now = value_in_words(name, old), value_in_words(name, new)
    if was != is_now:
        yield ValueChange(label_of(name), was, is_now, judges)
    elif not _same(old, new):
        yield ValueChange(label_of(name), was, _("%(value)s (written otherwise)") % {"value": is_now}, judges=False)


def _same(old: Any, new: Any) -> bool:
    """Null, absent and empty are one answer: not asked."""
    return old == new or (old in (None, [], {}, "") and new in (None, [], {}, ""))
