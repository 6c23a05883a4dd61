"""What a correction of somebody's standings looked like before and after: kept until all who are affected are told."""

from django.db import models
from django.db.models import Q

from endorsement_portal.jobs import JobRow
from endorsement_portal.models import PublicId, Timestamped
from members.models import Association, Person


class StandingChange(PublicId, Timestamped, JobRow):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="standing_changes")
    """Whose standings they are: a provider."""
    association = models.ForeignKey(Association, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    """Where it was recorded."""
    before = models.JSONField(default=list)
    """[{code, kind, starts_on, ends_on, trusted}]: all standings of the person until then."""
    after = models.JSONField(default=list)
    told = models.PositiveIntegerField(default=0)
    """How many people heard of it."""

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(job_state__in=["waiting", "working"]), name="standing_change_waiting"
            )
        ]
