"""The standard as rows: licenses, categories, editions with their typed rules, competencies and their matrix."""

from django.db import models

from competencies.enums import CategoryStatus, EditionStatus, LicenseCode, RequirementKind, Stage
from endorsement_portal.models import PublicId, Timestamped
from members.enums import Evidence
from members.models import Association


class License(models.Model):
    code = models.CharField(max_length=10, unique=True, choices=LicenseCode)
    name = models.CharField(max_length=120)
    age_min_months = models.PositiveSmallIntegerField()
    age_max_months = models.PositiveSmallIntegerField()
    age_label = models.CharField(max_length=120)
    source_url = models.URLField(blank=True, max_length=500)

    def __str__(self) -> str:
        return self.name


class CategoryQuerySet(models.QuerySet["Category"]):
    def open_to_applications(self) -> "CategoryQuerySet":
        return self.filter(status=CategoryStatus.ACTIVE)


class Category(models.Model):
    """What a person may be endorsed as. Not steps of a ladder."""

    code = models.CharField(max_length=12, unique=True)
    slug = models.SlugField(max_length=12, unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=10)
    """The family shared by both licenses: FA, FS, FRS, MHS, MHM-C, MHM-P, MHM-R/F, ERS."""
    license = models.ForeignKey(License, to_field="code", on_delete=models.PROTECT, related_name="categories")
    scope = models.CharField(max_length=40, blank=True)
    scope_name = models.CharField(max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    age_min_months = models.PositiveSmallIntegerField()
    age_max_months = models.PositiveSmallIntegerField()
    age_label = models.CharField(max_length=120, blank=True)
    audience = models.JSONField(default=list)
    description = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=CategoryStatus, default=CategoryStatus.ACTIVE)
    superseded_by = models.CharField(max_length=12, blank=True)
    superseded_on = models.CharField(max_length=10, blank=True)
    holders_moved_to = models.JSONField(default=list)
    is_add_on = models.BooleanField(default=False)
    base_any_of = models.JSONField(default=list)
    """Codes of the endorsements an add-on may rest on."""
    emerging_max_months = models.PositiveSmallIntegerField(null=True, blank=True)
    """How long the emerging status of an add-on may last; null: there is none."""

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["license", "position"]

    def __str__(self) -> str:
        return self.name


class EditionQuerySet(models.QuerySet["Edition"]):
    def published(self) -> "EditionQuerySet":
        return self.filter(status=EditionStatus.PUBLISHED)


class Edition(Timestamped):
    """A dated, published set of rules. Published editions never change."""

    code = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    effective_from = models.DateField()
    status = models.CharField(max_length=10, choices=EditionStatus, default=EditionStatus.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    """Digest of the canonical JSON of all its rules: the pin of an application."""
    note = models.TextField(blank=True)
    content = models.JSONField(null=True, blank=True)
    """{"categories": ..., "competencies": ...}: the files it was published from, whose digest is `sha256`."""

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["effective_from"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="draft") | models.Q(published_at__isnull=False),
                name="edition_published_is_dated",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Requirement(models.Model):
    """One typed rule of one category in one edition."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="requirements")
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="requirements")
    key = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=RequirementKind)
    label = models.CharField(max_length=200)
    required = models.BooleanField()
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.SUBMISSION)
    group = models.CharField(max_length=60, blank=True)
    """Rules of one group are alternatives: one of them is enough."""
    params = models.JSONField(default=dict)
    """Typed by kind; times in whole minutes, durations in whole months or days (see competencies/specs.py)."""
    position = models.PositiveSmallIntegerField(default=0)
    source_url = models.URLField(blank=True, max_length=500)
    as_of = models.CharField(max_length=10, blank=True)
    evidence = models.CharField(max_length=20, choices=Evidence)
    association_setting = models.BooleanField(default=False)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "category", "key"], name="requirement_key_once_per_category")
        ]


class Area(models.Model):
    code = models.CharField(max_length=6, unique=True)
    name = models.CharField(max_length=80)
    description = models.TextField(blank=True)
    primary_evidence = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField(default=0)
    evidence = models.CharField(max_length=20, choices=Evidence)
    source_url = models.URLField(blank=True, max_length=500)

    class Meta:
        ordering = ["position"]


class Competency(models.Model):
    code = models.CharField(max_length=40, unique=True)
    area = models.ForeignKey(Area, to_field="code", on_delete=models.CASCADE, related_name="competencies")
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    evidence = models.CharField(max_length=20, choices=Evidence)
    source_url = models.URLField(blank=True, max_length=500)

    class Meta:
        ordering = ["area__position", "position"]
        verbose_name_plural = "competencies"


class CategoryCompetency(models.Model):
    """The matrix: which competency a category asks for, and the ways it can be shown."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="matrix")
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="matrix")
    competency = models.ForeignKey(Competency, to_field="code", on_delete=models.CASCADE, related_name="matrix")
    ways = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "category", "competency"], name="matrix_cell_once")]


class Overlay(PublicId, Timestamped):
    """An association's settings laid over an edition. Each version is immutable; applications pin one."""

    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="overlays")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="overlays")
    version = models.PositiveIntegerField()
    data = models.JSONField(default=dict)
    """{"requirements": {"IFA": {"training": {"params": {...}}}}, "vetted_until": "2027-12-31", "max_group_size": 8}"""
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["association", "edition", "version"]
        constraints = [
            models.UniqueConstraint(fields=["association", "edition", "version"], name="overlay_version_once")
        ]
