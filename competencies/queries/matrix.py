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
from competencies.judging.case import AgeTest
from competencies.models import Education, Supervision, Training, Work
from competencies.specs import CategorySpec
from endorsement_portal.prepared import PreparedTuples
from members.models import Person

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


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked at: a category on a day, without what an application leaves out (entry kind -> keys)."""

    category: CategorySpec
    as_of: datetime.date
    left_out: Mapping[str, Collection[str]] = field(default_factory=dict)


def tallies(person: Person, looked: Looked | None = None) -> tuple[Tally, ...]:
    """Entries by the competency they name. One query.

    For a category, those of the day, accepted and of fitting ages; else all that are not withdrawn. Entries alike are
    counted by the database, and lists that count alike are read in one go: a log may name another set in each entry.
    """
    ages = AgeTest(looked.category.ages if looked else None)
    fits = cache(lambda bands: ages.fits(tuple(json.loads(bands))))
    lists: dict[tuple[str, str, int], list[str]] = defaultdict(list)
    for way, named, bands, form, entries in _alike(person, looked):
        if fits(bands):
            lists[way, form, entries].append(named)
    found: Counter[tuple[str, str, str]] = Counter()
    for (way, form, entries), same in lists.items():
        codes = Counter(chain.from_iterable(json.loads(f"[{','.join(same)}]")))
        for code, times in codes.items():
            found[way, code, form] += times * entries
    return tuple(Tally(way, code, count, form) for (way, code, form), count in found.items())


def showing(
    person: Person, looked: Looked, code: str, *, ways: Iterable[str], q: str = ""
) -> QuerySet[Any, dict[str, Any]]:
    """The entries that show one competency, the newest first: way, uuid, title, on."""
    wanted = [way for way in _MODELS if way in set(ways)]
    parts = [
        _of_ages(_looked_at(person.pk, way, looked.as_of, looked.left_out), way, looked.category)
        .annotate(named=Cast("competencies", TextField()))
        .filter(named__contains=f'"{code}"')
        .annotate(way=_word(way), shown_title=Cast(_TITLES[way], CharField()), shown_on=F(_ON[way]))
        .filter(Q(shown_title__icontains=q) if q else Q())
        .values("way", "uuid", "shown_title", "shown_on")
        for way in wanted
    ]
    rows: QuerySet[Any, dict[str, Any]] = _together(parts).order_by("-shown_on", "shown_title", "uuid")
    return rows


def _alike(person: Person, looked: Looked | None) -> Iterable[tuple[str, str, str, str, int]]:
    """Way, competencies and age bands as JSON, form of the library's course, number of entries that are so."""
    if looked is None:
        return _all(person.pk)
    if not any(looked.left_out.values()):
        return _of_the_day(person.pk, looked.as_of)
    return _grouped({way: _looked_at(person.pk, way, looked.as_of, looked.left_out) for way in _MODELS})


@PreparedTuples
def _all(person: int) -> Rows:
    return _grouped({way: _entries(person, way) for way in _MODELS})


@PreparedTuples
def _of_the_day(person: int, as_of: datetime.date) -> Rows:
    return _grouped({way: _looked_at(person, way, as_of, {}) for way in _MODELS})


def _grouped(entries: Mapping[str, Rows]) -> Rows:
    """Grouped by whole columns and no test on what is inside: a database guesses badly how much such a test leaves."""
    return _together(
        [
            rows.values(
                way=_word(way),
                named=Cast("competencies", TextField()),
                bands=_word("[]") if way == "education" else Cast("ages", TextField()),
                form=_FORMS.get(way, _word("")),
            )
            .annotate(entries=Count("pk"))
            .values_list("way", "named", "bands", "form", "entries")
            for way, rows in entries.items()
        ]
    )


def _together(parts: Sequence[Rows]) -> Rows:
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


def _word(way: str) -> Any:
    return Value(way, output_field=CharField())


def _entries(person: int, way: str) -> Rows:
    return _MODELS[way].objects.filter(person=person, withdrawn_at__isnull=True).order_by()


def _looked_at(person: int, way: str, as_of: datetime.date, left_out: Mapping[str, Collection[str]]) -> Rows:
    """The entries of the day, accepted and not left out."""
    rows = _entries(person, way).filter(accepted=True, **{f"{_ON[way]}__lte": as_of})
    keys = left_out.get(_KINDS[way])
    return rows.exclude(key__in=keys) if keys else rows


def _of_ages(rows: Rows, way: str, category: CategorySpec) -> Rows:
    if way == "education":
        return rows
    fits = Q(bands="[]")
    for band in bands_fitting(category):
        fits |= Q(bands__contains=f'"{band}"')
    return rows.annotate(bands=Cast("ages", TextField())).filter(fits)
