"""A proposed change of the rules: an edition, or an association's settings; whom it concerns, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.enums import ChangeTask, RuleChangeKind
from applications.models.application import Application
from competencies.models import Edition, Overlay
from endorsement_portal.jobs import JobRow
from endorsement_portal.models import PublicId, Timestamped
from members.models import Association, Person


class RuleChange(PublicId, Timestamped, JobRow):
    """What is proposed never changes; another upload is another row."""

    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="rule_changes")
    """The desk at which it was proposed; no other desk sees it."""
    kind = models.CharField(max_length=10, choices=RuleChangeKind)
    content = models.JSONField()
    """Of an edition: {"categories", "competencies"} as in the files; of settings: the data of an overlay."""
    title = models.CharField(max_length=200)
    base = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    """The edition it is compared with: the one that holds until the day it begins."""
    base_overlay = models.ForeignKey(Overlay, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """The association's settings on the base, as they were when this was proposed."""
    effective_from = models.DateField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    discarded_at = models.DateTimeField(null=True, blank=True)
    edition = models.ForeignKey(Edition, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """What was published: the new edition, or the one the new settings lie on."""
    overlay = models.ForeignKey(Overlay, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    task = models.CharField(max_length=10, choices=ChangeTask, default=ChangeTask.COUNT)
    """What the job does: count whom it concerns, and after publication tell them."""
    people = models.PositiveIntegerField(default=0)
    """How many are looked at; 0 until the job has begun."""
    looked_at = models.PositiveIntegerField(default=0)
    counted_on = models.DateField(null=True, blank=True)
    elsewhere = models.PositiveIntegerField(default=0)
    """People of other associations who would be judged otherwise: a number, never names."""
    told = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["association", "-created_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(edition__isnull=False),
                name="rule_change_published_has_edition",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(discarded_at__isnull=True), name="rule_change_has_one_end"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def open(self) -> bool:
        return self.published_at is None and self.discarded_at is None


class RuleChangeLine(models.Model):
    """One person of the association and one category that would be judged otherwise, or an application that stays."""

    change = models.ForeignKey(RuleChange, on_delete=models.CASCADE, related_name="lines")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    category = models.CharField(max_length=12)
    application = models.ForeignKey(Application, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    """An open application: it stays on the rules it has pinned."""
    planned = models.BooleanField(default=False)
    """The category is the one of their seat; else it is read from the portfolio alone."""
    met_before = models.BooleanField()
    met_after = models.BooleanField()
    short_before = models.PositiveIntegerField(default=0)
    """Whole minutes."""
    short_after = models.PositiveIntegerField(default=0)
    details = models.JSONField(default=list)
    """[{label, have_before, have_after, need_before, need_after, short_before, short_after, met_before, met_after}]"""

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["change", "person", "category"], name="rule_change_line_once")]
