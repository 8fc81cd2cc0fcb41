"""Metrics and their readings. Readings are append-only: a correction replaces, an undo retracts."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from customers.models.people import Customer
from organisations.tenancy import TenantManager, TenantModel


class Metric(TenantModel):
    """Something measured at a customer."""

    key = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=20, blank=True)
    lower_is_better = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="metric_key_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def said(self, value: float | None) -> str:
        """ "27.1%", "1,204 orders"; empty when there is none."""
        if value is None:
            return ""
        digits = 0 if float(value).is_integer() else 1
        space = "" if self.unit in ("", "%") else " "
        return f"{number_format(round(value, digits), digits, force_grouping=True)}{space}{self.unit}"


class ReadingQuerySet(models.QuerySet["Reading"]):
    def standing(self) -> "ReadingQuerySet":
        """Neither retracted nor replaced by a correction."""
        return self.filter(is_standing=True)

    def ids_of(self, source: str, external_ids: Iterable[str]) -> dict[str, int]:
        """Which row each of a source's own ids names."""
        named = self.filter(source=source, external_id__in=set(external_ids))
        return dict(named.values_list("external_id", "pk"))


class Reading(TenantModel):
    """One value of one metric at one customer at one time."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="readings")
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="readings")
    at = models.DateTimeField(help_text=_("When it was so."))
    recorded_at = models.DateTimeField(help_text=_("When we learned it."))
    value = models.FloatField()
    source = models.CharField(max_length=60)
    external_id = models.CharField(
        max_length=200, help_text=_("The source's id; else customer, metric and time.")
    )
    import_id = models.BigIntegerField(null=True)
    is_standing = models.BooleanField(default=True)
    replaced_by = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    retracted_by = models.BigIntegerField(null=True, help_text=_("The import whose undo took it back."))

    objects = TenantManager.from_queryset(ReadingQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "source", "external_id"],
                name="reading_once",
                condition=Q(is_standing=True),
            ),
            models.CheckConstraint(
                condition=Q(is_standing=True, replaced_by=None, retracted_by=None)
                | (Q(is_standing=False) & (Q(replaced_by__isnull=False) | Q(retracted_by__isnull=False))),
                name="reading_standing_or_why_not",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "customer", "metric", "at"],
                name="reading_judged",
                condition=Q(is_standing=True),
            ),
            models.Index(fields=["organisation", "import_id"], name="reading_import"),
        ]


class LatestReading(TenantModel):
    """The newest standing value per customer and metric. Serves lists, never judging."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="latest_readings")
    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    value = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "customer", "metric"], name="latest_reading_once")
        ]
