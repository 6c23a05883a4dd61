"""Who may have a certificate: its holder, and the coordinators of the association that granted it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from credentials.models import Endorsement
from endorsement_portal.web import permissions
from members.enums import Role
from members.rules import has_role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class Permission(StrEnum):
    MANAGE = "credentials.manage"
    DOWNLOAD = "credentials.download"


def may_manage(user: User | AnonymousUser, endorsement: Endorsement) -> bool:
    """Lapse, reinstate, remove; see what is not public."""
    return has_role(user, endorsement.association, Role.COORDINATOR)


def may_download(user: User | AnonymousUser, endorsement: Endorsement) -> bool:
    if not user.is_authenticated:
        return False
    return endorsement.person.user_id == user.pk or may_manage(user, endorsement)


permissions.register(Permission.MANAGE, may_manage)
permissions.register(Permission.DOWNLOAD, may_download)
