"""Entries of the portfolio: saved, withdrawn and brought back, each with the version that was seen."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from competencies.enums import EntryKind, SessionState
from competencies.keys import new_key
from competencies.models import Supervision
from competencies.models.portfolio import AnyEntry
from competencies.queries.portfolio import MODELS, SIGNED_STATES
from competencies.rules import is_own_person
from endorsement_portal.audit import actions as audit
from endorsement_portal.workflow import LostRace, NotAllowed
from members.actions import people
from members.enums import Provenance
from members.models import Person, User


@dataclass(frozen=True, slots=True)
class NamedProvider:
    """A provider typed by the member: found by email, or made."""

    name: str
    email: str


Values: TypeAlias = dict[str, Any]


def save(
    *,
    kind: EntryKind,
    person: Person,
    by: User | None,
    values: Values,
    entry: AnyEntry | None = None,
    seen_version: int | None = None,
    made_as: str = "",
) -> AnyEntry:
    """Add an entry, or change `entry` when it still has the version that was seen. `values` are model fields.

    `made_as` names the form that an added entry comes from: sent again because the answer was lost on the way, the same
    form with the same values adds nothing.

    Raises LostRace when somebody changed the entry first, NotAllowed for another's portfolio, a withdrawn entry or a
    session that its provider signed. `by=None` is a command run by an operator.
    """
    _refuse_strangers(person=person, by=by)
    with transaction.atomic():
        given = {**values, "provider": _provider(person, values["provider"])} if "provider" in values else values
        if entry is None:
            return _add_once(kind=kind, person=person, by=by, values=given, key=made_as)
        return _change(entry=entry, by=by, values=given, seen_version=seen_version or entry.version)


def withdraw(*, entry: AnyEntry, by: User, seen_version: int | None = None) -> AnyEntry:
    """Take an entry out of all sums. Nothing is lost: it can be brought back. Doing it twice does nothing."""
    _refuse_strangers(person=entry.person, by=by)
    if entry.withdrawn_at is not None:
        return entry
    with transaction.atomic():
        _write(entry, {"withdrawn_at": timezone.now()}, version=seen_version or entry.version)
        audit.record(verb="portfolio.entry_withdrawn", obj=entry, by=by, data=_identity(entry))
    return entry


def restore(*, entry: AnyEntry, by: User) -> AnyEntry:
    _refuse_strangers(person=entry.person, by=by)
    if entry.withdrawn_at is None:
        return entry
    with transaction.atomic():
        _write(entry, {"withdrawn_at": None}, version=entry.version)
        audit.record(verb="portfolio.entry_restored", obj=entry, by=by, data=_identity(entry))
    return entry


def _add_once(*, kind: EntryKind, person: Person, by: User | None, values: Values, key: str) -> AnyEntry:
    if not key:
        return _add(kind=kind, person=person, by=by, values=values)
    try:
        with transaction.atomic():
            return _add(kind=kind, person=person, by=by, values={**values, "key": key})
    except IntegrityError:
        made: AnyEntry = MODELS[kind].objects.get(person=person, key=key)
        same = made.withdrawn_at is None and all(getattr(made, name) == value for name, value in values.items())
        return made if same else _add(kind=kind, person=person, by=by, values=values)


def _add(*, kind: EntryKind, person: Person, by: User | None, values: Values) -> AnyEntry:
    entry: AnyEntry = MODELS[kind](person=person, **{"key": new_key(kind), **values})
    entry.save(force_insert=True)
    audit.record(verb="portfolio.entry_added", obj=entry, by=by, data=_identity(entry))
    return entry


def _change(*, entry: AnyEntry, by: User | None, values: Values, seen_version: int) -> AnyEntry:
    if entry.withdrawn_at is not None:
        raise NotAllowed.because(
            "entry_withdrawn", _("This entry is withdrawn."), fix=_("Bring it back first, then change it.")
        )
    changes = dict(values)
    if isinstance(entry, Supervision):
        changes |= _session_changes(entry, values)
    changed = sorted(name for name, value in changes.items() if getattr(entry, name) != value)
    if not changed and seen_version == entry.version:
        return entry
    _write(entry, {**changes, "provenance": Provenance.STATED}, version=seen_version)
    audit.record(verb="portfolio.entry_changed", obj=entry, by=by, data={**_identity(entry), "fields": changed})
    return entry


def _session_changes(session: Supervision, values: Values) -> Values:
    if session.state in SIGNED_STATES:
        raise NotAllowed.because(
            "session_signed",
            _("Your provider signed this session, so it stays as it is."),
            fix=_("If it is wrong, withdraw it, log it again and ask your provider for a new confirmation."),
        )
    asked_anew = session.state == SessionState.DECLINED or values.get("provider", session.provider) != session.provider
    return {"state": SessionState.LOGGED, "asked_at": None} if asked_anew else {}


def _write(entry: AnyEntry, changes: Values, *, version: int) -> None:
    """Write when the row still has this version; a session signed in between is left alone as well."""
    rows = type(entry).objects.filter(pk=entry.pk, version=version)
    written = rows.update(**changes, version=F("version") + 1, updated_at=timezone.now())
    if not written:
        raise LostRace.because(
            "entry_changed_meanwhile",
            _("This entry was changed in another window while you were working on it."),
            fix=_("Look at both versions and choose one."),
        )
    entry.refresh_from_db()


def _provider(person: Person, given: Person | NamedProvider | None) -> Person | None:
    provider = people.find_or_create(email=given.email, name=given.name) if isinstance(given, NamedProvider) else given
    if provider is not None and provider.pk == person.pk:
        raise NotAllowed.because(
            "own_provider",
            _("You cannot be your own provider."),
            fix=_("Name the person who gave you reflective supervision/consultation."),
        )
    return provider


def _refuse_strangers(*, person: Person, by: User | None) -> None:
    if by is not None and not is_own_person(by, person):
        raise NotAllowed.because("not_yours", _("Only the person themself changes their portfolio."))


def _identity(entry: AnyEntry) -> dict[str, object]:
    return {"kind": entry.kind.value, "version": entry.version}
