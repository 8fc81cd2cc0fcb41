"""Put facts in line for every address that wants to hear them, inside the caller's transaction.

Where nobody listens it costs one question. A fact is told to an address once: a second time changes nothing.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import batched
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import override

from organisations.models import Organisation
from post.models import WebhookDelivery, WebhookDue, WebhookEndpoint
from post.webhooks.channels import FORMATS, Message

AT_ONCE = 500


@dataclass(frozen=True)
class Fact:
    """Something that is so. `key`: the id of the row that says it, once for each kind."""

    key: int | str
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)
    customer_id: int | None = None
    message: Callable[[], Message] | None = None
    """The same for a chat channel, asked where one listens; None: channels do not hear of it."""


def tell(*, organisation: Organisation, kind: str, facts: Callable[[], Iterable[Fact]], now: datetime) -> int:
    """How many deliveries are in line now. `facts` is asked only where somebody listens."""
    listening = [each for each in WebhookEndpoint.objects.listening() if each.hears(kind)]
    if not listening:
        return 0
    put = 0
    with transaction.atomic():
        for part in batched(facts(), AT_ONCE):
            put += put_in_line(listening, kind, part, organisation=organisation, now=now)
    return put


def put_in_line(
    endpoints: Sequence[WebhookEndpoint],
    kind: str,
    facts: Sequence[Fact],
    *,
    organisation: Organisation,
    now: datetime,
) -> int:
    """Each of these facts for each of these addresses; those that are in line already stay as they are."""
    named = {f"{kind}:{fact.key}": fact for fact in facts}
    styles = {each.style for each in endpoints}
    bodies = {
        (style, name): _body(style, kind, fact, organisation)
        for style in styles
        for name, fact in named.items()
    }
    drafts = [
        WebhookDelivery(
            organisation=organisation,
            endpoint=endpoint,
            kind=kind,
            fact=name,
            message_id=f"msg_{uuid4().hex}",
            body=body,
            customer_id=fact.customer_id,
            created_at=now,
            due_at=now,
        )
        for endpoint in endpoints
        for name, fact in named.items()
        if (body := bodies[endpoint.style, name])
    ]
    WebhookDelivery.objects.bulk_create(drafts, ignore_conflicts=True)
    rows = WebhookDelivery.objects.filter(endpoint__in=endpoints, fact__in=named)
    stored = dict(rows.values_list("message_id", "pk"))
    ids = [stored[draft.message_id] for draft in drafts if draft.message_id in stored]
    WebhookDue.objects.bulk_create(
        [WebhookDue(organisation=organisation, delivery_id=pk, due_at=now) for pk in ids]
    )
    return len(ids)


def _body(style: str, kind: str, fact: Fact, organisation: Organisation) -> str:
    """As this style of address takes it; empty when it is not told."""
    if style in FORMATS:
        with override(organisation.language):
            return FORMATS[style](fact.message()) if fact.message else ""
    said = {"organisation": organisation.slug, **fact.data}
    body = {"type": kind, "timestamp": moment(fact.at), "data": said}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def moment(at: datetime) -> str:
    """A time as every body writes it: UTC, to the second's fraction it has."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
