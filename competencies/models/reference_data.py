"""Renewal models and published fees: loaded, kept with their evidence, shown as "to be confirmed" where they are."""

from django.db import models

from members.enums import Evidence
from members.models import Association


class RenewalModel(models.Model):
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    is_default = models.BooleanField(default=False)
    data = models.JSONField(default=dict)
    source_url = models.URLField(blank=True, max_length=500)
    as_of = models.CharField(max_length=10, blank=True)


class FeeTable(models.Model):
    association = models.ForeignKey(Association, on_delete=models.CASCADE, related_name="fee_tables")
    currency = models.CharField(max_length=3, default="USD")
    as_of = models.CharField(max_length=10, blank=True)
    source_url = models.URLField(blank=True, max_length=500)
    evidence = models.CharField(max_length=20, choices=Evidence)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["association", "as_of"], name="fee_table_once_per_date")]


class FeeItem(models.Model):
    table = models.ForeignKey(FeeTable, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=20)
    amount = models.PositiveIntegerField()
    """Whole units of the table's currency."""
    category_codes = models.JSONField(null=True, blank=True)
    """Codes, or null: every category."""
    when = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
