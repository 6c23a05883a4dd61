"""A person's portfolio in the portable format."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from competencies import portable
from competencies.models import Category
from competencies.portable.writing import vouched
from competencies.queries.facts import portfolio_facts
from members.models import Person


def to_portable(
    person: Person, *, left_out: Mapping[str, Collection[str]] | None = None, keyed: bool = False
) -> dict[str, Any]:
    """The current portfolio without what is left out, in the order in which it was entered.

    `keyed`: a snapshot, which says beside it what was accepted. Without: for another installation, which trusts it.
    """
    facts = portfolio_facts(person).without(left_out or {})
    return portable.as_portable(member_of(person), facts if keyed else vouched(facts), keyed=keyed)


def member_of(person: Person) -> portable.Member:
    return portable.Member(email=person.email, name=person.name, residence=person.residence)


def standing_codes() -> set[str]:
    """Codes that a standing may confer."""
    return set(Category.objects.values_list("code", flat=True))
