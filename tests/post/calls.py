"""Addresses that are told what happens, and what they were told."""

from datetime import datetime
from typing import Any

from django.db import transaction

from organisations import tenancy
from organisations.models import Organisation, User
from post import webhooks
from post.models import WebhookDelivery, WebhookEndpoint
from post.webhooks import Fact


def listen(
    organisation: Organisation, url: str, now: datetime, *, by: User, kinds: Any = ()
) -> tuple[WebhookEndpoint, str]:
    """An address, and its secret."""
    with tenancy.within(organisation):
        return webhooks.add(organisation=organisation, url=url, about="", kinds=kinds, by=by, now=now)


def tell(organisation: Organisation, now: datetime, *keys: int, kind: str = "call.logged") -> int:
    with tenancy.within(organisation), transaction.atomic():
        return webhooks.tell(
            organisation=organisation,
            kind=kind,
            facts=lambda: [Fact(key, now, {"call_id": key}) for key in keys],
            now=now,
        )


def calls(organisation: Organisation) -> list[WebhookDelivery]:
    with tenancy.within(organisation):
        return list(WebhookDelivery.objects.select_related("endpoint__organisation").order_by("pk"))


def states(organisation: Organisation) -> list[str]:
    return [call.state for call in calls(organisation)]


def endpoint(organisation: Organisation) -> WebhookEndpoint:
    with tenancy.within(organisation):
        return WebhookEndpoint.objects.select_related("organisation").get()
