"""Old calls, cleared away."""

from datetime import datetime, timedelta

from organisations import tenancy
from organisations.models import Organisation
from post.models import WebhookDelivery, WebhookEndpoint

KEPT = timedelta(days=30)
AT_ONCE = 5000


def sweep(*, now: datetime) -> int:
    """Calls that came to rest 30 days ago go, and secrets whose overlap is over."""
    return sum(_sweep_in(organisation, now) for organisation in Organisation.objects.order_by("pk"))


def _sweep_in(organisation: Organisation, now: datetime) -> int:
    with tenancy.within(organisation):
        WebhookEndpoint.objects.filter(earlier_until__lte=now).update(earlier_secret="", earlier_until=None)
        old = WebhookDelivery.objects.filter(settled_at__lt=now - KEPT).order_by("settled_at")
        ids = list(old.values_list("pk", flat=True)[:AT_ONCE])
        WebhookDelivery.objects.filter(pk__in=ids).delete()
        return len(ids)
