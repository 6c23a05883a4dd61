"""The words of an award and of its life."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EndorsementEventKind(TextChoices):
    GRANTED = "granted", _("Granted")
    GRANTED_EMERGING = "granted_emerging", _("Granted as emerging")
    RENEWED = "renewed", _("Renewed")
    LAPSED = "lapsed", _("Lapsed")
    REINSTATED = "reinstated", _("Reinstated")
    REMOVED = "removed", _("Removed")


class EndorsementStatus(TextChoices):
    """Computed for any day by credentials.status; never stored."""

    NOT_YET = "not_yet", _("Not yet granted")
    ACTIVE = "active", _("Active")
    EMERGING = "emerging", _("Emerging")
    SUSPENDED = "suspended", _("Suspended: the base endorsement is not active")
    LAPSED = "lapsed", _("Lapsed")
    REMOVED = "removed", _("Removed")


class CertificateState(TextChoices):
    PENDING = "pending", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be made")
