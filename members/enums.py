"""The words of membership and roles."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MembershipKind(TextChoices):
    INDIVIDUAL = "individual", _("Individual")
    ORGANIZATIONAL = "organizational", _("Organizational")


class MembershipState(TextChoices):
    PENDING = "pending", _("Waiting for a coordinator")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Not confirmed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Role(TextChoices):
    """What a person does for one association."""

    COORDINATOR = "coordinator", _("Coordinator")
    REVIEWER = "reviewer", _("Reviewer")
    STANDARDS_EDITOR = "standards_editor", _("Editor of rules")


class Provenance(TextChoices):
    """Who vouches for a fact (decision 14)."""

    STATED = "stated", _("Stated by the member")
    CONFIRMED_HERE = "confirmed_here", _("Confirmed here")
    IMPORTED_TRUSTED = "imported_trusted", _("Imported by an operator")


class Evidence(TextChoices):
    """How well a value of the standards is known."""

    CONFIRMED = "confirmed", _("Confirmed")
    PARTLY_CONFIRMED = "partly_confirmed", _("To be confirmed (partly)")
    INFERRED = "inferred", _("To be confirmed (inferred)")
    UNCONFIRMED = "unconfirmed", _("To be confirmed")
    NOT_FOUND = "not_found", _("To be confirmed (not found)")
