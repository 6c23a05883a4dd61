"""Persons: found by their address, made once, tied to an account only when the address is proved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from endorsement_portal.audit.actions import record
from endorsement_portal.web import drafts
from endorsement_portal.workflow import NotAllowed
from members import queries
from members.models import Person, User
from members.models.person import normalize_email
from members.names import tidy

SIGNUP_DRAFT = "members:signup"
BATCH = 400
"""Addresses in one query: below the limit of variables of either engine."""


def find_or_create(*, email: str, name: str) -> Person:
    """The person with this address, or a new one without an account. A known person keeps their own name."""
    address = normalize_email(email)
    person, _made = Person.objects.get_or_create(
        email=address, defaults={"name": tidy(name) or address.partition("@")[0]}
    )
    return person


def find_or_create_many(names: Mapping[str, str]) -> tuple[dict[str, Person], tuple[Person, ...]]:
    """The people with these addresses (address -> name), and which of them were made now. A few queries in all."""
    wanted = {normalize_email(email): name for email, name in names.items()}
    known = {person.email: person for person in _by_addresses(wanted)}
    new = [
        Person(email=email, name=tidy(name) or email.partition("@")[0])
        for email, name in wanted.items()
        if email not in known
    ]
    Person.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
    made = list(_by_addresses(person.email for person in new))
    ours = {person.uuid for person in new}
    return known | {person.email: person for person in made}, tuple(row for row in made if row.uuid in ours)


def _by_addresses(addresses: Iterable[str]) -> Iterator[Person]:
    rest = list(addresses)
    for start in range(0, len(rest), BATCH):
        yield from Person.objects.filter(email__in=rest[start : start + BATCH])


def forget_unused(people: Iterable[Person]) -> int:
    """Remove people without an account to whom nothing in the whole house points; how many went."""
    gone = 0
    for person in people:
        pointing = (
            relation.related_model._meta.base_manager.filter(**{relation.field.name: person})
            for relation in Person._meta.related_objects
        )
        if person.user_id is None and not any(rows.exists() for rows in pointing):
            person.delete()
            gone += 1
    return gone


def ensure_person(user: User, *, name: str = "") -> Person:
    """The person of this account, made or tied on first need.

    Somebody we already wrote to (a rater, a provider) keeps their row: the account takes it over, but only once the
    address is verified. Raises NotAllowed when it is not, or when the address belongs to another account.
    """
    known = queries.find_person(user)
    if known is not None:
        return known
    with transaction.atomic():
        return _tie(user, name)


def _tie(user: User, name: str) -> Person:
    address = normalize_email(user.email)
    given = tidy(name or _name_at_signup(user)) or address.partition("@")[0]
    person, made = Person.objects.get_or_create(email=address, defaults={"name": given, "user": user})
    if made or person.user_id == user.pk:
        record(verb="person.created", obj=person, by=user)
        return person
    if person.user_id is not None:
        raise NotAllowed.because("address_taken", _("This address belongs to another account. Please write to us."))
    if not EmailAddress.objects.filter(user=user, email__iexact=address, verified=True).exists():
        raise NotAllowed.because("address_not_verified", _("Please confirm your email address first."))
    if not Person.objects.filter(pk=person.pk, user__isnull=True).update(user=user):
        return ensure_person(user)
    person.refresh_from_db()
    record(verb="person.linked", obj=person, by=user)
    return person


def keep_name(user: User, name: str) -> None:
    """The name given at sign-up waits here until the address is verified: until then it is nobody's."""
    drafts.save(user=user, form_key=SIGNUP_DRAFT, data={"name": [tidy(name)]}, seen_version=0)


def _name_at_signup(user: User) -> str:
    draft = drafts.load(user, SIGNUP_DRAFT)
    drafts.discard(user, SIGNUP_DRAFT)
    names = draft.data.get("name", []) if draft else []
    return str(names[0]) if names else ""


def follow_address(user: User, email: str) -> None:
    """The account moved to a new verified address: so does the person, unless another person has it already."""
    person = queries.find_person(user)
    address = normalize_email(email)
    if person is None or person.email == address:
        return
    try:
        with transaction.atomic():
            Person.objects.filter(pk=person.pk).update(email=address)
            record(verb="person.address_changed", obj=person, by=user)
    except IntegrityError:
        record(verb="person.address_not_changed", obj=person, by=user)


def change_profile(*, person: Person, by: User, name: str, language: str, time_zone: str, residence: str) -> Person:
    """What people say about themselves."""
    with transaction.atomic():
        person.name = tidy(name)
        person.language = language
        person.time_zone = time_zone
        person.residence = residence
        person.save(update_fields=["name", "language", "time_zone", "residence", "updated_at"])
        record(verb="person.changed", obj=person, by=by)
    return person
