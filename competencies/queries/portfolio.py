"""What the portfolio's pages read: entries by kind, filtered and summed by the database."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import (
    CharField,
    Count,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from competencies.enums import EntryKind, SessionState
from competencies.models import (
    Competency,
    Education,
    Evidence,
    ProfessionalLicense,
    SignOffLine,
    Supervision,
    Training,
    Work,
)
from competencies.models.portfolio import AnyEntry
from endorsement_portal.prepared import PreparedTuples
from members.models import User

MODELS: dict[EntryKind, type[AnyEntry]] = {
    EntryKind.EDUCATION: Education,
    EntryKind.LICENSE: ProfessionalLicense,
    EntryKind.WORK: Work,
    EntryKind.TRAINING: Training,
    EntryKind.SUPERVISION: Supervision,
}
OWNER_FIELD: dict[EntryKind, str] = {
    EntryKind.EDUCATION: "education",
    EntryKind.LICENSE: "professional_license",
    EntryKind.WORK: "work",
    EntryKind.TRAINING: "training",
    EntryKind.SUPERVISION: "supervision",
}
"""The column of Evidence that points to an entry of this kind."""
SEARCHED: dict[EntryKind, tuple[str, ...]] = {
    EntryKind.EDUCATION: ("field", "institution"),
    EntryKind.LICENSE: ("name", "region"),
    EntryKind.WORK: ("title", "employer"),
    EntryKind.TRAINING: ("title", "organizer"),
    EntryKind.SUPERVISION: ("provider__name",),
}
DATED_BY: dict[EntryKind, str] = {
    EntryKind.EDUCATION: "awarded_on",
    EntryKind.LICENSE: "starts_on",
    EntryKind.WORK: "starts_on",
    EntryKind.TRAINING: "on",
    EntryKind.SUPERVISION: "on",
}
NAMED_BY: dict[EntryKind, str] = {
    EntryKind.EDUCATION: "institution",
    EntryKind.LICENSE: "name",
    EntryKind.WORK: "title",
    EntryKind.TRAINING: "title",
    EntryKind.SUPERVISION: "provider__name",
}
DISPLAYED = (EntryKind.TRAINING, EntryKind.SUPERVISION, EntryKind.WORK, EntryKind.EDUCATION, EntryKind.LICENSE)
"""The order on pages: what is logged most often first."""
TIMED = frozenset({EntryKind.TRAINING, EntryKind.SUPERVISION})
"""Kinds whose entries have minutes."""
WITH_AGES = frozenset({EntryKind.WORK, EntryKind.TRAINING, EntryKind.SUPERVISION})

OPEN_STATES = frozenset({SessionState.LOGGED, SessionState.SENT})
SIGNED_STATES = frozenset({SessionState.CONFIRMED, SessionState.CORRECTED})

CURRENT = Q(withdrawn_at__isnull=True)

Entries: TypeAlias = "QuerySet[Any]"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list shows; an empty value means all of it."""

    q: str = ""
    year: int | None = None
    ages: str = ""
    topic: str = ""
    state: str = ""
    provider: uuid.UUID | None = None
    withdrawn: bool = False

    @property
    def narrowing(self) -> bool:
        return self != Filters(withdrawn=self.withdrawn)


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the entries that are not withdrawn, in whole minutes; zero for kinds without time."""

    kind: EntryKind
    entries: int
    withdrawn: int
    minutes: int = 0
    confirmed_minutes: int = 0
    waiting_minutes: int = 0
    declined_minutes: int = 0

    @property
    def timed(self) -> bool:
        return self.kind in TIMED


@dataclass(frozen=True, slots=True)
class RecentEntry:
    kind: EntryKind
    uuid: uuid.UUID
    name: str
    on: datetime.date | None
    minutes: int | None


def entries_of(user: User, kind: EntryKind) -> Entries:
    """A person's own entries of one kind, withdrawn ones too, with what a page about one of them shows."""
    entries = _with_sources(MODELS[kind].objects.visible_to(user).select_related("person"), kind)
    return entries.prefetch_related(answers()) if kind == EntryKind.SUPERVISION else entries


