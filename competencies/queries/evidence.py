"""The list of a person's own files, over every kind of entry."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from competencies.enums import EntryKind
from competencies.models import Evidence
from competencies.queries.portfolio import NAMED_BY, OWNER_FIELD
from members.models import User


@dataclass(frozen=True, slots=True)
class FileFilters:
    q: str = ""
    kind: EntryKind | None = None

    @property
    def narrowing(self) -> bool:
        return self != FileFilters()


def listed_files(user: User, filters: FileFilters) -> "QuerySet[Evidence]":
    """Own files of entries of every kind, the newest first, each with its entry and its preview."""
    rows = Evidence.objects.visible_to(user).current()
    if filters.kind is not None:
        rows = rows.filter(**{f"{OWNER_FIELD[filters.kind]}__isnull": False})
    if filters.q:
        rows = rows.filter(_named(filters.q))
    return rows.select_related("file__preview", *OWNER_FIELD.values()).order_by("-id")


def _named(words: str) -> Q:
    """In the name of the file or of its entry."""
    either = Q(file__name__icontains=words)
    for kind, field in NAMED_BY.items():
        either |= Q(**{f"{OWNER_FIELD[kind]}__{field}__icontains": words})
    return either
