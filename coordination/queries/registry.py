"""Endorsements that this association granted."""

import datetime
import uuid

from django.db.models import QuerySet

from credentials import names
from credentials.enums import EndorsementStatus
from credentials.models import Endorsement
from credentials.queries.endorsements import facts_of, with_facts
from credentials.status import status_on
from members.models import Association

POSSIBLE: dict[EndorsementStatus, tuple[str, ...]] = {
    EndorsementStatus.NOT_YET: (),
    EndorsementStatus.ACTIVE: ("lapse", "remove"),
    EndorsementStatus.EMERGING: ("lapse", "remove"),
    EndorsementStatus.SUSPENDED: ("lapse", "remove"),
    EndorsementStatus.LAPSED: ("reinstate", "remove"),
    EndorsementStatus.REMOVED: ("reinstate",),
}
"""What a coordinator is offered, by the status of the day. The actions ask again."""


def endorsements_of(association: Association, *, search: str = "", category: str = "") -> QuerySet[Endorsement]:
    rows = Endorsement.objects.of_association(association)
    if category:
        rows = rows.filter(category_id=category)
    if search:
        rows = rows.filter(search_name__contains=names.searchable(search))
    return with_facts(rows.select_related("category", "person")).order_by("search_name", "id")


def with_status(rows: list[Endorsement], today: datetime.date) -> list[tuple[Endorsement, EndorsementStatus]]:
    """Each award with what it is today, computed from its events."""
    return [(row, status_on(facts_of(row), today)) for row in rows]


def one(association: Association, endorsement: uuid.UUID) -> Endorsement | None:
    return endorsements_of(association).filter(uuid=endorsement).first()
