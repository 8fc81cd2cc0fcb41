"""Dates and counts in the database's own words: when the next call is."""

from datetime import date
from typing import Any

from django.db.models import (
    Count,
    DateTimeField,
    IntegerField,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from coaching.models import Touchpoint
from dashboards.today.scope import Scope
from ui.moments import day_words, local


def next_call(scope: Scope, customer_id: str) -> Subquery:
    """When the next planned call with the customer is."""
    planned = Touchpoint.objects.planned().filter(customer=OuterRef(customer_id), due_at__gte=scope.now)
    soonest = planned.order_by().values("organisation_id").annotate(soonest=Min("due_at")).values("soonest")
    return Subquery(soonest, output_field=DateTimeField())


def call_planned(scope: Scope, row: Any) -> str:
    """When we speak next; today's calls stand on the page anyway."""
    if not row.next_call_at or row.next_call_at < scope.tomorrow:
        return ""
    day: date = local(row.next_call_at).date()
    return _("Call planned %(day)s.") % {"day": day_words(day, today=scope.today)}


def count_of(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("organisation_id").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
