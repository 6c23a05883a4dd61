"""Who may do what with portfolios, their files and providers' standings."""

from enum import StrEnum
from typing import Protocol

from endorsement_portal.web.permissions import register
from members.enums import Role
from members.models import Association, Person, User
from members.rules import has_role, is_operator


class Permission(StrEnum):
    PORTFOLIO_EDIT = "portfolio.edit"
    EVIDENCE_READ = "portfolio.read_evidence"
    STANDING_RECORD = "providers.record_standing"
    LIBRARY_EDIT = "library.edit"
    EDITION_PROPOSE = "standards.propose_edition"
    EDITION_PUBLISH = "standards.publish_edition"
    SETTINGS_CHANGE = "standards.change_settings"
    IMPORT_ACCEPT = "portfolio.accept_imported"


class OwnedByPerson(Protocol):
    person: Person


def is_own_person(user: User, person: Person) -> bool:
    return user.is_authenticated and person.user_id == user.pk


def is_owner(user: User, owned: OwnedByPerson) -> bool:
    """A portfolio and its files are their owner's alone; staff read copies through an application."""
    return is_own_person(user, owned.person)


def may_record_standing(user: User, association: Association) -> bool:
    return has_role(user, association, Role.COORDINATOR)


def may_change_standing(user: User, person: Person, association: Association) -> bool:
    """A coordinator, and never for themself."""
    return person.user_id != user.pk and may_record_standing(user, association)


def may_edit_library(user: User, association: Association) -> bool:
    return has_role(user, association, Role.COORDINATOR)


def may_propose_edition(user: User, association: Association) -> bool:
    """Upload an edition at a desk, have it checked and counted. Nothing comes into force by it."""
    return has_role(user, association, Role.STANDARDS_EDITOR)


def may_publish_edition(user: User, _obj: object = None) -> bool:
    """An edition holds for every association, so no association's staff puts one in force."""
    return is_operator(user)


def may_change_settings(user: User, association: Association) -> bool:
    """The association's own settings over the edition."""
    return has_role(user, association, Role.COORDINATOR, Role.STANDARDS_EDITOR)


def may_accept_imported(user: User, association: Association) -> bool:
    return has_role(user, association, Role.COORDINATOR)


register(Permission.PORTFOLIO_EDIT, is_own_person)
register(Permission.EVIDENCE_READ, is_owner)
register(Permission.STANDING_RECORD, may_record_standing)
register(Permission.LIBRARY_EDIT, may_edit_library)
register(Permission.EDITION_PROPOSE, may_propose_edition)
register(Permission.EDITION_PUBLISH, may_publish_edition)
register(Permission.SETTINGS_CHANGE, may_change_settings)
register(Permission.IMPORT_ACCEPT, may_accept_imported)
