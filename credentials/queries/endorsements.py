"""Endorsements with their computed status."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from competencies.models import RenewalModel
from credentials.enums import EndorsementEventKind, EndorsementStatus
from credentials.models import Endorsement
from credentials.renewal import RenewalTerms, terms
from credentials.status import HELD, EndorsementFacts, EventFact, status_on
from endorsement_portal.workflow import NotAllowed
from members.models import Association, Person


@dataclass(frozen=True, slots=True)
class Held:
    """An endorsement that a person holds on a day."""

    code: str
    """The category's code."""
    status: EndorsementStatus
    granted_on: date
    valid_until: date


def with_facts(endorsements: QuerySet[Endorsement]) -> QuerySet[Endorsement]:
    """Everything facts_of reads, in two more queries for any number of rows."""
    return endorsements.select_related("base").prefetch_related("events", "base__events")


def facts_of(endorsement: Endorsement) -> EndorsementFacts:
    """The frozen events of an endorsement and of its base, read now (or as prefetched by with_facts)."""
    events = tuple(
        EventFact(kind=EndorsementEventKind(event.kind), on=event.on, valid_until=event.valid_until)
        for event in endorsement.events.all()
    )
    return EndorsementFacts(events=events, base=facts_of(endorsement.base) if endorsement.base else None)


def held_rows(person: Person, day: date) -> list[Endorsement]:
    rows = with_facts(Endorsement.objects.filter(person=person).order_by("granted_on", "pk"))
    return [row for row in rows if status_on(facts_of(row), day) in HELD]


def held(person: Person, day: date) -> tuple[Held, ...]:
    """What this person holds on a day, oldest first. Three queries."""
    return tuple(
        Held(
            code=row.category_id,
            status=status_on(facts_of(row), day),
            granted_on=row.granted_on,
            valid_until=row.valid_until,
        )
        for row in held_rows(person, day)
    )


def renewal_terms(association: Association) -> RenewalTerms:
    """The default renewal model of the loaded standards, with the association's own closing day."""
    model = RenewalModel.objects.filter(is_default=True).first()
    if model is None:
        raise NotAllowed.because(
            "renewal_model",
            _("No renewal model is loaded, so the last day of the award is not known."),
            fix=_("Ask an operator to load the standards."),
        )
    return terms(model.data, association.code)
