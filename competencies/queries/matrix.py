"""What a portfolio shows of each competency: counted and listed by the database, whatever the size of the log."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from competencies.coverage import Tally, bands_fitting
from competencies.enums import EntryKind
from competencies.models import Education, Supervision, Training, Work
from competencies.specs import CategorySpec
from endorsement_portal.gathering import nested
from members.models import Person

NOTHING = "[]"
_ON = {"education": "awarded_on", "training": "on", "work": "starts_on", "rsc": "on"}
_MODELS: dict[str, type[Education | Training | Work | Supervision]] = {
    "education": Education,
    "training": Training,
    "work": Work,
    "rsc": Supervision,
}
_KINDS = {
    "education": EntryKind.EDUCATION,
    "training": EntryKind.TRAINING,
    "work": EntryKind.WORK,
    "rsc": EntryKind.SUPERVISION,
}
_FORMS = {"training": Coalesce(F("course_version__form"), Value(""), output_field=CharField())}
_TITLES: dict[str, Any] = {
    "education": Coalesce(NullIf(F("field"), Value("")), F("institution")),
    "training": F("title"),
    "work": F("title"),
    "rsc": Coalesce(F("provider__name"), Value("")),
}


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked at: a category on a day, without what an application leaves out (entry kind -> keys)."""

    category: CategorySpec
    as_of: datetime.date
    left_out: Mapping[str, Collection[str]] = field(default_factory=dict)


def tallies(person: Person, looked: Looked | None = None) -> tuple[Tally, ...]:
    """Entries by the competencies they name. One query.

    For a category, those of the day, accepted and of fitting ages; else all that are not withdrawn.
    """
    parts = [
        _looked_at(_entries(person, way), way, looked)
        .values(way=_word(way), named=F("competencies_text"), form=_FORMS.get(way, _word("")))
        .annotate(entries=Count("pk"))
        .values_list("way", "named", "entries", "form")
        for way in _MODELS
    ]
    return tuple(Tally(way, tuple(nested(named)), count, form) for way, named, count, form in _together(parts))


def showing(
    person: Person, looked: Looked, code: str, *, ways: Iterable[str], q: str = ""
) -> QuerySet[Any, dict[str, Any]]:
    """The entries that show one competency, the newest first: way, uuid, title, on."""
    wanted = [way for way in _MODELS if way in set(ways)]
    parts = [
        _looked_at(_entries(person, way), way, looked)
        .filter(competencies_text__contains=f'"{code}"')
        .annotate(way=_word(way), shown_title=Cast(_TITLES[way], CharField()), shown_on=F(_ON[way]))
        .filter(Q(shown_title__icontains=q) if q else Q())
        .values("way", "uuid", "shown_title", "shown_on")
        for way in wanted
    ]
    rows: QuerySet[Any, dict[str, Any]] = _together(parts).order_by("-shown_on", "shown_title", "uuid")
    return rows


def _together(parts: Sequence[QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


def _word(way: str) -> Any:
    return Value(way, output_field=CharField())


def _entries(person: Person, way: str) -> QuerySet[Any, Any]:
    return (
        _MODELS[way]
        .objects.filter(person=person, withdrawn_at__isnull=True)
        .order_by()
        .annotate(competencies_text=Cast("competencies", TextField()))
        .exclude(competencies_text=NOTHING)
    )


def _looked_at(rows: QuerySet[Any, Any], way: str, looked: Looked | None) -> QuerySet[Any, Any]:
    if looked is None:
        return rows
    rows = rows.filter(accepted=True, **{f"{_ON[way]}__lte": looked.as_of})
    if left_out := looked.left_out.get(_KINDS[way]):
        rows = rows.exclude(key__in=left_out)
    if way == "education":
        return rows
    fits = Q(ages_text=NOTHING)
    for band in bands_fitting(looked.category):
        fits |= Q(ages_text__contains=f'"{band}"')
    return rows.annotate(ages_text=Cast("ages", TextField())).filter(fits)
