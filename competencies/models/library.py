"""The training library: an association publishes a course once; what it shows changes only by a new version."""

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from competencies.enums import CourseForm
from endorsement_portal.models import PublicId, Timestamped
from members.models import Association

if TYPE_CHECKING:
    from members.models import User


class CourseQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Every member may look into every association's library. Writing is the coordinators' (rules.py)."""
        return self.all() if user.is_authenticated else self.none()

    def offered(self) -> Self:
        return self.filter(active=True)


class Course(PublicId, Timestamped):
    """A training that an association vouches for. What it takes and shows stands in its versions."""

    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="courses")
    title = models.CharField(max_length=200)
    organizer = models.CharField(max_length=200, blank=True)
    active = models.BooleanField(default=True)
    """False: retired. Entries keep it, nobody is offered it anew."""

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint("association", Lower("title"), Lower("organizer"), name="course_named_once")
        ]

    def __str__(self) -> str:
        return self.title


class CourseVersion(PublicId):
    """What a course takes and shows from a day on. Never changed: a correction is a new version.

    Numbers and days rise together, so on any day the highest number that has begun applies.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    """1, 2, 3 within the course."""
    valid_from = models.DateField()
    """First day of trainings that this version applies to."""
    form = models.CharField(max_length=20, choices=CourseForm, default=CourseForm.SHORT)
    """Which weight reviewers give it: a series more than a short training, that more than a conference."""
    minutes = models.PositiveIntegerField()
    topics = models.JSONField(default=list)
    """Topics that the whole length is about."""
    topic_minutes = models.JSONField(default=dict, blank=True)
    """Topic -> minutes, where only a part of the length is on a topic."""
    ages = models.JSONField(default=list)
    competencies = models.JSONField(default=list, blank=True)
    """The crosswalk: codes of the competencies that the course shows."""
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["course", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="course_version_number_once"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="course_version_has_minutes"),
        ]
        indexes = [models.Index(fields=["course", "-number", "valid_from"])]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only. Raises TypeError for a row that is there already."""
        if not self._state.adding:
            raise TypeError("A version of a course never changes: make a new one.")
        super().save(*args, **kwargs)
