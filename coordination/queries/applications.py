"""The queue of applications: one table filtered, ordered and cut through its index, then the rows' own data."""

import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from applications.enums import Status
from applications.models import Application
from cohorts.models import Cohort
from competencies.models import Category
from endorsement_portal.prepared import Prepared
from members.models import Association, User

ORDERS = {"recent": ("-status_since", "-id"), "oldest": ("status_since", "id")}


@dataclass(frozen=True, slots=True)
class ApplicationFilter:
    """What the address asks for. Empty means: all."""

    search: str = ""
    status: str = ""
    category: str = ""
    cohort: uuid.UUID | None = None
    order: str = "recent"


def at_desk(association: Association, reader: User) -> QuerySet[Application]:
    """Applications that this member of staff may read: all of the association but their own. Whoever applies where
    they work reads their own application as every applicant does, and never its ratings, reviews or decision."""
    return Application.objects.of_association(association).exclude(person__user=reader)


def of_others(reader: User) -> Q:
    """The same condition for rows that hang on an application."""
    return ~Q(application__person__user=reader)


def queue(association: Association, wanted: ApplicationFilter, reader: User) -> QuerySet[Application]:
    """Applications of one association, newest change first, with what a row shows."""
    rows = at_desk(association, reader)
    if wanted.status in Status.values:
        rows = rows.filter(status=wanted.status)
    if wanted.category:
        rows = rows.filter(category_id=wanted.category)
    if wanted.cohort:
        rows = rows.filter(enrolment__cohort__uuid=wanted.cohort)
    if wanted.search:
        rows = rows.filter(Q(reference_number__istartswith=wanted.search) | Q(person__name__icontains=wanted.search))
    return rows.select_related("person", "enrolment__cohort").order_by(*ORDERS.get(wanted.order, ORDERS["recent"]))


def one(association: Association, application: uuid.UUID, reader: User) -> Application | None:
    return next(iter(_one(association.pk, application, reader.pk)), None)


@Prepared
def _one(association: int, application: uuid.UUID, reader: int) -> QuerySet[Application]:
    return (
        at_desk(Association(pk=association), User(pk=reader))
        .select_related(
            "person__user", "category__license", "edition", "overlay", "enrolment__cohort", "association__settings"
        )
        .defer("edition__content")
        .filter(uuid=application)
    )


def category_choices() -> list[tuple[str, str]]:
    return [(code, f"{code} - {name}") for code, name in Category.objects.values_list("code", "name")]


def cohort_choices(association: Association) -> list[tuple[uuid.UUID, str]]:
    """The last dozen cohorts, newest first."""
    return list(Cohort.objects.of_association(association).order_by("-opens_at").values_list("uuid", "name")[:12])
