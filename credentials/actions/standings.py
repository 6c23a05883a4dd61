"""What an endorsement lets its holder do for others: standings that follow its events (decision 13)."""

from __future__ import annotations

from competencies.actions.standing_changes import noted
from competencies.enums import StandingKind
from competencies.models import Standing
from credentials.enums import EndorsementStatus
from credentials.models import Endorsement
from credentials.queries.endorsements import facts_of
from credentials.status import Interval, held_intervals
from members.enums import Provenance
from members.models import User


def follow(*, endorsement: Endorsement, by: User | None) -> None:
    """Make the standings of an endorsement, and of the add-ons resting on it, equal to the days it is held."""
    with noted(endorsement.person, endorsement.association):
        _follow(endorsement, by)


def _follow(endorsement: Endorsement, by: User | None) -> None:
    _write(endorsement, by)
    for add_on in endorsement.add_ons.select_related("category", "base"):
        _write(add_on, by)


def source_of(endorsement: Endorsement) -> str:
    """How its standings name the endorsement they come from."""
    return f"endorsement {endorsement.code}"


def _write(endorsement: Endorsement, by: User | None) -> None:
    wanted = {
        (_kind(endorsement, interval), interval.first): interval.last
        for interval in held_intervals(facts_of(endorsement))
    }
    present = Standing.objects.filter(person_id=endorsement.person_id, source=source_of(endorsement))
    for standing in present:
        key = (StandingKind(standing.kind), standing.starts_on)
        if key not in wanted:
            standing.delete()
        elif standing.ends_on != wanted[key]:
            standing.ends_on = wanted[key]
            standing.save(update_fields=["ends_on", "updated_at"])
        wanted.pop(key, None)
    for (kind, first), last in wanted.items():
        Standing.objects.create(
            person_id=endorsement.person_id,
            code=endorsement.category_id,
            kind=kind,
            starts_on=first,
            ends_on=last,
            provenance=Provenance.CONFIRMED_HERE,
            association_id=endorsement.association_id,
            source=source_of(endorsement),
            recorded_by=by,
        )


def _kind(endorsement: Endorsement, interval: Interval) -> StandingKind:
    if interval.status == EndorsementStatus.EMERGING:
        return StandingKind.EMERGING
    return StandingKind.ADD_ON if endorsement.category.is_add_on else StandingKind.ENDORSED
