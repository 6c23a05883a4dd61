"""What the public may see of an award: name, category, dates, status, association. No contact data is here to leak."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from competencies.models import Category
from credentials import codes, names
from credentials.enums import EndorsementStatus
from credentials.models import Endorsement
from credentials.models.endorsement import held_on
from credentials.queries.endorsements import facts_of, with_facts
from credentials.status import HELD, status_on
from endorsement_portal.web.dates import day_in
from members.models import Association, AssociationSettings
from members.queries import zone_of

SEARCH_MAX = 80


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """One award on one day."""

    code: str
    name: str
    category: str
    license: str
    association: str
    granted_on: date
    valid_until: date
    removed: bool
    day: date
    status: EndorsementStatus
    asked_day: date | None
    asked_status: EndorsementStatus | None

    @property
    def held(self) -> bool:
        return self.status in HELD

    @property
    def asked_held(self) -> bool:
        return self.asked_status in HELD

    @property
    def grouped(self) -> str:
        return codes.grouped(self.code)


def record(code: str, now: datetime, asked: date | None = None) -> PublicRecord | None:
    """The award with this code, today (where its association is) and on a day that was asked for. Three queries."""
    rows = with_facts(Endorsement.objects.select_related("category", "association__settings"))
    endorsement = rows.filter(code=codes.normalize(code)).first()
    if endorsement is None:
        return None
    facts = facts_of(endorsement)
    today = day_in(now, zone_of(endorsement.association))
    return PublicRecord(
        code=endorsement.code,
        name=endorsement.holder_name,
        category=endorsement.category.name,
        license=endorsement.category.license_id,
        association=endorsement.association.name,
        granted_on=endorsement.granted_on,
        valid_until=endorsement.valid_until,
        removed=endorsement.removed_at is not None,
        day=today,
        status=status_on(facts, today),
        asked_day=asked,
        asked_status=status_on(facts, asked) if asked else None,
    )


def registry(now: datetime, *, search: str = "", category: str = "", association: str = "") -> QuerySet[Endorsement]:
    """Everybody endorsed now who is listed, by name. Words may be parts of a name, in any order, without accents."""
    rows = Endorsement.objects.filter(_listed_now(now)).select_related("category", "association")
    for word in names.searchable(search[:SEARCH_MAX]).split():
        rows = rows.filter(search_name__contains=word)
    if category:
        rows = rows.filter(category__slug=category)
    if association:
        rows = rows.filter(association__slug=association)
    return rows.order_by("search_name", "id")


def _listed_now(now: datetime) -> Q:
    """Each award by the day it is where its association is: an award of 31 December lasts until midnight there."""
    days: dict[date, list[str]] = {}
    for zone in AssociationSettings.objects.order_by().values_list("time_zone", flat=True).distinct():
        days.setdefault(day_in(now, zone), []).append(zone)
    listed = Q(association__settings__isnull=True) & held_on(day_in(now, "UTC"))
    for day, zones in days.items():
        listed |= Q(association__settings__time_zone__in=zones) & held_on(day)
    return listed & Q(listed=True)


def categories() -> list[tuple[str, str]]:
    """(slug, name) for the filter: every category, because superseded ones are still held."""
    return list(Category.objects.order_by("license", "position").values_list("slug", "name"))


def associations() -> list[tuple[str, str]]:
    """(slug, name) of associations that granted something."""
    granted = Association.objects.filter(endorsements__isnull=False)
    return list(granted.distinct().order_by("name").values_list("slug", "name"))
