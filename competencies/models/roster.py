"""Rosters of courses, and attendances that wait until their person has an account."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from competencies.enums import ImportState
from competencies.models.library import Course, CourseVersion
from competencies.models.portfolio import Training
from endorsement_portal.models import PublicId, Timestamped
from members.models import Association

if TYPE_CHECKING:
    from members.models import User


class RosterQuerySet(models.QuerySet["Roster"]):
    def of(self, association: Association) -> Self:
        return self.filter(course__association=association)

    def visible_to(self, user: "User") -> Self:
        """Nobody's through here: the desk reads them by its association."""
        return self.none()


class Roster(PublicId, Timestamped):
    """One attendance list of a course, from the upload to the entries."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="rosters")
    on = models.DateField()
    """The day of every row that has no date of its own."""
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.READ)
    file = models.ForeignKey("files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """The table as it was read. Gone once the roster is taken over, put aside, or a day old."""
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    row_count = models.PositiveIntegerField()
    columns = models.JSONField()
    """What the columns mean, as `log_import.columns.Columns.as_data` writes it."""
    made = models.PositiveIntegerField(default=0)
    there_already = models.PositiveIntegerField(default=0)
    invited = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = RosterQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(finished_at__isnull=False), name="roster_done_has_its_day"
            )
        ]


class WaitingAttendance(PublicId, Timestamped):
    """Somebody was there and has no account: their entry is made when they sign up with this address."""

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="waiting")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    course_version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    email = models.EmailField(db_index=True)
    name = models.CharField(max_length=200, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    """When the roster says another length than the course has."""
    entry = models.ForeignKey(Training, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["course", "on", "email"], name="attendance_waits_once"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="attendance_email_lower"),
        ]
