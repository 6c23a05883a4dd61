"""What a portfolio shows of each competency: counted and listed by the database, whatever the size of the log."""

from __future__ import annotations

import datetime
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import Any, TypeAlias

from django.db.models import CharField, Count, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from competencies.coverage import Tally, bands_fitting
from competencies.enums import EntryKind
from competencies.models import Education, Supervision, Training, Work
from competencies.specs import CategorySpec
from endorsement_portal.prepared import PreparedTuples
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


Rows: TypeAlias = "QuerySet[Any, Any]"
NamedSet: TypeAlias = tuple[str, str, int, str]
"""Way, a list of competencies as JSON, how many entries name just this list, form of the library's course."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked at: a category on a day, without what an application leaves out (entry kind -> keys)."""

    category: CategorySpec
    as_of: datetime.date
    left_out: Mapping[str, Collection[str]] = field(default_factory=dict)

    @property
    def bands(self) -> tuple[str, ...]:
        return bands_fitting(self.category)


def tallies(person: Person, looked: Looked | None = None) -> tuple[Tally, ...]:
    """Entries by the competency they name. One query.

    For a category, those of the day, accepted and of fitting ages; else all that are not withdrawn.
    """
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (way, form, entries), lists in _alike(_named_sets(person, looked)).items():
        named = json.loads(f"[{','.join(lists)}]")
        for code, times in Counter(chain.from_iterable(named)).items():
            found[way, form][code] += times * entries
    return tuple(
        Tally(way, code, count, form) for (way, form), counts in found.items() for code, count in counts.items()
    )


def showing(
    person: Person, looked: Looked, code: str, *, ways: Iterable[str], q: str = ""
) -> QuerySet[Any, dict[str, Any]]:
    """The entries that show one competency, the newest first: way, uuid, title, on."""
    wanted = [way for way in _MODELS if way in set(ways)]
    parts = [
        _looked_at(_entries(person.pk, way), way, looked.as_of, looked.bands, looked.left_out)
        .filter(competencies_text__contains=f'"{code}"')
        .annotate(way=_word(way), shown_title=Cast(_TITLES[way], CharField()), shown_on=F(_ON[way]))
        .filter(Q(shown_title__icontains=q) if q else Q())
        .values("way", "uuid", "shown_title", "shown_on")
        for way in wanted
    ]
    rows: QuerySet[Any, dict[str, Any]] = _together(parts).order_by("-shown_on", "shown_title", "uuid")
    return rows


def _alike(rows: Iterable[NamedSet]) -> dict[tuple[str, str, int], list[str]]:
    """The lists that count alike, so that they are read and counted in one go, though each entry names another set."""
    lists: dict[tuple[str, str, int], list[str]] = defaultdict(list)
    for way, named, entries, form in rows:
        lists[way, form, entries].append(named)
    return lists


def _named_sets(person: Person, looked: Looked | None) -> Iterable[NamedSet]:
    if looked is None:
        return _all_sets(person.pk)
    if not any(looked.left_out.values()):
        return _sets_fitting(looked.bands)(person.pk, looked.as_of)
    return _sets(
        {way: _looked_at(_entries(person.pk, way), way, looked.as_of, looked.bands, looked.left_out) for way in _MODELS}
    )


@PreparedTuples
def _all_sets(person: int) -> Rows:
    return _sets({way: _entries(person, way) for way in _MODELS})


@cache
def _sets_fitting(bands: tuple[str, ...]) -> PreparedTuples:
    """Written once for each choice of age bands: there are few."""
    return PreparedTuples(
        lambda person, as_of: _sets({way: _looked_at(_entries(person, way), way, as_of, bands, {}) for way in _MODELS})
    )


def _sets(entries: Mapping[str, Rows]) -> Rows:
    return _together(
        [
            rows.values(way=_word(way), named=F("competencies_text"), form=_FORMS.get(way, _word("")))
            .annotate(entries=Count("pk"))
            .values_list("way", "named", "entries", "form")
            for way, rows in entries.items()
        ]
    )


def _together(parts: Sequence[Rows]) -> Rows:
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


def _word(way: str) -> Any:
    return Value(way, output_field=CharField())


def _entries(person: int, way: str) -> Rows:
    return (
        _MODELS[way]
        .objects.filter(person=person, withdrawn_at__isnull=True)
        .order_by()
        .annotate(competencies_text=Cast("competencies", TextField()))
        .exclude(competencies_text=NOTHING)
    )


def _looked_at(
    rows: Rows, way: str, as_of: datetime.date, bands: Iterable[str], left_out: Mapping[str, Collection[str]]
) -> Rows:
    """The entries of the day, accepted, of fitting ages and not left out."""
    rows = rows.filter(accepted=True, **{f"{_ON[way]}__lte": as_of})
    if keys := left_out.get(_KINDS[way]):
        rows = rows.exclude(key__in=keys)
    if way == "education":
        return rows
    fits = Q(ages_text=NOTHING)
    for band in bands:
        fits |= Q(ages_text__contains=f'"{band}"')
    return rows.annotate(ages_text=Cast("ages", TextField())).filter(fits)
