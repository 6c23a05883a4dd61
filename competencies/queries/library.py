"""The training library as pages and others read it: courses with the version that applies on a day."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import (
    BooleanField,
    Case,
    Count,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils import timezone

from competencies.courses import CourseContent, Difference, differences
from competencies.models import Competency, Course, CourseVersion, Training
from endorsement_portal.prepared import Prepared, PreparedTuples
from members.models import Association, Membership, Person, StaffRole, User

Versions: TypeAlias = "QuerySet[Any]"

SHORT_MINUTES_MAX = 90
LONG_MINUTES_MIN = 360
LENGTHS: dict[str, Q] = {
    "short": Q(minutes__lte=SHORT_MINUTES_MAX),
    "middle": Q(minutes__gt=SHORT_MINUTES_MAX, minutes__lt=LONG_MINUTES_MIN),
    "long": Q(minutes__gte=LONG_MINUTES_MIN),
}
"""Bands of the length filter."""


@dataclass(frozen=True, slots=True)
class LibraryFilters:
    """What a member looks for; an empty value means all of it."""

    q: str = ""
    competency: str = ""
    length: str = ""
    ages: str = ""
    mine: bool = False

    @property
    def narrowing(self) -> bool:
        return self != LibraryFilters()


@dataclass(frozen=True, slots=True)
class CourseMatch:
    """A course that shows some of the competencies that were asked for."""

    version: CourseVersion
    shows: tuple[str, ...]
    """Codes among those asked for, in the order asked."""
    own: bool
    """Whether it is from an association the person has to do with."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A version with what it changed, and how many current entries were made from it."""

    version: CourseVersion
    changes: tuple[Difference, ...]
    entries: int
    shows: tuple[str, ...]
    """Names of its competencies."""


def content_of(version: CourseVersion) -> CourseContent:
    return CourseContent(
        form=version.form,
        minutes=version.minutes,
        topics=tuple(version.topics),
        topic_minutes=tuple(sorted(version.topic_minutes.items())),
        ages=tuple(version.ages),
        competencies=tuple(version.competencies),
    )


def version_on(course: Course, day: datetime.date) -> CourseVersion | None:
    """The newest version valid on this day; None before the first one begins."""
    begun = CourseVersion.objects.filter(course=course, valid_from__lte=day)
    return begun.select_related("course__association").order_by("-number").first()


def newest_version(course: Course) -> CourseVersion:
    """The one published last, even when it begins later: what a correction builds on."""
    return CourseVersion.objects.filter(course=course).order_by("-number")[0]


def version_numbered(course: Course, number: int | None) -> CourseVersion | None:
    return CourseVersion.objects.filter(course=course, number=number).first() if number else None


def versions_on(day: datetime.date) -> Versions:
    """The applicable version of every course that is offered, one row for each."""
    newest = CourseVersion.objects.filter(course=OuterRef("course"), valid_from__lte=day).order_by("-number")
    return CourseVersion.objects.filter(
        course__active=True, number=Subquery(newest.values("number")[:1])
    ).select_related("course__association")


def own_associations(person: Person) -> frozenset[int]:
    """Ids of the associations a person has to do with: as a member, as staff, or by where they live."""
    return frozenset(pk for (pk,) in _own_associations(person.pk, person.residence or "-", timezone.now()))


@PreparedTuples
def _own_associations(person: int, residence: str, now: datetime.datetime) -> QuerySet[Association, Any]:
    memberships = Membership.objects.filter(person=person).exclude(state="withdrawn")
    return Association.objects.filter(
        Q(pk__in=memberships.values("association"))
        | Q(pk__in=memberships.values("desk"))
        | Q(pk__in=StaffRole.objects.active(now).filter(user__person=person).values("association"))
        | Q(code=residence)
    ).values_list("pk")


def offered(person: Person, filters: LibraryFilters, *, today: datetime.date) -> Versions:
    """What a member may pick from, own associations first; each row says in `own` whether it is one of theirs."""
    mine = own_associations(person)
    rows = versions_on(today)
    if filters.q:
        rows = rows.filter(Q(course__title__icontains=filters.q) | Q(course__organizer__icontains=filters.q))
    if filters.competency:
        rows = _holding(rows, "competencies", [filters.competency])
    if filters.length:
        rows = rows.filter(LENGTHS[filters.length])
    if filters.ages:
        rows = _holding(rows, "ages", [filters.ages], or_empty=True)
    if filters.mine:
        rows = rows.filter(course__association__in=mine)
    return _own_first(rows, mine)