def answers() -> "Prefetch[Any]":
    """What the provider signed or noted, newest first."""
    lines = SignOffLine.objects.select_related("sign_off", "sign_off__provider").order_by("-id")
    return Prefetch("sign_off_lines", queryset=lines)


def _with_sources(entries: Entries, kind: EntryKind) -> Entries:
    """Who stands behind an entry: the library's course, or the provider."""
    if kind == EntryKind.TRAINING:
        entries = entries.select_related("course_version__course__association")
    if kind == EntryKind.SUPERVISION:
        entries = entries.select_related("person", "provider")
    return entries


def listed(user: User, kind: EntryKind, filters: Filters) -> Entries:
    """The rows of a list, newest first, each with its number of files."""
    entries = _with_sources(MODELS[kind].objects.visible_to(user), kind)
    rows = _with_files(_filtered(entries, kind, filters), kind)
    return rows.order_by(F(DATED_BY[kind]).desc(nulls_last=True), "-id")


def listed_one(user: User, kind: EntryKind, entry: uuid.UUID) -> Entries:
    """One own entry as a list shows it, withdrawn or not."""
    return _with_files(entries_of(user, kind).filter(uuid=entry), kind)


def _with_files(entries: Entries, kind: EntryKind) -> Entries:
    files = Evidence.objects.current().filter(**{OWNER_FIELD[kind]: OuterRef("pk")}).order_by()
    counted = files.values(OWNER_FIELD[kind]).annotate(number=Count("pk")).values("number")
    return entries.annotate(file_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


def _filtered(entries: Entries, kind: EntryKind, filters: Filters) -> Entries:
    entries = entries.filter(withdrawn_at__isnull=not filters.withdrawn)
    if filters.q:
        entries = entries.filter(_any_of(Q(**{f"{field}__icontains": filters.q}) for field in SEARCHED[kind]))
    if filters.year is not None:
        entries = entries.filter(**{f"{DATED_BY[kind]}__year": filters.year})
    if filters.ages and kind in WITH_AGES:
        entries = _with_word(entries, filters.ages, "ages")
    if filters.topic and kind == EntryKind.TRAINING:
        entries = _with_word(entries, filters.topic, "topics", "topic_minutes")
    if kind == EntryKind.SUPERVISION:
        entries = entries.filter(state=filters.state) if filters.state else entries
        entries = entries.filter(provider__uuid=filters.provider) if filters.provider else entries
    return entries


def _with_word(entries: Entries, word: str, *columns: str) -> Entries:
    """Rows where a JSON column holds a word of ours. As text, since SQLite cannot ask `contains`."""
    texts = {f"{column}_text": Cast(column, TextField()) for column in columns}
    return entries.annotate(**texts).filter(_any_of(Q(**{f"{text}__contains": f'"{word}"'}) for text in texts))


def _any_of(conditions: Iterable[Q]) -> Q:
    either = Q()
    for condition in conditions:
        either |= condition
    return either


def totals_of(user: User, kind: EntryKind, filters: Filters | None = None) -> Totals:
    """One query. With filters, the sums of the rows that they leave."""
    entries = MODELS[kind].objects.visible_to(user)
    summed = _summed(kind, entries) if filters is None else _summed(kind, _filtered(entries, kind, filters), Q())
    return _totals(summed)[kind]


def totals(user: User) -> tuple[Totals, ...]:
    """Every kind, the ones logged most often first, in one query."""
    found = _totals(dict(zip(_SUM_COLUMNS, row, strict=True)) for row in _sums_of_all(user.pk))
    return tuple(found[kind] for kind in DISPLAYED)


_SUM_COLUMNS = (
    "entry_kind",
    "sum_entries",
    "sum_withdrawn",
    "sum_minutes",
    "sum_confirmed_minutes",
    "sum_waiting_minutes",
    "sum_declined_minutes",
)


@PreparedTuples
def _sums_of_all(user: int) -> "QuerySet[Any, tuple[Any, ...]]":
    owner = User(pk=user)
    parts = [_summed(kind, MODELS[kind].objects.visible_to(owner)).values_list(*_SUM_COLUMNS) for kind in EntryKind]
    return parts[0].union(*parts[1:], all=True)


def _summed(kind: EntryKind, entries: Entries, current: Q = CURRENT) -> Entries:
    """One row of sums, also over no entries at all."""
    name = Value(kind.value, output_field=CharField())
    return entries.order_by().values(entry_kind=name).annotate(**_sums(kind, current))


def _totals(rows: Iterable[dict[str, Any]]) -> dict[EntryKind, Totals]:
    return {
        (kind := EntryKind(row.pop("entry_kind"))): Totals(
            kind=kind, **{name.removeprefix("sum_"): number for name, number in row.items()}
        )
        for row in rows
    }


def _sums(kind: EntryKind, current: Q) -> dict[str, Any]:
    """The same columns for each kind, so that kinds can stand in one query."""
    states = {
        "sum_minutes": Q(),
        "sum_confirmed_minutes": Q(state__in=SIGNED_STATES),
        "sum_waiting_minutes": Q(state__in=OPEN_STATES),
        "sum_declined_minutes": Q(state=SessionState.DECLINED),
    }
    summed: dict[str, Value | Coalesce] = {name: Value(0, output_field=IntegerField()) for name in states}
    if kind in TIMED:
        summed["sum_minutes"] = _minutes(current)
    if kind == EntryKind.SUPERVISION:
        summed = {name: _minutes(current & state) for name, state in states.items()}
    return {
        "sum_entries": Count("pk", filter=current),
        "sum_withdrawn": Count("pk", filter=Q(withdrawn_at__isnull=False)),
        **summed,
    }


def _minutes(condition: Q) -> Coalesce:
    return Coalesce(Sum("minutes", filter=condition), 0)


def recent(user: User, number: int = 5) -> tuple[RecentEntry, ...]:
    """What was entered last, over all kinds, in one query."""
    parts = [
        MODELS[kind]
        .objects.visible_to(user)
        .current()
        .order_by()
        .values(
            "uuid",
            "created_at",
            entry_kind=Value(kind.value, output_field=CharField()),
            entry_name=Coalesce(NAMED_BY[kind], Value(""), output_field=CharField()),
            entry_on=F(DATED_BY[kind]),
            entry_minutes=F("minutes") if kind in TIMED else Cast(Value(None), IntegerField()),
        )
        for kind in EntryKind
    ]
    rows = parts[0].union(*parts[1:], all=True).order_by("-created_at")[:number]
    return tuple(
        RecentEntry(EntryKind(row["entry_kind"]), row["uuid"], row["entry_name"], row["entry_on"], row["entry_minutes"])
        for row in rows
    )


def last_entry(user: User, kind: EntryKind) -> AnyEntry | None:
    """The one entered last: what "repeat" starts from."""
    last: AnyEntry | None = MODELS[kind].objects.visible_to(user).current().order_by("-id").first()
    return last


def has_twin(entry: AnyEntry) -> bool:
    """Whether an equal entry is there already: same day and minutes, and same title or provider."""
    alike = {EntryKind.TRAINING: ("on", "title", "minutes"), EntryKind.SUPERVISION: ("on", "provider", "minutes")}
    fields = alike.get(entry.kind)
    if fields is None:
        return False
    same = {name: getattr(entry, name) for name in fields}
    return MODELS[entry.kind].objects.current().filter(person=entry.person, **same).exclude(pk=entry.pk).exists()


def files_of(entry: AnyEntry) -> "QuerySet[Evidence]":
    return Evidence.objects.current().filter(**{OWNER_FIELD[entry.kind]: entry}).select_related("file__preview")


def evidence_of(user: User) -> "QuerySet[Evidence]":
    return Evidence.objects.visible_to(user).current().select_related("person", "file", *Evidence.OWNERS)


def competency_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every competency under its area, in the order of the standard."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for competency in Competency.objects.select_related("area"):
        groups.setdefault(competency.area.name, []).append((competency.code, competency.name))
    return list(groups.items())
