"""Calls that came due today are written down, in every organisation, whoever looks and however often."""

from datetime import datetime

from coaching.models import CadenceRule
from coaching.planning import raise_due
from customers.models import Customer
from dashboards.week.needs import needs_of
from organisations.models import Organisation
from organisations.sweeping import in_each_organisation

PART = 500  # customers that are looked at in one statement


def raise_all(*, now: datetime) -> int:
    """In every organisation. One that fails holds up no other."""
    return in_each_organisation(
        lambda organisation, at_most: raise_for(organisation=organisation, now=now),
        part=2**31,
        what="due calls",
    )


def raise_for(*, organisation: Organisation, now: datetime) -> int:
    """How many became due. Days on which nobody looked are made up for once, under their own day."""
    if not CadenceRule.objects.exclude(every_days=None).exists():
        return 0
    today, last, raised = now.astimezone(organisation.tzinfo).date(), 0, 0
    while True:
        rows = Customer.objects.current().exclude(owner=None).filter(pk__gt=last)
        part = list(rows.order_by("pk").values_list("pk", flat=True)[:PART])
        if not part:
            return raised
        last = part[-1]
        needs = needs_of(
            Customer.objects.filter(pk__in=part), organisation=organisation, until=today, now=now
        )
        raised += raise_due(organisation=organisation, dues=[need.due for need in needs], now=now)
