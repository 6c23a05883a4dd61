"""What peers say to one another. Read by seated members and the association's coordinators, by nobody else."""

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When

from cohorts.enums import ReportState
from cohorts.models.cohort import Cohort
from endorsement_portal.models import PublicId, Timestamped


class Thread(PublicId, Timestamped):
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="threads")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    is_notice = models.BooleanField(default=False)
    """Written by a coordinator for everyone."""
    pinned_at = models.DateTimeField(null=True, blank=True)
    is_pinned = models.GeneratedField(
        expression=Case(When(pinned_at__isnull=False, then=True), default=False),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    """For the order of the list: one index gives pinned threads first, then the latest word."""
    locked_at = models.DateTimeField(null=True, blank=True)
    last_post_at = models.DateTimeField()
    post_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-is_pinned", "-last_post_at", "-id"]
        indexes = [models.Index(fields=["cohort", "-is_pinned", "-last_post_at", "-id"])]


class Post(PublicId, Timestamped):
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="posts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(max_length=10_000)
    """Markdown as typed."""
    html = models.TextField()
    """The body as cleaned HTML (allow-list), made when it is written."""
    edited_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    hidden_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["thread", "created_at", "id"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True) | ~Q(hidden_reason=""), name="post_hidden_with_reason"
            )
        ]


class PostRevision(models.Model):
    """What a post said before an edit."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="revisions")
    body = models.TextField()
    replaced_at = models.DateTimeField()


class PostReport(PublicId, Timestamped):
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.OPEN)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["post", "reporter"], name="post_report_once_per_person"),
        ]
