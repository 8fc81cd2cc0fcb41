"""Old incoming events, cleared away. What was made of them stays."""

from datetime import datetime, timedelta

from office.models import IncomingEvent
from organisations import tenancy
from organisations.models import Organisation

KEPT = timedelta(days=30)
AT_ONCE = 20_000  # in each organisation and round


def sweep(*, now: datetime) -> int:
    """How many went, the waiting ones included."""
    return sum(_sweep_in(organisation, now) for organisation in Organisation.objects.order_by("pk"))


def _sweep_in(organisation: Organisation, now: datetime) -> int:
    with tenancy.within(organisation):
        old = IncomingEvent.objects.filter(received_at__lt=now - KEPT).order_by("received_at")
        ids = list(old.values_list("pk", flat=True)[:AT_ONCE])
        return sum(
            IncomingEvent.objects.filter(pk__in=ids[start : start + 1000]).delete()[0]
            for start in range(0, len(ids), 1000)
        )