def courses_showing(
    codes: Iterable[str], person: Person, *, today: datetime.date, limit: int | None = None
) -> tuple[CourseMatch, ...]:
    """Offered courses that show at least one of these competencies: those of own associations first, then those that
    show most of them. Two queries."""
    wanted = tuple(dict.fromkeys(codes))
    if not wanted:
        return ()
    mine = own_associations(person)
    rows = _versions_naming(today, f'"({"|".join(map(re.escape, wanted))})"')
    found = [
        CourseMatch(row, tuple(code for code in wanted if code in row.competencies), row.course.association_id in mine)
        for row in rows
    ]
    found.sort(key=lambda match: (not match.own, -len(match.shows)))
    return tuple(found[:limit])


@Prepared
def _versions_naming(day: datetime.date, pattern: str) -> Versions:
    """Those whose competencies, as text, hold one that fits the pattern: one value, however many are asked for."""
    named = versions_on(day).annotate(competencies_text=Cast("competencies", TextField()))
    return named.filter(competencies_text__regex=pattern).order_by("course__title", "course__id")


def _own_first(rows: Versions, mine: frozenset[int]) -> Versions:
    own = Case(When(course__association__in=mine, then=Value(True)), default=Value(False), output_field=BooleanField())
    return rows.annotate(own=own).order_by("-own", "course__title", "course__id")


def _holding(rows: Versions, column: str, words: Iterable[str], *, or_empty: bool = False) -> Versions:
    """Rows where a JSON list holds one of these words of ours. As text, since SQLite cannot ask `contains`."""
    held = Q(**{column: []}) if or_empty else Q()
    for word in words:
        held |= Q(**{f"{column}_text__contains": f'"{word}"'})
    return rows.annotate(**{f"{column}_text": Cast(column, TextField())}).filter(held)


def library_of(association: Association, *, search: str = "", state: str = "") -> QuerySet[Any]:
    """The desk's list: every course of one association with its versions and how many current entries used it."""
    rows = Course.objects.filter(association=association)
    if search:
        rows = rows.filter(Q(title__icontains=search) | Q(organizer__icontains=search))
    if state:
        rows = rows.filter(active=state == "offered")
    used = (
        Training.objects.current()
        .filter(course_version__course=OuterRef("pk"))
        .order_by()
        .values("course_version__course")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return rows.annotate(entries=Subquery(used)).prefetch_related(
        Prefetch("versions", queryset=CourseVersion.objects.order_by("-number"))
    )


def course_of(association: Association, course: uuid.UUID) -> Course | None:
    return Course.objects.filter(association=association, uuid=course).select_related("association").first()


def course_seen_by(user: User, course: uuid.UUID) -> QuerySet[Any]:
    """A course as a member opens it, retired ones too: their entries link to it."""
    return Course.objects.visible_to(user).filter(uuid=course).select_related("association")


def history_of(course: Course) -> tuple[HistoryLine, ...]:
    """Newest first, each with what it changed against the one before."""
    current = Count("entries", filter=Q(entries__withdrawn_at__isnull=True))
    versions = list(
        course.versions.order_by("-number").select_related("created_by__person").annotate(entry_count=current)
    )
    names = competency_names()
    older = [*versions[1:], None]
    return tuple(
        HistoryLine(
            version=version,
            changes=differences(content_of(before), content_of(version), names) if before else (),
            entries=version.entry_count,
            shows=names_of(version, names),
        )
        for version, before in zip(versions, older, strict=True)
    )


def competency_names() -> dict[str, str]:
    """Code -> name, in the order of the standard."""
    return dict(Competency.objects.values_list("code", "name"))


def names_of(version: CourseVersion, names: dict[str, str]) -> tuple[str, ...]:
    """The competencies of a version by name, in its own order."""
    return tuple(names.get(code, code) for code in version.competencies)


def attended(person: Person, course: Course, on: datetime.date, key: str) -> Training | None:
    """The entry of this person for this course on this day, withdrawn ones and ones moved to another day too."""
    own = Training.objects.filter(person=person)
    same_day = Q(course_version__course=course, on=on)
    return own.filter(Q(key=key) | same_day).select_related("person", "course_version__course").order_by("id").first()
