"""The words of the quarter."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Season(TextChoices):
    WINTER = "winter", _("Winter")
    SPRING = "spring", _("Spring")
    SUMMER = "summer", _("Summer")
    FALL = "fall", _("Fall")


class Phase(TextChoices):
    """Computed from dates and now (calendar.phase); never stored."""

    DRAFT = "draft", _("Not published")
    ANNOUNCED = "announced", _("Announced")
    OPEN = "open", _("Open for enrollment")
    WORKING = "working", _("Under way")
    REVIEW = "review", _("In review")
    CLOSED = "closed", _("Closed")


class EnrolmentState(TextChoices):
    SEATED = "seated", _("Seated")
    PAUSED = "paused", _("Paused")
    MOVED = "moved", _("Moved to another cohort")
    LEFT = "left", _("Left")


class MilestoneKind(TextChoices):
    """What a milestone asks for; what counts as done is decided in applications (DONE_WHEN)."""

    PORTFOLIO_STARTED = "portfolio_started", _("First entries in the portfolio")
    APPLICATION_STARTED = "application_started", _("Application started")
    RATERS_NAMED = "raters_named", _("All raters named")
    RATINGS_RECEIVED = "ratings_received", _("All ratings received")
    SUBMITTED = "submitted", _("Application submitted")


class ReportState(TextChoices):
    OPEN = "open", _("Waiting for a coordinator")
    HIDDEN = "hidden", _("Post hidden")
    KEPT = "kept", _("Post kept")
